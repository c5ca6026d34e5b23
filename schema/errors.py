"""The errors of the house, decided where they are born.

ChengnuoError                 one clear line for a person; the command line prints it and exits with ``exit_code``
├── UsageError                wrong usage or configuration (exit 2)
│   ├── UnknownProvince       a name, slug or code that is none of the 31
│   ├── ConfigurationError    a settings, source, lexicon or subscription file: names file and key
│   ├── UnreadableInput       a file that cannot be read as what was asked
│   └── SchemaMismatch        a database that is newer than this code, or not ours
├── StoreError                the archive cannot take or give what was asked (disk full, read-only, locked)
├── VerdictConflict           somebody decided about the change since the reviewer looked
├── AccountRefused            an account, invitation or role that cannot be had; ``why`` is a key of words
├── FetchRefused              an address, scheme or size we do not fetch
├── SendFailed                one attempt to deliver failed; says whether trying again can help
└── LexiconError              the lexicon file contradicts itself
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class ChengnuoError(Exception):
    """Base of every error a person is shown; ``str(error)`` is one line without a traceback."""

    exit_code = 1


class UsageError(ChengnuoError):
    """Wrong usage or configuration."""

    exit_code = 2


class UnknownProvince(UsageError):
    """A province name that is none of the 31."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"未知省份 unknown province: {name!r} (slug, GB/T 2260 code or Chinese name, e.g. henan, 410000, 河南)"
        )
        self.name = name


class ConfigurationError(UsageError):
    """A configuration file with a wrong key; the line names file, key and the way out."""

    def __init__(self, file: Path | str, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")
        self.file, self.key, self.problem = str(file), key, problem


class UnreadableInput(UsageError):
    """A file that cannot be read as what was asked."""

    def __init__(self, file: Path | str, problem: str) -> None:
        super().__init__(f"{file}: {problem}")
        self.file, self.problem = str(file), problem


class SchemaMismatch(UsageError):
    """A database that this code must not touch."""


class StoreError(ChengnuoError):
    """The archive cannot take or give what was asked."""


class VerdictConflict(ChengnuoError):
    """Somebody decided about the same change in between; nothing was written. ``newest`` is that verdict's number."""

    def __init__(self, change_key: str, newest: int) -> None:
        super().__init__(
            f"{change_key}: 已有新的复核结论 decided by somebody else meanwhile (verdict {newest}); look again"
        )
        self.change_key, self.newest = change_key, newest


class AccountRefused(ChengnuoError):
    """An account, invitation or role that cannot be had; ``why`` says so in one word."""

    LINES: ClassVar[dict[str, str]] = {
        "bad_name": "名字不可用 not a name for an account: 1–64 letters, digits or . _ @ + -, and not “local”",
        "name_taken": "名字已有人用 the name is taken",
        "link_spent": "链接已用过或已过期 the link was used or is too old",
        "no_account": "没有这个账号 there is no such account",
        "last_admin": "最后一位管理员不能停用或降级 the last admin stays",
        "first_is_admin": "第一个账号必须是管理员 the first account is an admin's",
        "weak_password": "口令至少 12 个字符，且不能是账号名 a password has at least 12 characters and is not the name",
    }

    def __init__(self, why: str) -> None:
        super().__init__(self.LINES[why])
        self.why = why


class FetchRefused(ChengnuoError):
    """An address, scheme or size that is never fetched."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason = url, reason


class SendFailed(ChengnuoError):
    """One attempt to deliver failed.

    ``permanent``: trying again cannot help (bad key, refused content). ``retry_after``: seconds the platform asked
    us to wait, or None. ``code``: the platform's own code, as text. ``deferred``: nothing was tried, the delivery
    only waits for its turn, so it can never be given up for that. ``unreachable``: nobody answered at this "address",
    or for the whole "channel"; what else is to go there need not try before.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        code: str = "",
        deferred: bool = False,
        unreachable: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason, self.permanent, self.retry_after, self.code = reason, permanent, retry_after, code
        self.deferred, self.unreachable = deferred, unreachable


class LexiconError(ConfigurationError):
    """The lexicon file contradicts itself."""

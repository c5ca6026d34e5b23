"""What a page is before it is read: an article, or one of the things that must never become an announcement."""

from __future__ import annotations

import re

from crawler.read.blocks import Block
from schema.announcements import Outcome

PDF, ZIP = b"%PDF", b"PK\x03\x04"
_MEDIA = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"\x00\x00\x01\x00",
    b"\xd0\xcf\x11\xe0",
)
"""First bytes of pictures, packed files and old office documents."""
LARGEST = 20_000_000
"""Bytes beyond which a page is not read."""
LONGEST_TEXT = 200_000
"""Characters beyond which a text is no announcement, nor a digest of 31."""
DEEPEST = 20_000
"""Tags left open; parsing is quadratic in the depth of nesting, and no real page comes near this."""
_OPENING, _CLOSING = re.compile(r"<[a-zA-Z]"), re.compile(r"</[a-zA-Z]")
_SMALL = 2_000
_CHALLENGE_STATUS = frozenset({412, 521})
_CHALLENGE = re.compile(
    r"__jsl_clearance|\$_ts\b|wzws_cid|当前环境异常|完成验证后即可继续访问|人机验证|云防护|网站防火墙|(?:请求|访问)已?被[^，。]{0,6}拦截|"
    r"访问[^，。]{0,4}过于频繁|操作过于频繁|验证码后继续"
)
_SCRIPT_CHALLENGE = re.compile(r"eval\(|请(?:开启|启用)\s*JavaScript|document\.cookie\s*=", re.IGNORECASE)
_COOKIE = re.compile(r"[0-9A-Za-z]{6,}80[ST]=")
_MISSING = re.compile(
    r"页面(?:不存在|未找到|没有找到|找不到)|您(?:访问|查看|请求)的(?:页面|内容|信息|网页)|找不到(?:该|您)?.{0,6}页面|"
    r"内容(?:已(?:被)?(?:发布者)?删除|不存在)|已被发布者删除|因违规无法查看|出错啦|404 Not Found|The requested URL|"
    r"^\s*404\s*$|404\s*[-_－—]?\s*(?:错误|页面|error|未找到)|(?:error|HTTP)\s*404",
    re.IGNORECASE | re.MULTILINE,
)
_LOGIN = re.compile(r"""<input[^>]+type\s*=\s*["']?password""", re.IGNORECASE)
_SHORT_PAGE = 400
_LINK_LINE = 8
_LIST_LEAST = 8
_LIST_SHARE = 0.6
_LINK_SHARE = 0.45


def before_decoding(status: int, body: bytes, cookies: str) -> tuple[Outcome, str] | None:
    """An outcome that the answer itself gives away, with its evidence; None when the words must say."""
    if len(body) > LARGEST:
        return Outcome.TOO_LARGE, f"{len(body)} bytes"
    if status in _CHALLENGE_STATUS:
        return Outcome.BLOCKED, f"HTTP {status}"
    if _COOKIE.search(cookies) and len(body) < _SMALL:
        return Outcome.BLOCKED, "challenge cookie"
    if not body.strip():
        return Outcome.EMPTY, "no bytes"
    return None


def is_file(body: bytes) -> bool:
    """A PDF or a zip package, by its first bytes."""
    return body.startswith((PDF, ZIP))


def is_media(body: bytes) -> bool:
    """A picture, a packed file or an old office document, whatever the answer calls it."""
    return body.startswith(_MEDIA)


def of_size(text: str) -> tuple[Outcome, str] | None:
    """Texts that would take for ever and hold no announcement: endless ones, and bottomless nests of tags."""
    if text.count("<") <= DEEPEST:
        return None
    left_open = len(_OPENING.findall(text)) - len(_CLOSING.findall(text))
    if left_open > DEEPEST:
        return Outcome.TOO_LARGE, f"{left_open} tags left open"
    return None


def of_markup(html: str, words: str) -> tuple[Outcome, str] | None:
    """Challenges, missing pages and login forms, told by marks; ``words``: its title and text outside links."""
    challenge = _CHALLENGE.search(html) if len(words) < _SHORT_PAGE else None
    if challenge is None and len(html) < _SMALL:
        challenge = _SCRIPT_CHALLENGE.search(html)
    if challenge:
        return Outcome.BLOCKED, challenge.group()
    missing = _MISSING.search(words) if len(words) < _SHORT_PAGE else None
    if missing:
        return Outcome.SOFT_404, missing.group()
    login = _LOGIN.search(html) if len(words) < _SHORT_PAGE else None
    return (Outcome.LOGIN, login.group()) if login else None


def is_list(blocks: tuple[Block, ...]) -> bool:
    """True where most lines are a link with little beside it (a date)."""
    lines = [block for block in blocks if len(block.text) >= _LINK_LINE]
    links = sum(block.link_share > _LINK_SHARE for block in lines)
    return links >= _LIST_LEAST and links > _LIST_SHARE * len(lines)

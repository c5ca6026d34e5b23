"""The registry: one TOML file a source; every complaint names the file, the key and the way out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from crawler.windows import is_window
from schema.announcements import Rank, Source, SourceKind
from schema.errors import ConfigurationError, UnknownProvince, UnreadableInput
from schema.provinces import find_province

HERE = Path(__file__).parent / "sources"

_KEYS = tuple(f.name for f in fields(Source))
_TEXTS = (
    "slug",
    "name",
    "kind",
    "rank",
    "province",
    "article_pattern",
    "cms",
    "body_selector",
    "tls_exception",
    "notes",
)
_SWITCHES = ("verify_tls", "browser", "ocr", "verified")
_LISTS = ("urls", "hosts", "season", "quiet")
_REQUIRED = ("slug", "name", "kind", "rank")

T = TypeVar("T")


def load_sources(folder: Path | None = None) -> tuple[Source, ...]:
    """Every source of a folder (the packaged registry by default), by file name. Raises ConfigurationError."""
    folder = folder or HERE
    if not folder.is_dir():
        raise UnreadableInput(folder, "not a folder of source files (*.toml)")
    seen: dict[str, Path] = {}
    sources = []
    for path in sorted(folder.glob("*.toml")):
        source = load_source_file(path)
        if source.slug in seen:
            raise ConfigurationError(path, "slug", f"{source.slug!r} is already taken by {seen[source.slug].name}")
        seen[source.slug] = path
        sources.append(source)
    return tuple(sources)


def load_source_file(path: Path) -> Source:
    """One source. Raises ConfigurationError (a wrong key or value) or UnreadableInput (no such file, not text)."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(path, "TOML", f"{error}; see docs for the shape of a source file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(path, f"cannot be read as UTF-8 text: {error}") from error
    _Form(path, values).check()
    return _source(path, values)


class _Form:
    """The shape of a file: known keys, right types, nothing missing."""

    def __init__(self, path: Path, values: dict[str, object]) -> None:
        self.path, self.values = path, values

    def check(self) -> None:
        for key in self.values:
            if key not in _KEYS:
                raise self._wrong(key, f"unknown key; known keys are {', '.join(_KEYS)}")
        for key in _REQUIRED:
            if key not in self.values:
                raise self._wrong(key, "missing; every source needs " + ", ".join(_REQUIRED))
        self._types(_TEXTS, str, "a text in quotes")
        self._types(_SWITCHES, bool, "true or false")
        for key in _LISTS:
            self._texts(key)
        if not isinstance(self.values.get("options", {}), dict):
            raise self._wrong("options", 'must be a table: [options] with name = "value" lines')

    def _types(self, keys: Iterable[str], kind: type, wanted: str) -> None:
        for key in keys:
            if key in self.values and not isinstance(self.values[key], kind):
                raise self._wrong(key, f"must be {wanted}, not {self.values[key]!r}")

    def _texts(self, key: str) -> None:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, f'must be a list of texts such as ["…"], not {value!r}')

    def _wrong(self, key: str, problem: str) -> ConfigurationError:
        return ConfigurationError(self.path, key, problem)


def _source(path: Path, values: dict[str, object]) -> Source:
    settled: dict[str, object] = {key: values[key] for key in (*_TEXTS, *_SWITCHES) if key in values}
    settled["kind"] = _member(path, "kind", str(values["kind"]), {kind.value: kind for kind in SourceKind})
    settled["rank"] = _member(path, "rank", str(values["rank"]), {rank.name.lower(): rank for rank in Rank})
    settled |= {key: tuple(values.get(key, ())) for key in _LISTS}  # type: ignore[arg-type]
    options = values.get("options", {})
    assert isinstance(options, dict)
    settled["options"] = tuple((str(key), str(value)) for key, value in options.items())
    source = Source(**settled)  # type: ignore[arg-type]
    _judge(path, source)
    return source


def _member(path: Path, key: str, value: str, members: dict[str, T]) -> T:
    if value not in members:
        raise ConfigurationError(path, key, f"{value!r} is none of {', '.join(members)}")
    return members[value]


def _judge(path: Path, source: Source) -> None:
    """What types cannot say."""
    if source.slug != path.stem:
        raise ConfigurationError(path, "slug", f"{source.slug!r} must be the file's name, {path.stem!r}")
    if source.province is not None:
        try:
            slug = find_province(source.province).slug
        except UnknownProvince as error:
            raise ConfigurationError(path, "province", str(error)) from error
        if slug != source.province:
            raise ConfigurationError(path, "province", f"write the slug {slug!r}, not {source.province!r}")
    _judge_days(path, source)
    for url in source.urls:
        _judge_url(path, url, source.hosts)
    if source.article_pattern is not None:
        try:
            re.compile(source.article_pattern)
        except re.error as error:
            raise ConfigurationError(path, "article_pattern", f"not a regular expression: {error}") from error
    if not source.verify_tls and not source.tls_exception:
        raise ConfigurationError(path, "tls_exception", "verify_tls = false needs a reason with its date here")


def _judge_days(path: Path, source: Source) -> None:
    for window in source.quiet:
        if not is_window(window):
            raise ConfigurationError(
                path, "quiet", f'{window!r} is no window; write "23:00-06:00" or "sun 02:00-05:00"'
            )
    for day in source.season:
        if not re.fullmatch(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", day):
            raise ConfigurationError(path, "season", f'{day!r} is no day of a year; write "01-15"')


def _judge_url(path: Path, url: str, hosts: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ConfigurationError(path, "urls", f"{url!r} is not an address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError(path, "urls", f"{url!r} must begin with http:// or https:// and name a host")
    if parts.hostname not in hosts:
        raise ConfigurationError(path, "hosts", f"add {parts.hostname!r}, the host of {url}")

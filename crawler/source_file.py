"""A source as the text of its TOML file, as ``registry.load_source_file`` reads it."""

from __future__ import annotations

import json

from schema.announcements import Source

_TEXTS = ("slug", "name", "kind", "rank", "province", "article_pattern", "cms", "body_selector", "notes")


def source_toml(source: Source, comment: str) -> str:
    """The file's text, keys in the registry's order, what is not known left out."""
    values = {key: getattr(source, key) for key in _TEXTS} | {"rank": source.rank.name.lower()}
    lines = [f"# {' '.join(comment.split())}"]
    for key, value in values.items():
        if value is not None:
            lines.append(f"{key} = {_quoted(str(value))}")
        if key == "province":
            lines += [f"urls = {_listed(source.urls)}", f"hosts = {_listed(source.hosts)}"]
    lines.append(f"verified = {str(source.verified).lower()}")
    if source.options:
        lines += ["", "[options]", *(f"{_quoted(key)} = {_quoted(value)}" for key, value in source.options)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A literal string where backslashes would hurt the eye, else a basic one (JSON's escapes are TOML's)."""
    literal = "\\" in text and "'" not in text and text.isprintable()
    return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _listed(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"

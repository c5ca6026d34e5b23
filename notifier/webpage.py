"""The HTML of a message: inline styles, since mail readers know no other; every scraped word escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

STYLE = "font-family:sans-serif;line-height:1.6;max-width:48em"
INS = 'style="color:#0b4f9e;text-decoration:underline"'
DEL = 'style="color:#8a5300;text-decoration:line-through"'


def digest_html(subject: str, chapters: Sequence[Mapping[str, Any]]) -> str:
    """A page of chapters: title, remarks, items, proof."""
    body = "".join(_chapter(chapter) for chapter in chapters)
    return f'<div style="{STYLE}"><h2>{escape(subject)}</h2>{body}</div>'


def note_html(subject: str, lines: Iterable[str]) -> str:
    """A short note."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div style="{STYLE}"><h2>{escape(subject)}</h2>{body}</div>'


def _chapter(chapter: Mapping[str, Any]) -> str:
    title = f"<h2>{escape(chapter['title'])}</h2>" if chapter["title"] else ""
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in chapter["remarks"])
    items = "".join(_item(item) for item in chapter["items"])
    proof = "".join(f"<li>{escape(label)} {_link(url, url)}</li>" for label, url in chapter["proof"])
    return title + remarks + items + (f"<ul>{proof}</ul>" if proof else "")


def _item(item: Mapping[str, Any]) -> str:
    (old, gone), (new, added) = item["old"], item["new"]
    pair = (_tagged(old, gone, "del", DEL), _tagged(new, added, "ins", INS))
    sentences = "".join(
        f"<p><small>{escape(label)}</small> {text}</p>" for label, text in zip(item["sides"], pair, strict=True) if text
    )
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in item["reasons"])
    words, address = item["doubt"]
    doubt = f"<p><small>{_link(address, words)}</small></p>" if address else ""
    return f"<h3>{_link(item['link'], item['head'])}</h3>{sentences}<ul>{reasons}</ul>{doubt}"


def _link(address: str, words: str) -> str:
    """A link for web addresses alone: nothing scraped can become a script."""
    if not address.startswith(("http://", "https://")):
        return escape(words)
    return f'<a href="{escape(address, quote=True)}">{escape(words)}</a>'


def _tagged(text: str, spans: Iterable[tuple[int, int]], tag: str, style: str) -> str:
    parts, at = [], 0
    for start, end in spans:
        if (start, end) == (0, len(text)):
            break
        parts += [escape(text[at:start]), f"<{tag} {style}>{escape(text[start:end])}</{tag}>"]
        at = end
    return "".join(parts) + escape(text[at:])

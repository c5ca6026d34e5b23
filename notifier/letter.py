"""The words of one message: what changed with the change marked, why, where, how sure, and where the proof is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from notifier.labels import province_name, say
from notifier.section import Item, Place, Section, section_data
from notifier.webpage import digest_html, note_html
from schema import words
from schema.changes import Finding
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS, RULES

MARKS = (("[-", "-]"), ("[+", "+]"))
"""Around what is gone from the old sentence, and what is new in the new one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, plain text, HTML, and the same as JSON."""

    subject: str
    text: str
    html: str
    data: str


@dataclass(frozen=True, slots=True)
class Note:
    """A short message of its own: a baseline, an incident, a recovery."""

    subject: str
    lines: tuple[str, ...]
    data: dict[str, Any]


def changes_letter(
    sections: Sequence[Section], language: str, notes: Sequence[Note] = (), page: tuple[int, int] = (1, 1)
) -> Letter:
    """Sections and notes as one message. ``page`` (number, of how many) when a platform's limit needs several."""
    subject = _subject(sections, notes, language) + (f"（{page[0]}/{page[1]}）" if page[1] > 1 else "")
    alone = len(sections) + len(notes) == 1
    lines = [subject]
    for section in sections:
        lines += ([] if alone else ["", "■ " + heading(section, language)]) + _section(section, language)
    for note in notes:
        lines += ["", "■ " + note.subject, *(f"  {line}" for line in note.lines)]
    html = digest_html(subject, _chapters(sections, notes, language))
    return Letter(subject, "\n".join(lines).rstrip("\n"), html, _data(sections, notes))


def note_letter(note: Note) -> Letter:
    """A note alone."""
    text = "\n".join([note.subject, "", *note.lines]) + "\n"
    html = note_html(note.subject, note.lines)
    return Letter(note.subject, text, html, json.dumps(note.data, ensure_ascii=False))


def heading(section: Section, language: str) -> str:
    """湖北 2026 对 2025：加强 1，消失 1."""
    name = province_name(language, section.province)
    if section.revision:
        years = say(language, (f"{section.year_new} 年通报被修改", f"{section.year_new} was edited"))
    else:
        years = say(
            language, (f"{section.year_new} 对 {section.year_old}", f"{section.year_new} against {section.year_old}")
        )
    return f"{name} {years}" + say(language, ("：", ": ")) + counted(section.items, language)


def counted(items: Iterable[Item], language: str) -> str:
    """加强 1，消失 1: the most telling kind first."""
    counts = Counter(item.kind for item in items)
    parts = [f"{say(language, (zh, en))} {counts[kind]}" for kind, (_, zh, en) in KINDS.items() if counts[kind]]
    return say(language, ("，", ", ")).join(parts)


def item_head(item: Item, language: str) -> str:
    """The kind, how sure, and the directive it stands under: ▲ 加强（把握：高） · 二、……"""
    mark, zh, en = KINDS[item.kind]
    sure = say(language, CONFIDENCES[item.confidence])
    judged = say(language, ("分析员已复核", "reviewed by an analyst")) if item.judged else ""
    how = judged or say(language, (f"把握：{sure}", f"confidence: {sure}"))
    return (
        f"{mark} "
        + say(language, (f"{zh}（{how}）", f"{en} ({how})"))
        + (f" · {item.directive}" if item.directive else "")
    )


def sides(section: Section, language: str) -> tuple[str, str]:
    """What the two sentences are called: their years, or before and after an edit."""
    if section.revision:
        return say(language, ("修改前", "before")), say(language, ("修改后", "after"))
    return str(section.year_old), str(section.year_new)


def reason(finding: Finding, language: str) -> str:
    """A finding in words: 指标 ↑ 更强：数量要求从“不少于8人”提高到“不少于10人”.

    A part that waited while its rule was renamed tells the quotes alone.
    """
    what = f"{say(language, DIMENSIONS[finding.dimension])} {say(language, DIRECTIONS[finding.direction])}"
    return what + say(language, ("：", ": ")) + _sentence(finding, language)


def _sentence(finding: Finding, language: str) -> str:
    quotes = (finding.old_quote, finding.new_quote)
    if finding.direction in RULES.get(finding.rule, {}):
        return words.reason(finding.rule, finding.direction, quotes, language)
    return " → ".join(f"“{quote}”" if quote else "∅" for quote in quotes)


def proof(place: Place, language: str) -> Iterable[tuple[str, str]]:
    """(what it is, address) of originals and captured pages."""
    for label, url, page in (
        (("新一版原文", "newer original"), place.later_url, place.later_page),
        (("旧一版原文", "older original"), place.earlier_url, place.earlier_page),
    ):
        if url:
            yield say(language, label), url
            yield "  " + say(language, ("留存页面", "captured page")), page


def remarks(section: Section, language: str) -> Iterable[str]:
    """What must be known before the changes are read."""
    if section.gap:
        yield say(
            language,
            ("中间年份没有通报，与最近一年相比。", "No text for the years between; compared with the last there is."),
        )
    if section.rewritten:
        yield say(
            language,
            ("两年写法差异很大，对应关系存疑。", "The two years share little wording; the alignment is doubtful."),
        )


def _subject(sections: Sequence[Section], notes: Sequence[Note], language: str) -> str:
    prefix = say(language, ("【承诺】", "[chengnuo] "))
    if len(sections) == 1 and not notes:
        return prefix + heading(sections[0], language)
    if not sections and len(notes) == 1:
        return notes[0].subject
    number = len({section.province for section in sections})
    what = [say(language, (f"{number} 省", f"{number} provinces"))] if number else []
    what += [counted((i for s in sections for i in s.items), language)] if sections else []
    what += [say(language, (f"通知 {len(notes)}", f"notes {len(notes)}"))] if notes else []
    return prefix + say(language, ("摘要：", "digest: ")) + say(language, ("，", ", ")).join(what)


def _section(section: Section, language: str) -> list[str]:
    colon = say(language, ("：", ": "))
    lines = [*remarks(section, language), ""]
    for item in section.items:
        lines += [*_item(section, item, language), ""]
    return lines + [f"{label}{colon}{address}" for label, address in proof(section.place, language)]


def _item(section: Section, item: Item, language: str) -> Iterable[str]:
    (old, new), colon = sides(section, language), say(language, ("：", ": "))
    yield item_head(item, language)
    if item.old_text:
        yield f"  {old}{colon}{_marked(item.old_text, item.old_marks, MARKS[0])}"
    if item.new_text:
        yield f"  {new}{colon}{_marked(item.new_text, item.new_marks, MARKS[1])}"
    yield from (f"  {reason(finding, language)}" for finding in item.findings)
    yield f"  {section.place.review}#c-{item.key}"
    if item.doubt:
        yield "  " + say(language, ("有误？", "Wrong? ")) + item.doubt


def _marked(text: str, spans: Iterable[tuple[int, int]], marks: tuple[str, str]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if (start, end) == (0, len(text)):
            break
        parts += [text[at:start], marks[0], text[start:end], marks[1]]
        at = end
    return ("".join(parts) + text[at:]).replace("\n", " / ")


def _chapters(sections: Sequence[Section], notes: Sequence[Note], language: str) -> list[dict[str, Any]]:
    """What the web page of a message shows, in words already chosen."""
    alone = len(sections) + len(notes) == 1
    chapters: list[dict[str, Any]] = [
        {
            "title": "" if alone else heading(section, language),
            "remarks": list(remarks(section, language)),
            "items": [_shown(section, item, language) for item in section.items],
            "proof": [(label.strip(), address) for label, address in proof(section.place, language)],
        }
        for section in sections
    ]
    empty: dict[str, Any] = {"items": [], "proof": []}
    return chapters + [{"title": "" if alone else note.subject, "remarks": list(note.lines), **empty} for note in notes]


def _shown(section: Section, item: Item, language: str) -> dict[str, Any]:
    return {
        "head": item_head(item, language),
        "link": f"{section.place.review}#c-{item.key}",
        "sides": sides(section, language),
        "old": (item.old_text, item.old_marks),
        "new": (item.new_text, item.new_marks),
        "reasons": [reason(finding, language) for finding in item.findings],
        "doubt": (say(language, ("这条有误", "this is wrong")), item.doubt),
    }


def _data(sections: Sequence[Section], notes: Sequence[Note]) -> str:
    if len(sections) == 1 and not notes:
        return json.dumps(section_data(sections[0]), ensure_ascii=False)
    body = {
        "type": "chengnuo.digest",
        "sections": [section_data(section) for section in sections],
        "notes": [note.data for note in notes],
    }
    return json.dumps(body, ensure_ascii=False)

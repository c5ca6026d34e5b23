"""The words of one alert: what changed with the change marked, why, where, how sure, and where the proof is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any

from notifier.labels import province_name, say
from schema.changes import Change, Finding, YearlyDiff
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS

STYLE = "font-family:sans-serif;line-height:1.6;max-width:48em"
INS = 'style="color:#0b4f9e;text-decoration:underline"'
DEL = 'style="color:#8a5300;text-decoration:line-through"'


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject, plain text, HTML, and the same as JSON."""

    subject: str
    text: str
    html: str
    data: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where the proof is: addresses of the originals, and of the captured pages on our own pages."""

    review: str
    later_url: str = ""
    later_page: str = ""
    earlier_url: str = ""
    earlier_page: str = ""


def changes_letter(diff: YearlyDiff, changes: Sequence[Change], place: Place, language: str) -> Letter:
    """A yearly or a revision diff's changes, already chosen and in order."""
    subject = _subject(diff, changes, language)
    head = [subject, *_notes(diff, language), ""]
    text = "\n".join(
        [
            *head,
            *(line for change in changes for line in _lines(diff, change, place, language)),
            *_proof(place, language),
        ]
    )
    return Letter(subject, text, _html(subject, diff, changes, place, language), _data(diff, changes, place))


def note_letter(subject: str, lines: Sequence[str], data: dict[str, Any]) -> Letter:
    """A short note: a baseline, an incident, a recovery."""
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = f'<div style="{STYLE}"><h2>{escape(subject)}</h2>{body}</div>'
    return Letter(subject, "\n".join([subject, "", *lines]) + "\n", html, json.dumps(data, ensure_ascii=False))


def _subject(diff: YearlyDiff, changes: Sequence[Change], language: str) -> str:
    counts = Counter(change.kind for change in changes)
    parts = [f"{say(language, (zh, en))} {counts[kind]}" for kind, (_, zh, en) in KINDS.items() if counts[kind]]
    name = province_name(language, diff.province)
    if diff.year_old == diff.year_new:
        years = say(language, (f"{diff.year_new} 年通报被修改", f"{diff.year_new} was edited"))
    else:
        years = say(language, (f"{diff.year_new} 对 {diff.year_old}", f"{diff.year_new} against {diff.year_old}"))
    return say(language, (f"【承诺】{name} {years}：", f"[chengnuo] {name} {years}: ")) + say(
        language, ("，", ", ")
    ).join(parts)


def _notes(diff: YearlyDiff, language: str) -> Iterable[str]:
    if diff.gap:
        yield say(
            language,
            ("中间年份没有通报，与最近一年相比。", "No text for the years between; compared with the last there is."),
        )
    if diff.rewritten:
        yield say(
            language,
            ("两年写法差异很大，对应关系存疑。", "The two years share little wording; the alignment is doubtful."),
        )


def _lines(diff: YearlyDiff, change: Change, place: Place, language: str) -> Iterable[str]:
    old, new = _sides(diff, language)
    colon = say(language, ("：", ": "))
    yield _head(diff, change, language)
    if change.old_text:
        yield f"  {old}{colon}{_marked(change.old_text, change.old_highlights, ('[-', '-]'))}"
    if change.new_text:
        yield f"  {new}{colon}{_marked(change.new_text, change.new_highlights, ('[+', '+]'))}"
    yield from (f"  {reason(finding, language)}" for finding in change.findings)
    yield f"  {place.review}#c-{change.key}"
    yield ""


def _head(diff: YearlyDiff, change: Change, language: str) -> str:
    """The kind, how sure, and the directive it stands under: ↑ 加强（把握：高） · 二、……"""
    mark, zh, en = KINDS[change.kind]
    sure = say(language, CONFIDENCES[change.confidence])
    kind = say(language, (f"{zh}（把握：{sure}）", f"{en} (confidence: {sure})"))
    directives = {unit.id: unit.directive for unit in (*diff.old_units, *diff.new_units)}
    directive = next((directives[unit] for unit in (*change.new, *change.old) if directives.get(unit)), "")
    return f"{mark} {kind}" + (f" · {directive}" if directive else "")


def _sides(diff: YearlyDiff, language: str) -> tuple[str, str]:
    """What the two sentences are called: their years, or before and after an edit."""
    if diff.year_old == diff.year_new:
        return say(language, ("修改前", "before")), say(language, ("修改后", "after"))
    return str(diff.year_old), str(diff.year_new)


def reason(finding: Finding, language: str) -> str:
    """A finding in words: 指标 ↑ 更强：“不少于8人” → “不少于10人”."""
    what = f"{say(language, DIMENSIONS[finding.dimension])} {say(language, DIRECTIONS[finding.direction])}"
    old, new = (f"“{quote}”" if quote else "∅" for quote in (finding.old_quote, finding.new_quote))
    return what + say(language, ("：", ": ")) + f"{old} → {new}"


def _marked(text: str, spans: Iterable[tuple[int, int]], marks: tuple[str, str]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if (start, end) == (0, len(text)):
            break
        parts += [text[at:start], marks[0], text[start:end], marks[1]]
        at = end
    return ("".join(parts) + text[at:]).replace("\n", " / ")


def _proof(place: Place, language: str) -> Iterable[str]:
    for label, url, page in (
        (("新一版原文", "newer original"), place.later_url, place.later_page),
        (("旧一版原文", "older original"), place.earlier_url, place.earlier_page),
    ):
        if url:
            yield say(language, label) + say(language, ("：", ": ")) + url
            yield "  " + say(language, ("留存页面：", "captured page: ")) + page


def _html(subject: str, diff: YearlyDiff, changes: Sequence[Change], place: Place, language: str) -> str:
    notes = "".join(f"<p>{escape(note)}</p>" for note in _notes(diff, language))
    items = "".join(_item(diff, change, place, language) for change in changes)
    proof = "".join(f"<li>{escape(line.strip())}</li>" for line in _proof(place, language))
    return f'<div style="{STYLE}"><h2>{escape(subject)}</h2>{notes}{items}<ul>{proof}</ul></div>'


def _item(diff: YearlyDiff, change: Change, place: Place, language: str) -> str:
    years = _sides(diff, language)
    old = _tagged(change.old_text, change.old_highlights, "del", DEL)
    new = _tagged(change.new_text, change.new_highlights, "ins", INS)
    reasons = "".join(f"<li>{escape(reason(finding, language))}</li>" for finding in change.findings)
    link = escape(f"{place.review}#c-{change.key}", quote=True)
    sentences = "".join(
        f"<p><small>{label}</small> {sentence}</p>"
        for label, sentence in zip(years, (old, new), strict=True)
        if sentence
    )
    return f'<h3><a href="{link}">{escape(_head(diff, change, language))}</a></h3>{sentences}<ul>{reasons}</ul>'


def _tagged(text: str, spans: Iterable[tuple[int, int]], tag: str, style: str) -> str:
    parts, at = [], 0
    for start, end in spans:
        if (start, end) == (0, len(text)):
            break
        parts += [escape(text[at:start]), f"<{tag} {style}>{escape(text[start:end])}</{tag}>"]
        at = end
    return "".join(parts) + escape(text[at:])


def _data(diff: YearlyDiff, changes: Sequence[Change], place: Place) -> str:
    body = {
        "type": "chengnuo.changes" if diff.year_old != diff.year_new else "chengnuo.revision",
        "province": diff.province,
        "year_old": diff.year_old,
        "year_new": diff.year_new,
        "links": asdict(place),
        "changes": [_change(change, place) for change in changes],
    }
    return json.dumps(body, ensure_ascii=False)


def _change(change: Change, place: Place) -> dict[str, Any]:
    return {
        "key": change.key,
        "kind": change.kind.value,
        "confidence": change.confidence.value,
        "old_text": change.old_text,
        "new_text": change.new_text,
        "link": f"{place.review}#c-{change.key}",
        "findings": [
            {
                "rule": finding.rule,
                "dimension": finding.dimension.value,
                "direction": finding.direction.value,
                "old_quote": finding.old_quote,
                "new_quote": finding.new_quote,
            }
            for finding in change.findings
        ],
    }

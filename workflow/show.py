"""A yearly diff as a person reads it on a terminal: both wordings and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rich.text import Text

from differ.trail import Trail
from schema.changes import Change, Confidence, Kind, YearlyDiff
from schema.errors import UnknownProvince
from schema.provinces import find_province
from schema.words import KINDS, SURENESS
from workflow.say import Voice

STYLES = {
    Kind.NEW: "blue",
    Kind.DROPPED: "yellow",
    Kind.STRENGTHENED: "green",
    Kind.WEAKENED: "red",
    Kind.MIXED: "magenta",
    Kind.REWORDED: "dim",
    Kind.UNCHANGED: "dim",
}
SHOWN = {kind: (*names, STYLES[kind]) for kind, names in KINDS.items()}
"""Every kind's mark, names and style."""


URGENCY = (Kind.STRENGTHENED, Kind.DROPPED, Kind.WEAKENED, Kind.MIXED, Kind.NEW)


def telling(pairs: Iterable[tuple[YearlyDiff, Change]]) -> list[tuple[YearlyDiff, Change]]:
    """The changes worth showing, one of each kind in turn, the surest and hardest first."""
    shown: dict[Kind, list[tuple[YearlyDiff, Change]]] = {kind: [] for kind in URGENCY}
    for diff, change in pairs:
        if change.kind in shown and change.confidence is not Confidence.LOW:
            shown[change.kind].append((diff, change))
    for found in shown.values():
        found.sort(
            key=lambda pair: (-SURENESS[pair[1].confidence], not any(f.hard for f in pair[1].findings), pair[1].key)
        )
    rounds = max((len(found) for found in shown.values()), default=0)
    return [found[i] for i in range(rounds) for found in shown.values() if i < len(found)]


def print_change(voice: Voice, diff: YearlyDiff, change: Change) -> None:
    """One change: where and what, the old and the new sentence, why."""
    mark, zh, en, style = SHOWN[change.kind]
    try:
        name = find_province(diff.province).short if voice.lang == "zh" else diff.province
    except UnknownProvince:
        name = diff.province
    voice.line(
        f"\n{mark} {zh}  {name} {diff.year_old}→{diff.year_new}  （{change.confidence.value}，{change.key[:10]}）",
        f"\n{mark} {en}  {name} {diff.year_old}→{diff.year_new}  ({change.confidence.value}, {change.key[:10]})",
        style,
    )
    if change.old_text:
        voice.console.print(
            Text("  − ") + _marked(change.old_text, change.old_highlights, "yellow strike"), soft_wrap=True
        )
    if change.new_text:
        voice.console.print(
            Text("  + ") + _marked(change.new_text, change.new_highlights, "blue underline"), soft_wrap=True
        )
    for finding in change.findings:
        quotes = f"“{finding.old_quote}” → “{finding.new_quote}”".replace("“”", "∅")
        line = f"    {finding.dimension.value} {finding.direction.value}: {quotes}  ({finding.rule})"
        voice.line(line, line, "dim")


def _marked(text: str, spans: Iterable[tuple[int, int]], style: str) -> Text:
    shown = Text(text.replace("\n", " / "))
    for start, end in spans:
        shown.stylize(style, start, end)
    return shown


def show_diff(voice: Voice, found: dict[str, Any]) -> None:
    """A diff in its JSON form, as lines."""
    units = {u["id"]: u["text"] for side in ("old_units", "new_units") for u in found[side]}
    voice.line(found["outcome"], found["outcome"], "bold")
    for change in found["changes"]:
        mark, zh, en, style = SHOWN[Kind(change["kind"])]
        flags = " ".join(change["structure"])
        voice.line(f"{mark} {zh} {flags}", f"{mark} {en} {flags}", style)
        for side, sign in (("old", "−"), ("new", "+")):
            for unit in change[side]:
                voice.line(f"  {sign} {units[unit]}", f"  {sign} {units[unit]}")
        for finding in change["findings"]:
            quotes = f"{finding['old_quote'] or '∅'} → {finding['new_quote'] or '∅'}"
            line = f"    {finding['dimension']} {finding['direction']} {quotes} {finding['note']}"
            voice.line(line, line, "dim")


def trail_lines(trail: Trail) -> Iterator[str]:
    """A change's trail: its kind, every candidate with its score, the rules that fired and those that did not."""
    change = trail.change
    yield f"{change.key}  {change.kind.value}  {change.confidence.value}  {' '.join(change.notes)}".rstrip()
    yield f"confirmed >= {trail.confirmed}, candidate >= {trail.candidate}"
    yield f"score {change.score}, margin {change.margin}"
    for unit, candidates in trail.candidates.items():
        yield f"  {unit}: " + "  ".join(f"{one.unit} {one.score:.4f}" for one in candidates)
    for finding in trail.fired:
        quotes = f"{finding.old_quote or '∅'} → {finding.new_quote or '∅'}"
        moved = f"{finding.dimension.value} {finding.direction.value}"
        yield f"  {finding.rule}  {moved}  {quotes}  {finding.confidence.value}"
    yield "  no evidence: " + ", ".join(trail.silent)

"""A yearly diff as a person reads it on a terminal: both wordings and the reason."""

from __future__ import annotations

from typing import Any

from schema.changes import Kind
from workflow.say import Voice

SHOWN = {
    Kind.NEW: ("＋", "新增", "new", "blue"),
    Kind.DROPPED: ("－", "删除", "dropped", "yellow"),
    Kind.STRENGTHENED: ("▲", "加强", "strengthened", "green"),
    Kind.WEAKENED: ("▼", "减弱", "weakened", "red"),
    Kind.MIXED: ("◆", "升降并存", "mixed", "magenta"),
    Kind.REWORDED: ("～", "改写", "reworded", "dim"),
    Kind.UNCHANGED: ("＝", "不变", "unchanged", "dim"),
}
"""Every kind's mark, names and style: never told apart by colour alone."""


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

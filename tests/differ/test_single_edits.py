"""One edit of a real section is one event, marked where it is and hardly wider (the seed; skipped without it)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from differ.compare import compare
from differ.lexicon import load_lexicon
from schema.changes import Change, Kind, Structure
from workflow.diffing import _side

SEED = Path(__file__).parents[3] / "shared" / "seed" / "digest-huazhong-2025.txt"
MARKER = re.compile(r"^[(（][一二三四五六七八九十]+[)）]")
NUMBERS = "一二三四五六七八"
NUMBER = re.compile(r"\d+")

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the seed text is not here")


def items() -> list[str]:
    """The six items of 湖北, without their markers."""
    lines = SEED.read_text(encoding="utf-8").split("\n")
    section = lines[lines.index("二、湖北省") + 1 : lines.index("三、湖南省")]
    return [MARKER.sub("", line) for line in section if MARKER.match(line)]


def body(parts: list[str]) -> str:
    """The items numbered anew under a meeting's head."""
    numbered = [f"({NUMBERS[n]}){part}" for n, part in enumerate(parts)]
    return "\n".join(["全省应急管理工作会议1月15日召开。会议强调,要抓好以下工作:", *numbered])


def events(edit: Callable[[list[str]], list[str]]) -> list[Change]:
    """Everything but unchanged and unmoved, after an edit of the items."""
    parts = items()
    sides = [
        _side({f"{name}_text": body(text), f"year_{name}": year, "province": "湖北省"}, name)
        for name, text, year in (("old", parts, 2025), ("new", edit(list(parts)), 2026))
    ]
    diff = compare(*sides, load_lexicon())
    return [change for change in diff.changes if change.kind is not Kind.UNCHANGED or change.structure]


def marked(change: Change) -> int:
    """Characters highlighted on both sides."""
    return sum(end - start for start, end in (*change.old_highlights, *change.new_highlights))


def test_a_number() -> None:
    """10人 → 15人: one change, at most twice the number's characters marked, no number cut."""
    found = events(lambda parts: [part.replace("10人", "15人", 1) for part in parts])
    assert [change.kind for change in found] == [Kind.STRENGTHENED]
    assert marked(found[0]) <= 2 * len("10人15人")
    for text, spans in ((found[0].old_text, found[0].old_highlights), (found[0].new_text, found[0].new_highlights)):
        cut = [n for n in NUMBER.finditer(text) for start, end in spans if start < n.end() and n.start() < end]
        assert all(any(start <= n.start() and n.end() <= end for start, end in spans) for n in cut)


def test_an_item_inserted_first() -> None:
    """One more item before all others, the rest numbered anew: new commitments of that item alone."""
    item = "开展储能电站火灾风险整治。"
    found = events(lambda parts: [item, *parts])
    assert [(change.kind, change.new_text) for change in found] == [(Kind.NEW, "开展储能电站火灾风险整治")]
    assert marked(found[0]) <= 2 * len(item)


def test_the_first_item_moved_last() -> None:
    """Reordered directives are no event: every commitment is unchanged and none is marked."""
    found = events(lambda parts: [*parts[1:], parts[0]])
    assert [change for change in found if change.kind is not Kind.UNCHANGED] == []
    assert all(Structure.MOVED in change.structure and marked(change) == 0 for change in found)


def test_an_item_dropped() -> None:
    """The third item gone, the rest numbered anew: its commitments are dropped, and nothing else is."""
    gone = items()[2]
    found = events(lambda parts: [*parts[:2], *parts[3:]])
    assert {change.kind for change in found} == {Kind.DROPPED}
    assert all(change.old_text in gone for change in found)
    assert sum(map(marked, found)) <= 2 * len(gone)

"""What people read for rules and notes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema.changes import Direction
from schema.words import NOTES, RULES, reason

DIFFER = Path(__file__).parents[2] / "differ"
_DIMENSIONS = "target|deadline|scope|accountability|resources|actor|modality|stage|outcome"


def spoken(pattern: str) -> set[str]:
    """Ids written in the differ's code."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(DIFFER.rglob("*.py")))
    return set(re.findall(pattern, source))


def test_every_rule_has_words() -> None:
    """A rule id in the code has a sentence, and a sentence has a rule."""
    plain = spoken(rf'"((?:{_DIMENSIONS})\.[a-z_]+)"')
    stems = spoken(rf'f"((?:{_DIMENSIONS})\.[a-z_]*)\{{')
    assert plain <= RULES.keys()
    orphans = {rule for rule in RULES.keys() - plain if not rule.startswith(tuple(stems))}
    assert orphans == set()


def test_every_note_has_words() -> None:
    """A note id in the code has a sentence, and a sentence has a note."""
    assert spoken(r'"(match\.[a-z_]+)"') == NOTES.keys()


@pytest.mark.parametrize("rule", RULES)
def test_sentences_speak_both_languages(rule: str) -> None:
    """Each sentence quotes a side, in Chinese and in English."""
    for direction in RULES[rule]:
        chinese = reason(rule, direction, ("八成", "九成"))
        english = reason(rule, direction, ("八成", "九成"), "en")
        assert "“" in chinese
        assert "“" in english
        assert re.search(r"[\u4e00-\u9fff]", english.replace("八成", "").replace("九成", "")) is None


def test_an_absent_quote_is_said() -> None:
    """∅ reads as words."""
    assert reason("stage.ladder", Direction.UP, ("", "建成")) == "写明“建成”（去年没有）"
    assert reason("stage.ladder", Direction.UP, ("探索", "")) == "不再限于“探索”"
    assert reason("stage.ladder", Direction.DOWN, ("", "试点")) == "变为“试点”（去年没有这样的限制）"
    assert reason("stage.ladder", Direction.DOWN, ("建成", ""), "en") == "“建成” is gone"

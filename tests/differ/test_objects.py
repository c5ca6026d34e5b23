"""Objects outweigh frames: the same thing elsewhere is found again, another thing in the same frame is not."""

import pytest

from bench.contrast import Row, rows, told
from differ.compare import compare
from differ.lexicon import load_lexicon
from differ.matching.objects import nearest
from schema.changes import Change, Confidence, Direction, Kind, Side, Unit

TOLD = told(rows())


@pytest.mark.parametrize(("row", "linked"), TOLD, ids=[f"{row[1]}-{row[2]}" for row, _ in TOLD])
def test_objects_decide(row: Row, linked: bool) -> None:
    """Forty-seven pairs whose frames mislead."""
    assert linked == (row[0] == "same")


def _compared(old: list[str], new: list[str]) -> tuple[Change, ...]:
    sides = []
    for letter, year, texts in (("o", 2025, old), ("n", 2026, new)):
        body = "。".join(texts)
        units = tuple(Unit(f"{letter}{n}", t, body.index(t), body.index(t) + len(t)) for n, t in enumerate(texts, 1))
        sides.append(Side("hubei", year, body, units))
    return compare(*sides, load_lexicon()).changes


def test_a_pilot_that_spreads_is_strengthened() -> None:
    """From two cities to the whole province: neither dropped nor new."""
    (change,) = _compared(["在孝感、咸宁开展村级应急服务站试点"], ["在全省推广村级应急服务站"])
    assert change.kind is Kind.STRENGTHENED


def test_dropped_beside_a_near_counterpart_is_never_sure() -> None:
    """Where most of its object stands in one commitment of the other year, a person should look."""
    changes = _compared(
        ["推进矿山重大灾害超前治理", "举办全省职工安全技能竞赛"],
        ["将矿山重大灾害超前治理情况作为企业复工复产验收和分级分类监管的重要依据", "为边远哨所配备制氧机"],
    )
    dropped = {change.old_text: change for change in changes if change.kind is Kind.DROPPED}
    assert dropped["举办全省职工安全技能竞赛"].confidence is Confidence.HIGH
    near = dropped.get("推进矿山重大灾害超前治理")
    assert near is None or near.confidence is not Confidence.HIGH


def test_nearest_names_the_commitment_with_most_of_the_object() -> None:
    """And says nothing of an object too short to tell."""
    assert nearest("推进矿山重大灾害超前治理", ["举办技能竞赛", "通报矿山重大灾害超前治理情况"]) == (1, 1.0)
    assert nearest("普法", ["普法"]) == (-1, 0.0)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("对农村危房开展雪灾前排查", "对农村危房和温室大棚开展雪灾前排查", "scope.list_member_added"),
        ("开展应急科普进校园、进企业活动", "开展应急科普进校园、进企业、进社区活动", "scope.list_member_added"),
        ("瓦斯等级鉴定报告由矿长签字", "瓦斯等级鉴定报告由矿长、总工程师双签字", "actor.named"),
        ("下井记录由县级应急局每月核查", "下井记录由市级应急局每月核查", "actor.seniority"),
        ("落实山洪监测员补助", "将山洪监测员补助列入财政预算", "resources.budget_gained"),
        ("修编流域超标准洪水防御预案", "落实流域超标准洪水防御预案", "stage.instrument"),
        ("对发生事故的县（区）进行约谈", "对发生事故的县（区）主要负责人进行约谈", "actor.named"),
    ],
)
def test_one_more_object_body_or_source_is_a_finding(old: str, new: str, rule: str) -> None:
    """Up one way, and down the other way round."""
    (there,), (back,) = _compared([old], [new]), _compared([new], [old])
    assert (there.kind, back.kind) == (Kind.STRENGTHENED, Kind.WEAKENED)
    assert rule in {finding.rule for finding in there.findings}
    assert {finding.direction for finding in back.findings} == {Direction.DOWN}

"""What reading decides by weights: commas, and whether an item opens with its heading."""

import math

import pytest

from bench.forms import MARKED, forms
from crawler.read.commas import Comma, Place, features
from crawler.read.habits import Decider, load_weights
from crawler.read.texts import read_directives

LOOSE = Place(only=False, semicolon=False)


def _told(words: str) -> list[list[str]]:
    """The commitments under each directive of a deployment."""
    return [[one.text for one in directive.commitments] for directive in read_directives(words, 2026)]


def test_what_explains_a_clause_stays_with_it() -> None:
    """A quota, a date, a general clause and what it comes to in figures are one commitment."""
    told = _told(
        "会议要求，要完善航空救援体系，布设直升机起降点60个。要更换老旧燃气管网300公里，其中省会城市不少于80公里。"
        "要加强船舶安全监管，重点整治商渔船碰撞隐患。"
    )
    assert [one for directive in told for one in directive] == [
        "完善航空救援体系，布设直升机起降点60个",
        "更换老旧燃气管网300公里，其中省会城市不少于80公里",
        "加强船舶安全监管，重点整治商渔船碰撞隐患",
    ]


def test_a_list_is_headed_or_it_is_not() -> None:
    """General openings over several tasks are headings; openings with an object of their own are tasks."""
    headed = (
        "会议要求，一是深化安全生产治本攻坚，开展化工园区复核，改造老旧管网300公里，关闭小煤矿5处。"
        "二是提升防灾减灾能力，修订防汛预案，新建隔离带120公里，轮训灾害信息员5000人。"
    )
    assert _told(headed) == [
        ["开展化工园区复核", "改造老旧管网300公里", "关闭小煤矿5处"],
        ["修订防汛预案", "新建隔离带120公里", "轮训灾害信息员5000人"],
    ]
    bare = "会议要求，一是修订全省防汛预案，汛前报省政府审定。二是组建省级航空救援队，年底前具备出动条件。"
    assert _told(bare) == [["修订全省防汛预案，汛前报省政府审定"], ["组建省级航空救援队，年底前具备出动条件"]]


def test_a_second_look_knows_the_writer() -> None:
    """The same comma parts tasks in a text where commas do, and not where they only explain."""
    doubtful = features(Comma(("修订举报奖励办法", "发动职工报告身边隐患"), 1, LOOSE))
    lists = [("修订防汛预案", "新建防火隔离带300公里"), ("改造燃气管网200公里", "轮训村干部2万人")]
    explains = [("新建起降点60个", "其中山区不少于20个"), ("加强渔船监管", "重点整治商渔船碰撞隐患")]
    asked = []
    for others in (lists, explains):
        decider = Decider("commas")
        first = decider.yes(0, lambda: doubtful)
        for at, clauses in enumerate(others * 5, 1):
            decider.yes(at, lambda clauses=clauses: features(Comma(clauses, 1, LOOSE)))
        decider.look_again(len(others) * 5)
        asked.append((first, decider.yes(0, dict)))
    assert asked[0][0] == asked[1][0]
    assert [again for _, again in asked] == [True, False]


def test_marks_side_by_side_are_no_clauses() -> None:
    """A slip of the pen costs nothing."""
    assert _told("会议要求，一是加强矿山监管，；配备检查人员300名；，，。二是修订防汛预案，。") != []


@pytest.mark.parametrize("name", ["commas", "openings"])
def test_weights_are_whole(name: str) -> None:
    """Both models of each question are there, and every number is one."""
    weights = load_weights(name)
    assert {"bias", "habit", "first look"} <= set(weights.second)
    assert all(map(math.isfinite, (*weights.first.values(), *weights.second.values())))
    assert weights.first["habit"] == 0.0


def test_marked_texts_are_marked_well() -> None:
    """No commitment is empty, ends with a mark, or runs over the end of a sentence (U1, U7)."""
    wrong = [
        (form.name, words)
        for name in MARKED
        if name.startswith("commas")
        for form in forms(f"{name}.txt")
        for words in (form.text[start:end] for start, end in form.wanted)
        if len(words) < 4 or words[-1] in "。；，" or any(mark in words for mark in "。；\n")
    ]
    assert wrong == []

"""A commitment's numbers become targets that quote the body."""

import pytest

from crawler.read.targets import targets_in


def test_a_number_becomes_a_target_with_its_place_in_the_body() -> None:
    """Quote, comparator, value, unit, what it counts, deadline, offsets."""
    (found,) = targets_in("6月底前乡镇专职消防队不少于8人", 100)
    assert (found.quote, found.comparator, found.value, found.unit) == ("不少于8人", ">=", 8.0, "人")
    assert found.object.endswith("乡镇专职消防队")
    assert (found.deadline, found.start, found.end) == ("6月底前", 111, 116)


def test_a_name_is_no_target() -> None:
    """A programme's number binds nobody."""
    assert targets_in("落实“三管三必须”，推进12350热线建设", 0) == ()


def test_a_bare_cycle_is_no_target() -> None:
    """每季度明确一个执法主题 has a frequency to compare, but counts nothing."""
    assert targets_in("每季度明确一个执法主题", 0) == ()


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("年底前完成150家化工企业老旧装置改造", "化工企业老旧装置改造"),
        ("每个村配备2名网格员", "网格员"),
        ("每个县建成1支不低于40人的综合救援队", "综合救援队"),
        ("避难场所不少于30处", "避难场所"),
        ("救灾物资6小时内送达村组", "救灾物资送达村组"),
        ("每个社区每年组织逃生演练不少于4次", "逃生演练"),
        ("每两年组织一次普查", "普查"),
        ("三分之二的园区建成监测平台", "园区建成监测平台"),
        ("执法检查企业不少于3000家次", "执法检查企业"),
    ],
)
def test_what_a_number_counts(text: str, counted: str) -> None:
    """The noun after it, the activity of a frequency, what a time limit measures, else the words before it."""
    assert targets_in(text, 0)[0].object == counted

"""A commitment's numbers become targets that quote the body."""

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

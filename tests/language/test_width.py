"""Characters that look alike are read alike; offsets stay."""

import pytest

from crawler.read.announcements import read_body
from language.width import aligned, comparison_copy


@pytest.mark.parametrize(
    ("odd", "even"),
    [
        ("⼈员⼯作", "人员工作"),
        ("⽔利⼤⻔", "水利大⻔"),
        ("不少于１０人,", "不少于10人，"),
        ("「叫应」", "“叫应”"),
        ("樂", "樂"),
    ],
)
def test_look_alikes_are_evened_out_character_for_character(odd: str, even: str) -> None:
    """Radicals of PDF fonts, compatibility forms, widths, quotes; what has no single twin stays."""
    assert aligned(odd) == even
    assert len(aligned(odd)) == len(odd)
    assert comparison_copy(odd).original(0, len(odd)) == (0, len(odd))


def test_a_pdf_s_radicals_read_like_the_words_they_are() -> None:
    """The figure binds, and the quote is as printed."""
    printed = "会议要求，2026年要抓好以下⼯作。\n每个乡镇组建不少于10⼈的专职消防队。"
    read = read_body(printed, "hubei", 2026)
    assert [target.quote for one in read.commitments for target in one.targets] == ["不少于10⼈"]
    assert [one.text for one in read.commitments] == ["每个乡镇组建不少于10⼈的专职消防队"]

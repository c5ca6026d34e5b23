"""What a sentence does in an announcement: where tasks begin, what interrupts them, what only follows the meeting."""

from crawler.read.texts import read_directives


def _told(words: str) -> list[str]:
    return [one.text for directive in read_directives(words, 2026) for one in directive.commitments]


def test_telling_each_month_is_a_task_and_reporting_after_the_meeting_is_none() -> None:
    """通报 binds; what is sent in after the meeting is procedure."""
    told = _told("会议要求，要开展安全生产巡查。按月通报工作情况。对整改不力的予以约谈。会后各市要上报实施方案。")
    assert told == ["开展安全生产巡查", "按月通报工作情况", "对整改不力的予以约谈"]


def test_how_things_stand_does_not_end_the_tasks() -> None:
    """A sentence on the situation between tasks is left out, and those behind it stay."""
    told = _told("会议要求，要改造燃气管网300公里。城市防汛压力不容小觑。汛前完成易涝点排查。")
    assert told == ["改造燃气管网300公里", "汛前完成易涝点排查"]


def test_tasks_follow_a_sentence_that_says_they_were_set() -> None:
    """Without 要 and without a list; a figure after 强调 is a task unless a past is named."""
    assert _told("会议对2026年工作作出安排。全面完成林区隔离带补建。汛前评估水库1300座。") == [
        "全面完成林区隔离带补建",
        "汛前评估水库1300座",
    ]
    assert _told("会议强调，以川西高原为重点，完成农村危旧房抗震改造5万户。") != []
    assert _told("会议强调，去年完成农村危旧房抗震改造5万户。") == []


def test_a_result_behind_a_task_does_not_take_it_away() -> None:
    """万无一失 alone is a slogan; behind a task it is its tail."""
    assert _told("会议要求，要抓好松花江干流凌汛防御，确保重要堤防万无一失。") != []

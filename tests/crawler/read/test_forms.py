"""Every form of announcement gives its commitments, and slogans, results and procedure give none."""

import pytest

from bench.forms import Form, forms, measure, told
from crawler.read.announcements import read_body


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_most_commitments_of_every_form_are_found(form: Form) -> None:
    """Each text alone: at least two thirds of its commitments, and hardly a word more."""
    hits, false, missed = told(form)
    assert len(hits) >= 2 * len(missed)
    assert len(false) <= 1


def test_all_forms_together() -> None:
    """The whole set: what is found is right, and little is missed."""
    figures = measure()
    assert figures["f1"] >= 0.97
    assert figures["precision"] >= 0.97


def test_rarer_forms_together() -> None:
    """Speeches, bulletins, last year's figures between this year's tasks: little is missed, less is false."""
    figures = measure()
    assert figures["more_f1"] >= 0.95
    assert figures["more_precision"] >= 0.97


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (
            "会议要求，2026年要抓好以下工作。每个乡镇组建不少于8人的专职消防队。3月底前完成危化企业排查。",
            ["每个乡镇组建不少于8人的专职消防队", "3月底前完成危化企业排查"],
        ),
        ("会议部署，培训基层灾害信息员2万人次。新建避难场所30处。", ["培训基层灾害信息员2万人次", "新建避难场所30处"]),
        (
            "会议明确，今年工作的总体要求是：坚持统筹发展和安全。要实现县级预警中心全覆盖；要确保信息30分钟内报告。",
            ["实现县级预警中心全覆盖", "确保信息30分钟内报告"],
        ),
        (
            "会议从两个方面安排今年工作：全面完成三年行动任务，隐患动态清零；每市建成1支重型救援队。",
            ["全面完成三年行动任务，隐患动态清零", "每市建成1支重型救援队"],
        ),
        ("会议部署，去年培训灾害信息员2万人次，新建避难场所30处。", []),
    ],
)
def test_tasks_that_stand_right_behind_what_introduces_them(body: str, wanted: list[str]) -> None:
    """On one line with the cue, after the aim, or in the cue's own sentence; a past period stays an account."""
    assert [one.text for one in read_body(body, "hubei", 2026).commitments] == wanted

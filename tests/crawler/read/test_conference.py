"""Only a province's own yearly conference passes; what looks like it is held back with its name."""

import pytest

from crawler.read.announcements import read_text
from crawler.read.conference import lookalike

BODY = "1月14日，全省应急管理工作会议在武汉召开。会议要求，2026年要组建不少于10人的专职消防队。"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("全省应急管理工作会议在武汉召开", None),
        ("2026年全省应急管理工作会议召开 部署八项重点任务", None),
        ("贯彻全国应急管理工作会议精神 全省应急管理工作会议召开", None),
        ("湖北省应急管理和地震工作会议召开", None),
        ("聚焦城市安全 湖北部署2026年应急管理工作", None),
        ("成都市召开全市应急管理工作会议部署重点任务", "city_meeting"),
        ("盐城市应急管理工作会议召开", "city_meeting"),
        ("湖北省武汉市召开应急管理工作会议", "city_meeting"),
        ("省应急管理厅党委传达学习全国应急管理工作会议精神", "relay"),
        ("全国应急管理工作会议在京召开", "national_meeting"),
        ("省消防救援总队召开2026年工作会议", "fire_corps"),
        ("湖北省地震局召开全省地震局长会议", "earthquake_bureau"),
        ("省应急管理厅召开基层减负座谈会", "symposium"),
        ("全省应急管理工作务虚会召开", "symposium"),
        ("湖北省安全生产形势新闻发布会实录", "press_conference"),
        ("湖北省应急管理厅2025年工作总结", "work_summary"),
        ("湖北省应急管理厅2026年工作要点", "work_points"),
        ("应急要闻速览（1月15日）", "newsletter_digest"),
        ("湖北省应急管理厅厅长张某某：以新安全格局保障新发展格局", "signed_article"),
    ],
)
def test_a_title_says_what_it_is(title: str, reason: str | None) -> None:
    """The reason, or None for the conference itself."""
    assert lookalike(title, "hubei") == reason


def test_another_meeting_is_held_back_with_its_reason() -> None:
    """A text that opens with a city's conference is quarantined; the same words of the province are not."""
    (city,) = read_text(BODY.replace("全省", "宜昌市"), province="hubei")
    assert city.quarantine is not None
    assert (city.quarantine.reason.value, city.quarantine.detail) == ("not_provincial", "city_meeting")
    assert read_text(BODY, province="hubei")[0].quarantine is None

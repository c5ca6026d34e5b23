"""Is this article the province's own yearly work conference? Titles that only look like it are named."""

from __future__ import annotations

import re

from schema.provinces import PROVINCES, find_province

CONFERENCE = re.compile(
    r"(应急管理|应急系统|安全生产)[\w、和暨与及（）()]{0,16}?(工作会议|工作会|全省会议)|工作会议.{0,12}应急管理"
)
_NAMES = re.compile(
    "|".join(sorted((re.escape(n) for p in PROVINCES for n in (p.name, p.short)), key=len, reverse=True))
)

_REFUSALS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("symposium", re.compile(r"座谈会|务虚会|研讨会|恳谈会|茶话会|民主生活会|组织生活会")),
    ("press_conference", re.compile(r"新闻发布会|媒体通气会|答记者问|在线访谈")),
    ("relay", re.compile(r"(传达|学习|贯彻|收听收看|组织收看|党委会|党组会|中心组).{0,24}(会议|精神)")),
    ("earthquake_bureau", re.compile(r"地震局(?!.{0,10}应急管理厅)|防震减灾工作会议")),
    ("fire_corps", re.compile(r"消防(救援)?(总队|支队)|森林消防")),
    ("work_points", re.compile(r"工作要点|工作计划|年度计划")),
    ("work_summary", re.compile(r"工作总结|总结报告|述职|法治政府建设")),
    ("newsletter_digest", re.compile(r"应急速览|每日|日报|周报|一周|快讯汇总|简讯")),
    ("signed_article", re.compile(r"署名文章|^[^：:]{2,12}厅长[：:]|理论文章|学习时报|专访")),
    ("emergency_office", re.compile(r"应急办.{0,8}会议|应急办主任")),
    (
        "special_meeting",
        re.compile(
            r"(专题|调度|推进|视频|现场|动员|部署|培训|案例|党建|纪检|全面从严治党|财务|老干部)[^，,]{0,6}(会|会议|班)"
        ),
    ),
)
_PASS_WITH_CONFERENCE = frozenset({"special_meeting", "earthquake_bureau", "newsletter_digest"})
"""部署 after the conference's name, 应急管理和地震工作会议, 简讯: the conference speaks louder."""
_CITY = re.compile(r"^\W*(?:\d{4}年)?([\u4e00-\u9fff]{2,8}?(?:市|县|区|州|盟|旗|地区|新区|开发区))")
_OPENING = 400
"""Characters of a body in which a report names its conference."""


def lookalike(title: str, province: str | None) -> str | None:
    """Why a title is another meeting's or another kind of text, or None."""
    plain = re.sub(r"\s+", "", title)
    named = bool(CONFERENCE.search(plain))
    for reason, pattern in _REFUSALS:
        if pattern.search(plain) and not (named and reason in _PASS_WITH_CONFERENCE):
            return reason
    return "city_meeting" if _other_place(plain, province) else None


def refusal_of(title: str, body: str, province: str | None) -> str | None:
    """Why an article is not the yearly work conference of its province, or None when it is."""
    if not any(CONFERENCE.search(re.sub(r"\s+", "", part)) for part in (title, body[:_OPENING])):
        return "no_conference"
    return lookalike(title, province)


def _other_place(title: str, province: str | None) -> bool:
    """A title that opens with a city's, county's or another province's name."""
    found = _CITY.match(title)
    own = () if province is None else _own_names(province)
    if found and not found.group(1).startswith(own) and "全" not in found.group(1)[:1]:
        return not _is_level(found.group(1))
    named = _NAMES.match(title)
    return bool(named and own and not named.group(0).startswith(own))


def _own_names(slug: str) -> tuple[str, ...]:
    province = find_province(slug)
    return (province.name, province.short)


def _is_level(place: str) -> bool:
    """我市, 全市, 自治区 and the like name the province itself."""
    return place[0] in "我全本各" or place.startswith("自治")

"""When and where a meeting was held, and which year its plan is for, each with the words that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

_PLANS = re.compile(
    r"(?:部署|安排|谋划|明确|研究|做好|推进|聚焦)[^，。；]{0,16}?(?P<a>20\d\d)年(?!度?工作(?:总结|情况))[^，。；]{0,12}?(?:工作|任务|重点|要)|"
    r"(?P<b>20\d\d)年[^，。；]{0,6}(?:重点|主要)(?:抓好|做好|工作|任务)|(?P<c>20\d\d)年(?:是|作为)[^，。；]{0,24}(?:收官|开局|之年|第一年|攻坚)|"
    r"(?P<d>20\d\d)年[^，。；]{0,4}(?:全面|首先|着力|扎实|突出|深入)?(?:要|将)|(?P<e>20\d\d)年(?:全省|全市|全区|度)?[^，。；]{0,6}(?:工作目标|目标任务|工作要点|重点任务)|"
    r"(?P<f>20\d\d)年[^，。；\d]{0,10}应急管理[^，。；\d]{0,8}工作会议"
)
_REVIEWED = re.compile(
    r"(?:总结|回顾|肯定|通报|盘点)[^，。；]{0,10}?(?P<a>20\d\d)年|(?:指出|认为|^|。|\n)，?(?P<b>20\d\d)年，?[^。；]{2,60}?(?:下降|未发生|成功|双下降|累计|获评|人次|达到\d)|过去的?(?P<c>20\d\d)年"
)
_DATE = re.compile(r"(?<!\d)(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日")
_DAMAGED = re.compile(r"(?<![\d年月])(?P<d>\d{3,4})日")
_RELATIVE = re.compile(
    r"(?P<w>今天|今日|昨天|昨日|日前|近日)(?:（(?P<a>\d{1,2})日）)?|(?<![\d月])(?P<b>\d{1,2})日(?=[^，。]{0,24}(?:获悉|召开|举行|上午|下午|，))"
)
_MET = re.compile(r"召开|举行|获悉|会议")
_CITY = re.compile(
    r"(?:^|[，。\n日]|上午|下午|厅|局|会议)(?:以[^，。]{0,8}形式)?在(?P<city>[\u4e00-\u9fff]{1,6}?)(?:隆重|组织|胜利)?(?:召开|举行|开幕)"
)
_SHORT = {
    "汉": "武汉",
    "京": "北京",
    "沪": "上海",
    "津": "天津",
    "宁": "南京",
    "杭": "杭州",
    "榕": "福州",
    "洪": "南昌",
    "济": "济南",
    "郑": "郑州",
    "穗": "广州",
    "邕": "南宁",
    "蓉": "成都",
    "筑": "贵阳",
    "昆": "昆明",
    "并": "太原",
    "沈": "沈阳",
    "哈": "哈尔滨",
    "兰": "兰州",
    "银": "银川",
}
_NO_CITY = frozenset({"省", "全省", "会上", "厅", "本", "视频", "线上", "主会场"})


@dataclass(frozen=True, slots=True)
class PlanYear:
    """A plan year (None: unknown) and the words it rests on.

    ``stated``: the text itself names it; ``planned``: as the year of its plan, not only as the year after a review.
    """

    year: int | None
    evidence: str
    stated: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """Day and place of a meeting; ``flags`` say how far the day can be believed."""

    held_on: date | None = None
    city: str | None = None
    flags: tuple[str, ...] = ()


def plan_year_of(text: str, title: str = "") -> PlanYear:
    """The plan year that an evened-out text states: what it plans first, else the year after what it reviews."""
    for part in (text[:6000], title):
        best = _most_said(part)
        if best is not None:
            return best
    return PlanYear(None, "")


def _most_said(text: str) -> PlanYear | None:
    votes: dict[int, float] = {}
    words: dict[int, str] = {}
    planned: set[int] = set()
    for pattern, weight, step in ((_PLANS, 2.0, 0), (_REVIEWED, 1.5, 1)):
        for found in pattern.finditer(text):
            year = next(int(group) for group in found.groups() if group) + step
            votes[year] = votes.get(year, 0.0) + weight
            words.setdefault(year, found.group().strip("，。；\n"))
            planned.update({year} if step == 0 else ())
    if not votes:
        return None
    year = max(votes, key=lambda candidate: (votes[candidate], candidate))
    return PlanYear(year, words[year], stated=True, planned=year in planned)


def resolve_plan_year(
    stated: PlanYear, declared: int | None, published: datetime | None
) -> tuple[PlanYear, tuple[str, ...]]:
    """The year to file a text under: as declared, as stated, else by the calendar (a December page plans the next year)."""  # noqa: E501
    if declared is not None:
        differs = stated.year is not None and stated.year != declared
        evidence = stated.evidence if stated.evidence and not differs else "declared"
        return PlanYear(declared, evidence, not differs and stated.stated, not differs and stated.planned), (
            ("year_differs",) if differs else ()
        )
    if stated.year is not None:
        return stated, ()
    if published is not None:
        year = published.year + (published.month == 12)
        return PlanYear(year, f"published {published:%Y-%m-%d}"), ("year_from_calendar",)
    return PlanYear(None, ""), ()


def meeting_of(text: str, plan_year: int | None, published: datetime | None) -> Meeting:
    """Day and city from the opening of an evened-out text."""
    opening = text[:400]
    held_on, flags = _day(opening, plan_year, published)
    return Meeting(held_on, _city(opening), flags)


def _day(opening: str, plan_year: int | None, published: datetime | None) -> tuple[date | None, tuple[str, ...]]:
    for found in _DATE.finditer(opening):
        if not _MET.search(opening[found.end() : found.end() + 60]):
            continue
        month = int(found["m"])
        year = int(found["y"]) if found["y"] else _year_of(month, plan_year, published)
        day = _date(year, month, int(found["d"]))
        return (day, ()) if day else (_day_of(published), ("date_damaged",))
    damaged = _DAMAGED.search(opening)
    if damaged and _MET.search(opening[damaged.end() : damaged.end() + 60]):
        return _day_of(published), ("date_damaged",)
    relative = _RELATIVE.search(opening)
    if relative and _MET.search(opening[relative.end() : relative.end() + 60]):
        return _near(relative["a"] or relative["b"], published), ("date_relative",)
    return None, ()


def _near(day: str | None, published: datetime | None) -> date | None:
    if published is None:
        return None
    if day is None:
        return published.date()
    before = published.day >= int(day)
    month = published.month if before else (published.month - 2) % 12 + 1
    return _date(published.year - (not before and published.month == 1), month, int(day)) or published.date()


def _day_of(published: datetime | None) -> date | None:
    return published.date() if published else None


def _year_of(month: int, plan_year: int | None, published: datetime | None) -> int | None:
    if plan_year is not None:
        return plan_year - 1 if month >= 11 else plan_year
    return published.year if published else None


def _date(year: int | None, month: int, day: int) -> date | None:
    if year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _city(opening: str) -> str | None:
    found = _CITY.search(opening)
    if not found:
        return None
    city = _SHORT.get(found["city"], found["city"]).removesuffix("市")
    return None if city in _NO_CITY or len(city) < 2 else city

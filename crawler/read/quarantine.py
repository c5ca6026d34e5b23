"""Texts that must not become editions: stale, poisoned, or without a single task."""

from __future__ import annotations

import re

from crawler.read.dating import PlanYear
from crawler.read.periods import Dated, dated_terms, plausible_years
from schema.announcements import Quarantine, QuarantineReason

_ENOUGH = 2
_ENOUGH_AGAINST_A_STATED_YEAR = 4
"""A mirror may re-date an old text: then its own year is not believed against this many dated terms."""
_BROKEN_FIGURE = re.compile(
    r"(?<!\d)\d{1,9}[^\d\s.,%‰，。；、：万亿千百个多余（）—~+×/年月日时分至点-]{1,14}\.\d+(?:%|‰|万|亿)|(?<!\d)\d{1,9}[▮■□▯�]+[\d.]*"
)
_SPAM = re.compile(
    "博彩|娱乐城|娱乐平台|澳门[^，。]{0,4}(?:赌|葡京|新葡)|六合彩|棋牌|体育投注|在线投注|真人荷官|彩票平台|私服|代开发票|加微信|成人视频|老虎机|百家乐|下载APP送"
)
_TRADITIONAL = frozenset(
    "應會議產業發國務門開關單將實對於從進這個與為體學術電車長書東馬灣風險區總統預機構監訓練據點標準廳達縣鄉鎮務災責設備隊築礦氣檢動態層級"
)
_SIMPLIFIED = frozenset(
    "应会议产业发国务门开关单将实对于从进这个与为体学术电车长书东马湾风险区总统预机构监训练据点标准厅达县乡镇灾责设备队筑矿气检动态层级"
)
_ONLY_TRADITIONAL = re.compile(f"[{''.join(sorted(_TRADITIONAL - _SIMPLIFIED))}]")
_ONLY_SIMPLIFIED = re.compile(f"[{''.join(sorted(_SIMPLIFIED - _TRADITIONAL))}]")
_MANY_TRADITIONAL = 8


def held_back(text: str, plan_year: int | None, stated: PlanYear, *, deploys: bool) -> Quarantine | None:
    """Why an evened-out text is kept from becoming an edition, or None.

    Poison outweighs age, age outweighs an empty deployment: the first that holds is named.
    """
    found = poisoned(text) or stale(text, plan_year, stated)
    if found is None and not deploys:
        return Quarantine(QuarantineReason.RESULTS_ONLY, detail="no task for the year ahead in this text")
    return found


def stale(text: str, plan_year: int | None, stated: PlanYear) -> Quarantine | None:
    """A text whose dated terms, or whose own plan year, lie before the year it is filed under."""
    if plan_year is None:
        return None
    if stated.planned and stated.year is not None and stated.year < plan_year and f"{plan_year}年" not in text:
        return Quarantine(
            QuarantineReason.STALE_TEXT, (stated.evidence,), str(stated.year), "the text plans an earlier year"
        )
    hits = dated_terms(text)
    past = tuple(hit for hit in hits if hit.last < plan_year - 1)
    if len(past) < _needed(stated, plan_year) or _has_younger(hits, past):
        return None
    first, last = plausible_years(hits)
    period = str(first) if first == last else f"{first}–{last}"
    return Quarantine(
        QuarantineReason.STALE_TEXT, tuple(hit.words for hit in past), period, "speaks of these as current"
    )


def _needed(stated: PlanYear, plan_year: int) -> int:
    return _ENOUGH_AGAINST_A_STATED_YEAR if stated.year == plan_year and stated.stated else _ENOUGH


def _has_younger(hits: tuple[Dated, ...], past: tuple[Dated, ...]) -> bool:
    """True when the text also speaks of something that came only after the past terms had gone."""
    return any(hit.first > max(old.last for old in past) for hit in hits)


def poisoned(text: str) -> Quarantine | None:
    """Words injected into figures, advertising, or a clone in mixed scripts."""
    quotes = [found.group() for pattern in (_BROKEN_FIGURE, _SPAM) for found in pattern.finditer(text[:200_000])][:6]
    if quotes:
        return Quarantine(QuarantineReason.POISONED, tuple(quotes), detail="foreign words inside the text")
    traditional = _ONLY_TRADITIONAL.findall(text)
    if len(traditional) >= _MANY_TRADITIONAL and len(_ONLY_SIMPLIFIED.findall(text)) >= _MANY_TRADITIONAL:
        return Quarantine(
            QuarantineReason.POISONED, ("".join(traditional[:12]),), detail="traditional and simplified script mixed"
        )
    return None

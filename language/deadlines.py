"""By when a commitment falls due (codebook D5): calendar dates, seasons, lead times before an event."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from language.names import without_names
from language.numerals import CHINESE, DIGITS, numeral

_SEASONS: dict[str, float] = {
    name: month
    for names, month in tomllib.loads((Path(__file__).parent / "seasons.toml").read_text(encoding="utf-8")).items()
    for name in names.split()
}
_SEASON = "|".join(name.replace("前", "之?前") for name in sorted(_SEASONS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?:(?P<year>20\d\d)年|(?P<next>明年)|今年|本年|当年)?(?:"
    rf"(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:(?P<day>\d{{1,2}})日|(?P<part>底|末|上旬|中旬|下旬|初|中))?"
    rf"(?P<by>之?前|以前|起)?(?:全部|基本)?"
    rf"|(?P<season>{_SEASON})(?!检|安全)|(?P<end>年底之?前|年底|年末|年内))"
    rf"|(?:到|至)?(?P<bare>20\d\d)年(?:底|末)?(?:之?前|以前)"
)
_LEAD = re.compile(
    rf"(?P<event>[^，。；、\n]{{0,4}})(?:提前量?|前|早)(?:达到?|不少于|至少|不低于)?"
    rf"(?P<number>{DIGITS}|{CHINESE}|半)(?:个)?(?P<unit>小时|天|分钟|日)(?![前后内])"
    rf"|(?P<what>[^，。；、\n]{{0,4}}(?:登陆|来临|到来|启用|降临|影响|发生))(?P<ahead>{DIGITS}|{CHINESE}|半)(?:个)?(?P<span>小时|天|日)(?:之|以)?前"
)
_DONE_THEN = re.compile(r"完成|建成|投用|投入|竣工|完工|上线|启用|出台|印发|到位|达标")
_MINUTES = {"小时": 60.0, "天": 1440.0, "日": 1440.0, "分钟": 1.0}
_DAYS = {"上旬": 10, "初": 5, "中": 15, "中旬": 20, "下旬": 28, "底": 31, "末": 31}
_COMPLETION = re.compile(
    r"完成|建成|投用|投入|竣工|完工|上线|清零|达到|实现|出台|印发|到位|具备|启用|收尾|销号|达标|全部|见效|开工|运行"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """``month`` counts from the year's start (6.0: the end of June); ``lead`` is minutes before the event instead."""

    start: int
    end: int
    quote: str
    year: int | None = None
    month: float = 12.0
    lead: float | None = None
    default_horizon: bool = False
    """年内, 年底前: the default horizon of a yearly plan; a deadline only beside a completion verb."""
    completes: bool = False
    """The clause names a completion."""


@lru_cache(maxsize=4096)
def deadlines(text: str) -> tuple[Deadline, ...]:
    """The dates of a commitment, in order."""
    even = without_names(text)
    leads = [_lead(text, found) for found in _LEAD.finditer(even)]
    dates = [_date(text, even, found) for found in _DATE.finditer(even) if _is_date(found)]
    return tuple(sorted(leads + dates, key=lambda one: one.start))


def _is_date(found: re.Match[str]) -> bool:
    """A bare month is a season of work (6月安全生产月), not a date; 底, 前, 起, a day or a completion right
    behind it makes it one.
    """
    done = _DONE_THEN.match(found.string, found.end())
    return not found["month"] or bool(found["day"] or found["part"] or found["by"] or done)


def _date(text: str, even: str, found: re.Match[str]) -> Deadline:
    year = found["year"] or found["bare"]
    month = 12.0
    if found["season"]:
        month = _SEASONS[found["season"].replace("之前", "前")]
    elif found["month"]:
        day = int(found["day"]) if found["day"] else _DAYS.get(found["part"] or "", 0)
        month = numeral(found["month"]) - 1 + min(day, 30) / 30
    start, end = found.span()
    clause = re.split(r"[，；。\n]", even[start:])[0]
    default = bool(found["end"]) and not year
    return Deadline(start, end, text[start:end], int(year) if year else None, month,
                    default_horizon=default, completes=bool(_COMPLETION.search(clause)))  # fmt: skip


def _lead(text: str, found: re.Match[str]) -> Deadline:
    lead = numeral(found["number"] or found["ahead"]) * _MINUTES[found["unit"] or found["span"]]
    return Deadline(*found.span(), text[slice(*found.span())], lead=lead)

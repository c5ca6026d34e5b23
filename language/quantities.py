"""Every number that binds (codebook D4, T1–T9): what it counts, how it is compared, which way is stronger."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from language.asides import is_aside, is_base
from language.names import without_names
from language.numerals import CHINESE, DIGITS, numeral
from language.terms import words_of

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. ``value`` is in ``base`` units (minutes, metres, yuan, percent, times a year…)."""

    start: int
    end: int
    quote: str
    """Verbatim, with its comparator."""
    value: float
    base: str
    unit: str
    """As printed."""
    comparator: str
    """One of >= <= = ~ (about)."""
    smaller_is_stronger: bool = False
    delta: bool = False
    """The number measures a rise or a reduction."""
    stock: bool = False
    """Cumulative: compares only with its own kind."""
    counted: bool = True
    """False for a bare cycle (每季度通报): a frequency to compare, but no number of anything."""
    printed: float = 0.0
    """The value in the printed unit."""
    threshold: str = ""
    """">=" or "<=" where the number defines a class (30层以上住宅): scope, not target."""

    @property
    def binds(self) -> bool:
        """True for a target; a class or a trigger is none."""
        return not self.threshold


_TABLES = tomllib.loads((Path(__file__).parent / "units.toml").read_text(encoding="utf-8"))
_UNITS: dict[str, tuple[str, float]] = {
    unit: (base, factor)
    for base, table in _TABLES["units"].items()
    for units, factor in table.items()
    for unit in units.split()
}
_TIMES_A_YEAR = {
    "小时": 8760.0,
    "天": 365.0,
    "日": 365.0,
    "周": 52.0,
    "个月": 12.0,
    "月": 12.0,
    "个季度": 4.0,
    "年": 1.0,
}
_SPANS = (*"两二三四五六七八九十", *map(str, range(2, 61)))
_CYCLE: dict[str, float] = _TABLES["cycles"] | {
    f"{count}{unit}": times / numeral(count) for unit, times in _TIMES_A_YEAR.items() for count in _SPANS
}
_UNIT = "|".join(sorted(_UNITS.keys() - {"周"}, key=len, reverse=True))
_NUMBER = rf"(?:{DIGITS}|{CHINESE}|半)(?:千万|百万|万|亿|千)?"
_AMOUNT = re.compile(
    rf"(?P<pre>达到|至少有|不少于|不低于|不小于|不得少于|不得低于|至少|起码|超过|突破|高于|多于|不超过|不得超过|不高于|不多于|控制在|低于|少于|小于|"
    rf"(?:压减|压缩|缩短|降低?|减少|下降)(?:到|至)|(?:提高|提升|增加|扩充|扩大|增)(?:到|至)|保持在|达|约|近|大约)?(?:到|至)?"
    rf"(?P<number>百分之(?:{DIGITS}|{CHINESE})|{CHINESE}分之{CHINESE}|[一二三四五六七八九]成[一二三四五六七八九](?![大个项县市])|{_NUMBER})(?P<more>多|余|几)?"
    rf"(?P<unit>(?P<half>个半)小时|周(?!年)|{_UNIT})?(?P<and_half>(?<=[年天])半(?!径))?(?:/年)?"
    r"(?P<post>左右|上下|及?以上|及?以内|之内|及?以下|内(?![部容蒙设]))?"
)
_RANGE = re.compile(rf"({DIGITS}|{CHINESE})(?:%|个|名|人)?(?:至|到|—|-|～|~)$")
_WHOLE = re.compile(r"半数|(?<![超不])过半|一半")
_CYCLES = "|".join(sorted(_CYCLE, key=len, reverse=True))
_EVENTS = "次|场次?|轮|遍|批次?|期|回|班"
_COUNTED_LATER = rf"[^，。；\n□]{{1,7}}?(?:\d+|[一二两三四五六七八九十])(?:{_EVENTS})"
_FREQUENCY = re.compile(
    rf"(?:每个?|逐|(?P<other>隔)|按(?=[日周旬月季])|(?<![一二三四五六七八九十第\\d])(?P<one>一)(?=年(?!来)|[周天月季]|学期)(?={_COUNTED_LATER})|(?<![上下每])(?=半年{_COUNTED_LATER})|(?<![一二三四五六七八九十半第上下每隔\\d])(?=(?:半|[一两二三四六]|\d{{1,2}})个(?:月|季度){_COUNTED_LATER}))"
    rf"(?P<cycle>{_CYCLES})(?:度)?"
    rf"(?:[^，。；\n□]{{0,14}}?(?P<pre>不少于|至少|不低于|不超过|不多于)?(?P<count>\d+|[一二两三四五六七八九十]+)(?P<unit>{_EVENTS})(?P<post>以上)?)?"
    rf"|(?<![个\d])(?P<short>[日周旬月季])(?=调度|通报|跟踪|研判|会商|排名|点评|督导|巡查|清零|报告|调研)|(?<![一二三四上下本])(?P<adverb>月度|季度)(?=[\u4e00-\u9fff])"
    r"|(?P<halfyear>半年|一年|一季度|一月|一周)(?P<onece>一次|1次|一轮|1轮|一遍|1遍|一场|1场|一回)"
)
_LIMITING = re.compile(
    r"间距|半径|间隔|受害率|损失率|误报率|漏报率|迟报率|死亡率|死亡人数|亡人|事故起数|伤亡|门槛|检查次数|频次上限"
)
_REDUCING = re.compile(r"(?:下降|减少|压减|压降|降低|缩短|缩减|精简|下调|降幅|减幅)(?:比例|幅度)?[^，。；到至]{0,4}$")
_LASTING = re.compile(
    r"集训|培训|训练|驻训|轮训|受训|储备|满足|保存|保障|维持|演练|脱产|留存|自持|续航|开放|盯守|学习|值守|供应|存储|保持|可用|使用寿命|服务"
)
_SHARE = re.compile("分之|成")
_YEARLIKE = re.compile(r"^\d{4}$")
_PER = re.compile(r"每(?!季|月|年|周|日|天|半|学期|旬)|各(?!地|级|部门|类|项)")
_ORDINARY = re.compile(r"^[一两]$")
_FLOOR = words_of("达到 达 不少于 不低于 不小于 不得少于 不得低于 至少 至少有 起码 超过 突破 高于 多于 保持在")
_CEILING = words_of("不超过 不得超过 不高于 不多于 控制在 低于 少于 小于")


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of a commitment, in order, binding or defining a class; names, dates and statistics are left out."""
    even = without_names(text)
    cycles = list(_cycles(text, even))
    taken = [(one.start, one.end) for one in cycles]
    found = [one for one in _amounts(text, even) if not any(s < one.end and one.start < e for s, e in taken)]
    return tuple(sorted(cycles + found, key=lambda one: one.start))


def _cycles(text: str, even: str) -> Iterator[Quantity]:
    """Frequencies as times a year (T9); 每年 counts only with a number of times."""
    for found in _FREQUENCY.finditer(even):
        cycle = found["cycle"] or found["short"] or (found["adverb"] or "").removesuffix("度")
        if found["halfyear"]:
            cycle = found["halfyear"].removeprefix("一")
        if not cycle or (cycle == "年" and not (found["count"] or found["halfyear"])):
            continue
        if (found["one"] and not found["count"]) or is_base(even, *found.span()):
            continue
        start, end = found.span()
        times = numeral(found["count"]) if found["count"] else 1.0
        quote = text[start:end]
        capped = (found["pre"] or "") in _CEILING
        a_year = times * _CYCLE[cycle] / (2 if found["other"] else 1)
        yield Quantity(start, end, quote, a_year, "a year", found["unit"] or "次",
                       "<=" if capped else ">=", smaller_is_stronger=capped,
                       counted=bool(found["count"] or found["halfyear"]))  # fmt: skip
    for found in re.finditer(rf"全年[^，。；\n]{{0,10}}?(\d+|[两二三四五六七八九十]+)(?:{_EVENTS})", even):
        yield Quantity(*found.span(), text[slice(*found.span())], numeral(found[1]), "a year", "次", ">=")


def _amounts(text: str, even: str) -> Iterator[Quantity]:
    for found in _AMOUNT.finditer(even):
        if not found["unit"] and not _SHARE.search(found["number"]):
            continue
        if found["number"] == "一" and even[found.start("number") - 1 : found.start("number")] == "每":
            continue  # 每一名: each, not one
        try:
            quantity = _amount(text, even, found)
        except ValueError:  # numerals side by side (三五家, 百千) count nothing
            continue
        if quantity and not is_aside(even, found, quantity.base, quantity.comparator):
            yield quantity
    for found in _WHOLE.finditer(even):
        yield Quantity(*found.span(), text[slice(*found.span())], 50.0, "percent", "%", ">=")


def _amount(text: str, even: str, found: re.Match[str]) -> Quantity | None:
    number, unit = found["number"], found["unit"] or "%"
    base, factor = ("minute", 60.0) if found["half"] else _UNITS[unit]
    if (unit == "年" and (_YEARLIKE.match(number) or not (found["post"] or found["and_half"]))) or (base == "degree"):
        return None
    if _ORDINARY.match(number) and not (
        found["pre"] or found["post"] or base in ("person", "minute", "multiple") or _each(even, found)
    ):
        return None
    if unit == "成" and even[found.end("unit") : found.end("unit") + 1] in tuple("立本果效员功熟型为长都绩品分就"):
        return None
    if unit in ("日", "分") and not found["post"]:
        return None
    start, end = found.start(), found.end()
    pre, post = found["pre"] or "", found["post"] or ""
    value = _lower(even, found) * factor + (30 if found["half"] else factor / 2 if found["and_half"] else 0)
    before, after = even[max(0, start - 14) : start], even[end : end + 8]
    if (value, unit, pre, post) == (1440.0, "小时", "", ""):
        return Quantity(start, end, text[start:end], 1.0, "day and night", unit, "=")
    quantity = Quantity(start, end, text[start:end], value, base, unit, _comparator(pre, post))
    delta = bool(_REDUCING.search(before)) and not pre.endswith(("到", "至"))
    stock = "累计" in before or "总数" in before or "总量" in before
    quantity = replace(
        quantity, printed=_value(number), delta=delta, stock=stock, threshold=_threshold(quantity, post, before, after)
    )
    return replace(quantity, smaller_is_stronger=_falls(quantity, pre, before, after))


def _value(number: str) -> float:
    if number.startswith("百分之"):
        return 100.0 if number == "百分之百" else numeral(number[3:])
    if "成" in number:
        return 10 * numeral(number[0]) + numeral(number[2])
    if "分之" in number:
        below, above = number.split("分之")
        return 100 * numeral(above) / numeral(below)
    return numeral(number)


def _lower(even: str, found: re.Match[str]) -> float:
    """The lower end of a range (15至20人), else the number itself."""
    low = _RANGE.search(even, 0, found.start("number"))
    return _value(low[1]) if low else _value(found["number"])


def _each(even: str, found: re.Match[str]) -> bool:
    clause = re.split(r"[，；。\n]", even[: found.start()])[-1]
    twice = found["number"] == "两" and found["unit"] in ("场", "场次", "期", "批次")
    return twice or bool(_PER.search(clause)) or found["unit"] in ("次", "遍", "轮")


def _comparator(pre: str, post: str) -> str:
    if pre in ("约", "近", "大约") or post in ("左右", "上下"):
        return "~"
    if (
        pre in _CEILING
        or post in ("以内", "之内", "内", "以下", "及以下", "及以内")
        or pre.startswith(("压", "缩", "降", "减", "下"))
    ):
        return "<="
    return ">=" if pre in _FLOOR or post in ("以上", "及以上") else "="


def _threshold(one: Quantity, post: str, before: str, after: str) -> str:
    """A number that says whom the commitment is about: 30层以上住宅, 入井超过30人的矿山."""
    if one.base == "yuan" and not after.startswith("的"):
        return ""
    if one.base == "percent" and not (after.startswith("的") and before.endswith(("率", "比例", "占比", "比重"))):
        return ""
    goal = re.search(
        r"(?:有|派|达到|增至|不少于|下降|提高|增长|完成|新增|建设|培训|储备|组建|配备|布设|搬迁|每[^，。；]{0,6})[^，。；]{0,3}$",
        before,
    )
    ends = (
        not after
        or after[0] in "，；。、）\n"
        or one.quote.startswith(tuple(_FLOOR - {"超过", "高于", "多于", "达到"}))
    )
    if goal and goal.group().startswith("有") and "的" in after[:6]:
        goal = None  # 有10人以上的企业 is a class
    if post in ("以上", "及以上") and not goal and not ends:
        return ">="
    if post in ("以下", "及以下") and not ends:
        return "<="
    if one.quote.startswith(("超过", "高于", "多于", "达到", "低于", "不足", "少于")) and after.startswith("的"):
        return "<=" if one.quote[0] in "低不少" else ">="
    return ">=" if one.base == "storey" and not goal else ""


def _falls(one: Quantity, pre: str, before: str, after: str) -> bool:
    """T1: time limits, losses, spacing and permitted counts are stronger when smaller."""
    if one.delta:
        return False
    if one.comparator == "<=":
        return True
    if one.base == "lesson" or (
        one.base == "minute" and (pre in _FLOOR or _LASTING.search(before) or after.startswith("的"))
    ):
        return False
    return one.base == "minute" or bool(_LIMITING.search(before))

"""How a line or sentence opens that has no cue: with a task, a field of work, the plan year, a chain of 要…."""

from __future__ import annotations

import re

from crawler.read.slogans import is_slogan
from crawler.read.words import FORWARD, LEADING_VERB, looks_like_results
from schema.provinces import PROVINCES

_NAMED_ACTION = re.compile(
    r"^(?:实施|开展|打好|打响|打赢|推进)?“[^”]{2,12}”[^，。；：]{0,8}?(?:行动|工程|战|战役|计划|仗)(?=[，。：—]|$)|^[^，。；：“”\d]{3,14}(?:攻坚行动|提升行动|提升工程|攻坚战|专项行动|工程|主动仗|硬仗)(?=[。：—]|$)"
)
_FIELD_HEAD = re.compile(r"^在[^，。；：]{2,14}(?:方面|领域)。")
FIELD = re.compile(
    r"^(?:在)?[^，。；：]{2,14}?(?:方面|领域|上)(?:[，：—]|(?=要(?![求闻点素害务领])))|^(?:关于|至于)[^，。；：]{2,12}[，：]"
)
BRACKETED = re.compile(r"^【(?!字号|打印|关闭|来源|编者|记者|本报|本网|导读|作者|责任|编辑)[^】\n]{2,14}】(?=.{6})")
"""【安全生产】要…: the heading of a paragraph."""
_ANAPHORA = re.compile(
    "^(?:要|着力|聚力|全力|奋力|合力|聚焦|围绕|突出|紧盯|狠抓|打好|打赢|打响|坚持|面向|立足|锚定|紧扣|瞄准)"
)


_NOW = "(?:20\\d\\d年|今年|全年|明年|新的一年|新年度|下一步|下一阶段|下步|接下来)"
_OURS = "(?:我们|(?:我|全|本)(?:省|市|区)|[^，。；：]{0,12}?(?:厅|局|系统|部门))?"
_WE = f"{_OURS}(?:各级)?(?:应急管理|应急)?(?:系统|工作|部门|战线)?"
_PROVINCE = "(?:" + "|".join(province.short for province in PROVINCES) + ")(?:省|市|自治区)?"
_THIS_YEAR = re.compile(
    rf"^(?:(?:为此|因此|此外)，)?(?:{_NOW}，?(?:{_WE}|{_PROVINCE})|(?:我|全|本)(?:省|市|区)(?:应急管理)?(?:系统)?)，?(?:还)?(?=(?:要|将)(?![求闻点素害务领近]))"
)
_PREAMBLE = re.compile(
    rf"^(?:{_NOW}，)?(?:(?:抓好|做好|推进|完成)[^，。；：]{{0,18}}?(?:工作|任务)|当前和今后一个时期|岁末年初|面对[^，。；：]{{2,14}})，(?=[^，；：]{{0,12}}?(?:要|必须)(?![求闻点素害务领]))"
)


def preamble(rest: str) -> int:
    """How long the words are that only lead up to the tasks: 做好今年工作，要…"""
    found = _PREAMBLE.match(rest)
    return found.end() if found else 0


def after_year(line: str) -> int:
    """Where the words of a line begin that opens with the plan year: 2026年，全省应急管理系统要…"""
    field = FIELD.match(line)
    begin = field.end() if field else 0
    dated = _THIS_YEAR.match(line[begin:])
    return begin + dated.end() if dated else 0


_CHAIN = re.compile(r"(?:^|[，。；：、]|方面|领域|上)(?:还|也|更)?要(?![求闻点素害务领道地塞件]|清醒|看到|认识)")
_LINKS = 2
"""要…，要…: two links make a chain, whatever stood before."""
_LEAST_TASKS = 3
_CONVENES = re.compile("(?:召开|举行)[^，。；]{0,24}(?:会议?|大会)$")
"""上海市应急管理局召开会议，…: an event, which nobody commits to."""


def leads_deployment(line: str, *, looked_back: bool = False) -> bool:
    """True when a paragraph without any cue opens like a task: a verb, a named action, a field of work.

    ``looked_back``: the paragraph before told results; a mere run of verbs may then be more of them.
    """
    if after_year(line):
        return True
    line = BRACKETED.sub("", line)
    first = re.split("[，。；：—]", line, maxsplit=1)[0]
    if len(_CHAIN.findall(line)) >= _LINKS:
        return True
    if _NAMED_ACTION.match(line) or _FIELD_HEAD.match(line):
        return True
    if _tells_results(line) or is_slogan(line):
        return False
    return bool(_ANAPHORA.match(first) or LEADING_VERB.match(first) or FIELD.match(line)) or (
        not looked_back and _reads_as_plan(line)
    )


def _tells_results(line: str) -> bool:
    """True where the sentences that tell results are no fewer than those that bind to something."""
    parts = [part for part in re.split("[。；]", line) if part]
    done = sum(looks_like_results(part) and not FORWARD.search(part) for part in parts)
    return looks_like_results(line) and done * 2 >= len(parts)


def _reads_as_plan(line: str) -> bool:
    """True for a line of several tasks, most of which open with a verb or bind to something."""
    parts = [part for part in re.split("[。；，]", line) if part]
    if any(map(_CONVENES.search, parts[:2])):
        return False
    tasks = sum(bool(LEADING_VERB.match(part) or FORWARD.search(part)) for part in parts)
    return len(parts) >= _LEAST_TASKS and tasks * 2 >= len(parts)

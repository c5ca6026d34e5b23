"""Slogans and attitudes: sentences whose object is a posture, a feeling or an aphorism (codebook 1.3)."""

from __future__ import annotations

import re

from crawler.read.fields import TALK, fields
from crawler.read.headings import OWN_OBJECT
from crawler.read.words import APHORISM, ATTITUDE, LEADING_VERB, SAFEKEEPING, SPIRIT_ADJUNCT, VERB

_SPLIT = re.compile("[，；：]")
_RITUAL = re.compile(
    "以习近平新时代中国特色社会主义思想为指导|(?:全面|深入)?(?:学习)?贯彻(?:落实)?[^，]{0,30}?(?:精神|重要论述|重要讲话|重要指示|决策部署)|"
    "坚持人民至上、?生命至上|(?:更好)?统筹(?:好)?(?:高质量)?发展和(?:高水平)?安全|以高水平安全(?:保障|服务)高质量发展|(?:提供|作出)[^，]{0,8}(?:保障|支撑|贡献|环境)|"
    "^(?:确保|保障|维护|守护)(?:人民)?群众生命财产安全(?:和社会(?:大局)?稳定)?$|(?:深刻|认真|全面|准确)?(?:领会|把握|学习|传达)[^，]{0,20}(?:精神|要求|部署)(?=，|$)|(?:紧密)?结合实际抓好(?:贯彻)?落实|(?:加强|强化)组织领导|(?:确保|推动)各项任务[^，]{0,10}|(?:加强|强化)组织领导|(?:确保|推动)各项任务[^，]{0,10}|把(?:各项)?(?:任务|工作|措施|部署)(?:抓|落|做)[^，]{0,14}|(?:迅速行动|狠抓落实|开好局|起好步|良好开局|开门红|稳字当头)|力戒(?:形式主义|官僚主义)|以[^，]{2,10}(?:实绩|实效|成效)检验[^，]*|^(?:切实|认真|全力)*(?:抓好|推动|狠抓)(?:各项)?(?:工作|任务)?落实(?:见效|到位)?$|严守纪律|务求实效|迅速传达学习|落地见效|走深走实|落到实处|守住不发生[^，]{2,10}的底线|为[^，]{2,24}(?:(?:提供|创造|营造)[^，]{0,14}(?:保障|支撑|环境|条件|保证|屏障|动能|动力|力量|氛围)|(?:奠定|打下|贡献|作出)[^，]{0,20})$|"
    "^(?:今年|20\\d\\d年|明年)?是[^，]{2,30}(?:之年|一年|关键期)|[^，]{0,14}是“?十[一二三四五六]五”?[^，]{0,12}之年|^(?:要|必须)?(?:清醒|充分|深刻)?(?:认识|看到|认清|把握(?!好))"
)
_POSITIONAL = re.compile(
    "^(?:各级|各地|全省|全系统|全市|全区|各部门|应急管理系统|广大|全体|大家|我们|干部职工|各单位|部门)+[^，]{0,10}?(?=要|必须|务必)"
)
_WE_SHALL = re.compile("^(?:我们)?将(?=以)")
_LEAD = re.compile("^(?:要|必须|务必|始终|更要|还要|也要|既要|又要|都要|决不能|绝不能)+")
_REAL_OBJECT = re.compile(
    "隐患|机制|制度|预案|队伍|演练|培训|检查|执法|物资|设施|装备|平台|系统|企业|监测|预警|值班|值守|考核|整治|行动|工程|试点|规划|条例|办法|标准|清单|台账|经费|资金|"
    "监管|网格|信息员|责任制|风险点|责任人|排查|治理|搬迁|改造|救援|救助|避险|宣传|报表|文件|会议|问题|事故|案卷|专家|"
    "场所|避难|避险|避灾|医院|公路|锅炉|作业|设备|保险|产能|管网|以罚代管|一刀切|法规|证照|"
    "管线|燃气|危化|矿|林火|水库|堤|学校|社区|乡镇|村|灾害"
)


def _names_object(clause: str) -> bool:
    """Whether a clause names what a task is about."""
    return bool(_REAL_OBJECT.search(clause)) or bool(fields(clause) - TALK)


def is_posture(clause: str) -> bool:
    """True when one clause, by itself, binds nobody to anything a supervisor could ask about."""
    core = _LEAD.sub("", _POSITIONAL.sub("", _WE_SHALL.sub("", clause)))
    spirit = SPIRIT_ADJUNCT.match(core)
    if spirit and core.startswith(("以", "拿出", "发扬", "弘扬", "保持")):
        core = core[spirit.end() :]
        return not VERB.search(core) or _is_attitude(core)
    return _is_attitude(core) or bool(_ALL_WORK.match(core))


_ALL_WORK = re.compile(
    "^(?:[^，\\d]{0,10}(?:抓好|做好|推进|推动|抓实|做实)[^，\\d]{0,12}各项工作|[^，\\d]{0,12}推进工作|"
    "推动[^，\\d]{0,12}事业[^，\\d]{0,8}发展|突出重点、[^，\\d]{2,6}|以[^，\\d]{2,14}(?:举措|标准|实绩)(?:守护|护航)[^，\\d]{2,20})$"
)
"""The whole work and nothing in it."""
_EXAMPLE = re.compile(
    "亲力亲为|靠前指挥|以身作则|率先垂范|身体力行|高度重视|提高站位|振奋精神|凝心聚力|统一思想|提高认识|主动担当"
)


def is_leading_posture(clause: str) -> bool:
    """True for an opening clause that only strikes an attitude: 主要负责同志要亲力亲为，每季度…"""
    return bool(_EXAMPLE.search(clause)) and not _REAL_OBJECT.search(clause)


def _is_attitude(core: str) -> bool:
    if SAFEKEEPING.match(core) or APHORISM.search(core):
        return True
    if not ATTITUDE.search(core) and not _RITUAL.search(core):
        return False
    bare = _RITUAL.sub("", ATTITUDE.sub("", core))
    return not (_names_object(bare) and VERB.search(bare))


def is_slogan(sentence: str) -> bool:
    """True when a sentence holds a posture or an aphorism and no clause with a task of its own."""
    parts = [part for part in _SPLIT.split(sentence) if part]
    postures = [is_posture(part) for part in parts]
    if not any(postures) and not APHORISM.search(_LEAD.sub("", sentence)):
        return False
    if not postures[0] and all(postures[1:]) and SAFEKEEPING.match(_ADVERB.sub("", parts[-1])) and _is_said(parts[0]):
        return False  # a task with a result tail
    rest = [part for part, posture in zip(parts, postures, strict=True) if not posture]
    if sum(bool(LEADING_VERB.match(_LEAD.sub("", part))) for part in rest) >= _SEVERAL:
        return False
    return not any(_has_task(part) for part in rest)


_ADVERB = re.compile("^(?:坚决|切实|全力|真正|有力|有效|持续)+")
_LEAST_SAID = 8
_SEVERAL = 3
"""Clauses that open with a verb, beside a posture: a chain of tasks under it."""


def _is_said(clause: str) -> bool:
    """A clause long enough to name who does what."""
    return len(clause) >= _LEAST_SAID and not APHORISM.search(clause) and not clause.startswith(("要", "必须", "以"))


def _has_task(clause: str) -> bool:
    return bool(
        any(char.isdigit() for char in clause)
        or (VERB.search(clause) and (_names_object(clause) or OWN_OBJECT.search(clause)))
        or _object_led(clause)
    )


def _object_led(clause: str) -> bool:
    return clause.startswith(("把", "将", "由", "对")) and len(clause) > 8

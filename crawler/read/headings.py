"""Is the first sentence of an unmarked item its heading, or its first task?"""

from __future__ import annotations

import re

_NAMED = re.compile(r"(?:行动|工程|硬仗|战役|攻坚战|主动仗|计划|仗)$")
_ANAPHORA = re.compile(r"^(?:要)?(?:着力|聚焦|围绕|突出|紧扣|锚定|立足|面向)")
OWN_OBJECT = re.compile(
    r"[\d“《]|成立|设立|制定|修订|编制|出台|印发|组建|建成|新建|新增|组织|举办|开展|召开|完成|更换|改造|安装|配备|配齐|储备|布设|"
    r"推广|推行|试点|查处|关闭|淘汰|退出|签订|纳入|表彰|加密|接入|派驻|轮训|招录|发放|取缔|拆除|搬迁|"
    r"企业|管道|管线|管网|水库|堤坝|尾矿|矿井|化工|烟花|粉尘|场所|小区|学校|校车|医院|养老|景区|索道|船舶|渔船|车辆|"
    r"加油站|园区|乡镇|村|社区|预案|条例|办法|制度|机制|平台|系统|清单|台账|演练|检查|检修|培训|名单|物资|资金|经费|"
    r"指引|标准|广播|直升机|无人机|基地|中心|站点|网格员|信息员|志愿|课程|基金|安责险|举报|警示教育|作业|工地|工艺"
)
_GENERAL = re.compile(
    r"(?:能力|水平|体系|风险|效能|质效|基础|根基|底座|底板|队伍|作风|防线|底线|关口|末梢|责任|保障|支撑|攻坚|治理|监管|救援|"
    r"救灾|减灾|执法|改革|现代化|格局|合力|任务|准备|整治|工作|氛围|素养|素质|文化|建设|本领|安全|发展|管理|防控|防范|"
    r"处突|预警|短板|链条|根本|质量|重点|效率|服务|生态|动能|优势|防御|防治|隐患|落实|转型|法治|创新|协同|底数|大局|稳定)$"
)
_SHORT = 12
_SEQUENCE = re.compile(r"^(?:首先|其次|再次|同时|此外|另外|最后)，(?P<rest>[^，；\d“]{4,16})$")
"""首先，把重大风险管控住。 counts headings off."""
_WATCHWORD = re.compile(
    r"^(?:还|也|更)?要?(?:突出|持续|继续|全力|着力)?(?:抓牢|做好|抓紧|严管|严控|严防|管好|管住|守住|守好|抓好|抓实|盯紧|盯住|紧盯|防住|筑牢|夯实|强化|提升)[^，；\d“]{2,6}$"
)
"""严管工矿企业。 and the like name a field in a handful of characters."""
_QUOTED = re.compile(r"^“[^”]{1,8}”(?:字[^，；\d]{2,4}|[^，；\d“]{2,10})$")
"""“防”字当头 and “三级联动”指挥救援 name a field by a catchword."""
_MANNER = re.compile(r"^要?以更[^，；]{1,5}(?:标准|要求|举措|力度|作风|手腕|行动|准备|担当|姿态|措施|责任|本领)")
_ALL_WORK = re.compile(
    r"^(?:要|将)?(?:统筹)?(?:抓好|做好|抓实|推进)[^，；\d]{0,20}(?:各项|重点|全年|全面)(?:重点)?(?:工作|任务)$"
)
_BATTLE = re.compile(r"^要?打[好赢响]“?[^，；\d“”]{2,12}(?:仗|战|战役)”?$")
_FIRST_WORD = re.compile(r"^(?:突出|在)?“[^”]{1,4}”字[^，；\d]{1,4}$")
_EFFORT = re.compile(
    r"^要?在“[^”]{1,3}”字?上[^，；\d]{2,5}$|^要?在[^，；\d]{2,16}?(?:上|方面|中|领域)?(?:持续|集中|协同|狠|多|再)?(?:下[真苦细狠大足硬]?功夫|下[大狠]?力气|求突破|求实效|见成效|见实效|见真章|发力|用力|加力|使劲|攻坚|出实招)$"
)
_FIELD = re.compile(r"^在?[^，；\d]{2,12}(?:方面|领域)$")
_PRINCIPLE = re.compile(r"^(?:要|必须)?坚持[^，；\d“]{2,10}$")
_PAIRED = re.compile(r"^要?(?P<one>[^，；、\d“]{4})、(?P<two>[^，；、\d“]{4})$")
_OBJECT_LED = re.compile(r"^(?:要)?(?:把|将|对|由)")


_COUPLET = re.compile(
    r"^要?(?:坚持|突出|聚焦|围绕|紧盯|锚定|立足|紧扣|着眼|树牢|把牢|抓牢)(?P<one>[^，；。：\d]{2,14})，"
    r"(?:更好|更加|持续|切实|不断|大力)?(?:(?P<pressing>着力|全力|奋力|努力|合力)|推动|全面|提升|筑牢|夯实|守牢|建强|锻造|打造|严防|强化)(?P<two>[^，；。：\d]{2,16})$"
)


def is_couplet(one: str, two: str) -> bool:
    """True for two clauses that head a paragraph together: 坚持关口前移，着力防御极端天气."""
    both = _COUPLET.match(f"{one}，{two}")
    if not both or not (both["pressing"] or _GENERAL.search(two)):
        return False
    return not any(OWN_OBJECT.search(words) for words in (one, two))


def is_catchword(clause: str) -> bool:
    """True for a clause that heads a sentence by its form: 突出重点、精准施策 or 以更高标准抓好安全生产."""
    return bool(_PAIRED.match(clause) or _ANAPHORA.match(clause) or _MANNER.match(clause)) and is_general(clause)


def is_battle(clause: str) -> bool:
    """True for 打好防汛抗旱硬仗, which names a field wherever it stands."""
    return bool(_BATTLE.match(clause))


def is_effort(clause: str) -> bool:
    """True for 在防震减灾上下功夫, which names a field and how hard one tries."""
    return bool(_EFFORT.match(clause))


def is_first_word(clause: str) -> bool:
    """True for “防”字为先, a paragraph's one word and nothing else."""
    return bool(_FIRST_WORD.match(clause))


def is_watchword(clause: str) -> bool:
    """True for a handful of characters that name a field: 抓好源头防范."""
    return bool(_WATCHWORD.match(clause))


def is_general(sentence: str) -> bool:
    """True where a sentence names a field of work, as a heading does, rather than a task with an object of its own."""
    if _SEQUENCE.match(sentence) or _WATCHWORD.match(sentence):
        return True
    first = _MANNER.sub("", sentence.split("，", 1)[0])
    if _QUOTED.match(sentence) or _PRINCIPLE.match(first) or _FIELD.match(sentence) or _ALL_WORK.match(first):
        return True
    if _NAMED.search(first) or _ANAPHORA.match(first):
        return True
    if _OBJECT_LED.match(first) or OWN_OBJECT.search(first):
        return False
    return len(first) <= _SHORT or bool(_GENERAL.search(first))

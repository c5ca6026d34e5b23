"""How a clause hangs on its neighbours where commas are the only boundaries (codebook U2, U4, U6)."""

from __future__ import annotations

import re
from enum import Enum

from crawler.read.words import VERB


class Joint(Enum):
    """APART: a unit of its own. BEFORE: belongs to the clause before. AFTER: belongs to the clause that follows."""

    APART = "apart"
    BEFORE = "before"
    AFTER = "after"


_TIME = r"(?:20\d\d年|今年|明年|全年)?(?:第?[一二三四\d]季度|[\d一二三四五六七八九十]+月(?:\d+日)?|上半年|下半年|年|汛|春节|入冬|入汛|供热|开学)?(?:底|末|初)?(?:之?前|内|底)?"  # noqa: E501
_RESULT = re.compile(
    r"^(?:(?:切实|真正|全力|坚决|努力|不断|进而|以便|从而|最大限度|全面|有效|有力|持续|进一步|着力|稳步)*)"
    r"(?:确保|实现|形成|做到|使|进而|以便|从而|力求|从源头上|从根本上|营造|激发|锤炼|检验|带动|为[^，]{2,24}(?:提供|奠定|打下|创造|解|减|增)|"
    r"为(?:基层|企业|群众)|让[^，]{1,12}(?:放心|安心|满意|看得懂|用得上)|作为|并|切实为|推动责任|赋能|避免|减轻[^，]{0,4}(?:损失|负担)|保障[^，]{0,8}(?:生命|群众|人民|民生)|守护|维护[^，]{0,10}(?:稳定|安全)$|以[^，]{1,8}促|惠及|辐射|补上|缓解)"
)
_SOFT_RESULT = re.compile(
    r"^(?:切实|真正|努力|不断|全面|有效|有力|持续|进一步|大幅|着力|稳步|坚决)*(?:提升|提高|增强|打通|打造|防止|严防|让|筑牢|促进|守住|守牢|消除|减少|降低|解决|化解|推动[^，]{2,14}(?:提升|转变|转型|升级|到位)|打赢|织牢|织密)"
)
_LAST_MILE = re.compile("打通[^，]{0,10}“?最后")
_QUALIFIES = re.compile(
    rf"^(?:逐[\u4e00-\u9fff]|一[\u4e00-\u9fff]一策|先[^，]{{2,6}}后[^，]{{2,6}}$|同一[^，]{{2,6}}(?:不|只)|优先[^，]{{2,12}}$|覆盖[^，]{{0,6}}(?:\d|[一二三四五六七八九十]+个|各|全|所有)|深入[^，、]{{2,6}}、|"
    rf"其中|重点(?:整治|查处|检查|查看|排查|打击|做好|抓|加强|解决|聚焦|围绕|是)|包括|尤其是|特别是|不少于|不低于|不超过|至少|同步|由[^，]{{2,14}}$|{_TIME}(?:前|内|底前)(?:全部|基本)?"
    rf"(?:完成|建成|投用|投入使用|到位|收尾|实现|落实|开工|完工|上线|出台|清零|启动)[^，]{{0,4}}$|从\d+月|自\d+月|(?:纳入|列入|接入|计入|记入|作为)|(?:引导|帮助|督促|指导|要求|推动)?其(?!中|他)|"
    r"(?:省级?|市级?|县级?|财政|中央)[^，]{0,6}(?:给予|补助|奖补|奖励|兜底)|每[^，]{1,4}(?:不少于|至少|不低于|不超过)|(?:人口|重点)[^，]{2,8}优先$|(?:结果|情况|名单)[^，]{0,8}(?:公开|公示|通报|挂钩|运用)|[^，]{0,16}(?:公布|公示|公开)名单$|[^，]{0,4}(?:成绩|得分|排名)(?:纳入|列入|计入|作为|与))"
)
_SANCTION = re.compile(
    r"(?:的|者)(?:，)?(?:一律|立即|公开曝光|依法|坚决|予以|严肃|责令|约谈|不得|停|通报|问责|追究|查封|撤|列入|纳入|取消|从严|从重|提级|严格|限期|一票否决)|^(?:年度|年终)?[^，]{0,6}(?:不得评|一票否决)|^(?:对|凡|未|拒不|逾期|连续|整改不)[^，]{2,18}的(?:，|$|一律|依法|予以|坚决|严肃|责令)"
)
_METRIC = re.compile(
    r"^[^，\d]{0,6}?(?:率|面|比例|数量|权重|占比|分值|点|人数|次数|时间|标准|规模|总数|里程|面积)(?:达到|不低于|不少于|不超过|达|提高到|提升到|控制在|保持在|为|均)*(?=[\d一二三四五六七八九百全]|$)"
)
_SUM = re.compile(
    r"^[^，\d]{0,8}?(?:最高|最低|最多|平均|至少|上限|额度)(?:达到|达|为|不低于|不超过)?[\d一二两三四五六七八九十百千万]"
)
"""单次奖励最高5万元: how much, of what was just named."""
_PACE = re.compile(r"^每[^，]{1,6}(?:次|轮|遍|回|场)$")
_ADJUNCT = re.compile(
    r"^(?:以|通过|按照|按|依托|针对|坚持|围绕|聚焦|紧盯|瞄准|立足|着眼|结合|对照|对标|根据|依据|依照|利用|借助|发挥|充分发挥|突出|抢抓|总结|打破|破解|面对|为|为了|随着|紧扣|锚定|紧紧围绕|本着|遵循|把握|统筹)"
)
_WAITS = re.compile(
    r"(?:前提下|基础上|过程中|期间|同时|之前|之后|以后|时|后|中|下|地方|来临前|发布|为牵引|为抓手|为主线|为目标|为契机|为重点|为导向|为核心|要求|目标|思路|原则|标准|理念|作用|优势|问题|短板|机遇|形势|特点|实际|需求|方针|主线|壁垒|难题|的)$"
)
_CONDITION = re.compile(
    r"^遇有?[^，]{2,10}(?:天气|降雨|险情|汛情|灾情|灾害|情况)$|^(?:在|当|一旦|遇|遇有|凡|对|自|自从|从)[^，]*?(?:的|时|后|中|下|上|期间|地方|前|企业|单位|地区|部门)$|一经[^，]+$"
)


_OBLIGED = re.compile("^(?:要|必须)(?=坚持|以|突出|聚焦|围绕)")


def joint(before: str, clause: str) -> Joint:
    """How ``clause`` hangs together with ``before``, the clause in front of it ("" where there is none)."""
    clause = _OBLIGED.sub("", clause)
    if _is_adjunct(clause):
        return Joint.AFTER
    if before and _leans_back(before, clause):
        return Joint.BEFORE
    return Joint.APART


_PRINCIPLE = re.compile(r"^坚持[^，；\d]{2,10}$")


def _is_adjunct(clause: str) -> bool:
    if _CONDITION.search(clause) or _PRINCIPLE.match(clause):
        return True
    return bool(
        _ADJUNCT.match(clause)
        and (_WAITS.search(clause) or len(VERB.findall(clause)) <= (1 if VERB.match(clause) else 0))
    )


def _leans_back(before: str, clause: str) -> bool:
    if _RESULT.match(clause) or _QUALIFIES.match(clause) or _SANCTION.search(clause) or _LAST_MILE.search(clause):
        return True
    if len(clause) <= 4 or _METRIC.match(clause) or _SUM.match(clause):
        return True
    if clause.startswith(("由", "每")) and (_is_short(clause) or shares_object(before, clause)):
        return True
    if _SOFT_RESULT.match(clause):
        return shares_object(before, clause) or len(clause) <= 9
    return not VERB.search(clause) and shares_object(before, clause)


def _is_short(clause: str) -> bool:
    """由市级领导包保, 每季度开展一次: nothing of its own is named."""
    if clause.startswith("由") or not VERB.search(clause):
        return len(clause) <= _SHORT
    return bool(_PACE.match(clause)) and len(clause) <= _SHORT


_SHORT = 12
_COMMON = re.compile("安全|应急|管理|工作|全省|全市|重点|重大|风险|推进|加强|开展|建设|完善|机制|落实|提升|能力|水平")


def shares_object(before: str, clause: str) -> bool:
    """True when two clauses name the same thing: they share two characters in a row outside the field's common words."""  # noqa: E501
    one, other = _COMMON.sub("，", before), _COMMON.sub("，", clause)
    pairs = {one[i : i + 2] for i in range(len(one) - 1)}
    return any(other[i : i + 2] in pairs for i in range(len(other) - 1) if "，" not in other[i : i + 2])

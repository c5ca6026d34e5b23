"""D9: who answers for it (A1, A2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from differ.lexicon import Cue
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, highest, span_of
from schema.changes import Confidence, Dimension

ACTOR = Dimension.ACTOR
_NAMED = re.compile(
    r"由(?P<who>(?!各|有关|相关)[^，；。、由]{2,16}?)(?:牵头|负责|包保|包联|包案|组织|约谈|给予|实施|上报|报送|落实|承担|主责|督办|挂牌|登记|把关|审核|审批|审查|选址|验收|签字|签发|确认|核查|检查|督导|调度|值守|带班|驻守|包抓|测试|复查)"
)
_CARRIER = re.compile(
    r"依托(?P<who>[^，；。、]{2,12}?(?:总队|支队|队伍|公司|企业|集团|医院|院校|协会|机构))|以(?P<other>[^，；。、]{2,12}?)为依托"
)


_RANKED = re.compile(
    r"(?P<place>省级|自治区级|市级|州级|盟级|县级|区级|旗级|乡镇|镇街|乡级|村级)(?:党委政府|党政|党委|政府|安委会)?(?:主要|分管|包联|包保)?(?:领导|负责人|负责同志|干部)"
    r"|(?<!副)(?P<post>省长|市长|州长|盟长|县长|区长|旗长|乡镇长|镇长|乡长|村长|村主任)(?![效期大度距热])"
)
_AGENT = re.compile(
    r"由(?P<place>省|自治区|市|设区市|州|盟|县|区|旗|乡|镇|街道|村)(?:级|（[^）]*）)?[^，；。、由]{0,8}?"
    r"(?:局|厅|委员会|部门|政府|安委会|安委办|防指|专班|党委|党政|单位|机构)"
)
"""由县级应急局每月核查: the body that acts, by its level."""
_CHIEF = 3
_PLACES = (
    (re.compile(r"省|自治区"), 5),
    (re.compile(r"乡|镇"), 2),
    (re.compile(r"村"), 1),
    (re.compile(r"市|州|盟"), 4),
    (re.compile(r"县|区|旗"), 3),
)


def _rank(side: Wording) -> tuple[int, tuple[int, int]] | None:
    """The administrative level of the leader named, 5 a province's, 1 a village's."""
    found = _RANKED.search(side.bare)
    if found:
        place = found["place"] or found["post"]
    elif found := _AGENT.search(side.bare):
        place = found["place"]
    else:
        return None
    return next(level for pattern, level in _PLACES if pattern.search(place)), found.span()


_BY = re.compile("由(?!于|此|各|有关|相关|点|[浅表内外近远])[\u4e00-\u9fff]{2,8}")


def _same_follow_up(judged: Judged) -> bool:
    """The same class of follow-up on both sides (9.3)."""
    old, new = (highest(cues) for cues in judged.cues("accountability"))
    return bool(old and new and old.level == new.level)


def _who(named: re.Match[str]) -> str:
    return named["who"]


def judge(judged: Judged) -> Iterator[Verdict]:
    """A more or less senior person, a party named or lost."""
    ranks = _rank(judged.old), _rank(judged.new)
    if ranks[0] and ranks[1] and ranks[0][0] != ranks[1][0]:
        direction = UP if ranks[1][0] > ranks[0][0] else DOWN
        yield Verdict("actor.seniority", ACTOR, direction, ranks[0][1], ranks[1][1])
        return
    old, new = judged.cues("actors")
    before, after = highest(old), highest(new)
    if before and after and before.level != after.level:
        direction = UP if after.level > before.level else DOWN
        yield Verdict("actor.seniority", ACTOR, direction, span_of(before), span_of(after))
        return
    yield from _followed_up(judged, before, after)
    yield from _carried(judged)
    yield from _named(judged, before, after)


def _followed_up(judged: Judged, before: Cue | None, after: Cue | None) -> Iterator[Verdict]:
    """约谈 becomes 约谈主要负责人: the same follow-up, and now somebody is named for it."""
    if not _same_follow_up(judged):
        return
    if _is_chief(after) and not before:
        yield Verdict("actor.named", ACTOR, UP, None, span_of(after), Confidence.MEDIUM)
    elif _is_chief(before) and not after:
        yield Verdict("actor.lost", ACTOR, DOWN, span_of(before), None, Confidence.MEDIUM)


def _is_chief(cue: Cue | None) -> bool:
    return bool(cue and cue.level >= _CHIEF)


def _carried(judged: Judged) -> Iterator[Verdict]:
    old, new = _CARRIER.search(judged.old.bare), _CARRIER.search(judged.new.bare)
    if new and not old:
        yield Verdict("actor.carrier_named", ACTOR, UP, None, new.span(), Confidence.LOW)
    elif old and not new:
        yield Verdict("actor.carrier_lost", ACTOR, DOWN, old.span(), None, Confidence.LOW)


def _named(judged: Judged, before: Cue | None, after: Cue | None) -> Iterator[Verdict]:
    """由…负责: a party named, lost, or followed by a more or less senior one."""
    old, new = _NAMED.search(judged.old.bare), _NAMED.search(judged.new.bare)
    if any(one and _who(one) in side.bare for one, side in ((old, judged.new), (new, judged.old))):
        return
    if old and new and _is_chief(before) != _is_chief(after):
        direction = UP if _is_chief(after) else DOWN
        yield Verdict("actor.seniority", ACTOR, direction, old.span(), new.span(), Confidence.MEDIUM)
        return
    if (new and _BY.search(judged.old.bare)) or (old and _BY.search(judged.new.bare)):
        return  # somebody else is named, in other words
    if new and not old and not (before and before.level):
        yield Verdict("actor.named", ACTOR, UP, None, new.span(), Confidence.MEDIUM)
    elif old and not new and not (after and after.level):
        yield Verdict("actor.lost", ACTOR, DOWN, old.span(), span_of(after), Confidence.MEDIUM)

"""D9: who answers for it (A1, A2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from differ.rules.wording import DOWN, UP, Judged, Verdict, highest, span_of
from schema.changes import Confidence, Dimension

ACTOR = Dimension.ACTOR
_NAMED = re.compile(
    r"由(?P<who>(?!各|有关|相关)[^，；。、由]{2,16}?)(?:牵头|负责|包保|包联|包案|组织|约谈|给予|实施|上报|报送|落实|承担|主责|督办|挂牌|登记|把关|审核|选址|验收)"
)
_CARRIER = re.compile(
    r"依托(?P<who>[^，；。、]{2,12}?(?:总队|支队|队伍|公司|企业|集团|医院|院校|协会|机构))|以(?P<other>[^，；。、]{2,12}?)为依托"
)


def judge(judged: Judged) -> Iterator[Verdict]:
    """A more or less senior person, a party named or lost."""
    old, new = judged.cues("actors")
    before, after = highest(old), highest(new)
    if before and after and before.level != after.level:
        direction = UP if after.level > before.level else DOWN
        yield Verdict("actor.seniority", ACTOR, direction, span_of(before), span_of(after))
        return
    carrier_old, carrier_new = _CARRIER.search(judged.old.bare), _CARRIER.search(judged.new.bare)
    if carrier_new and not carrier_old:
        yield Verdict("actor.carrier_named", ACTOR, UP, None, carrier_new.span(), Confidence.LOW)
    elif carrier_old and not carrier_new:
        yield Verdict("actor.carrier_lost", ACTOR, DOWN, carrier_old.span(), None, Confidence.LOW)
    named_old, named_new = _NAMED.search(judged.old.bare), _NAMED.search(judged.new.bare)
    if named_new and not named_old and not (before and before.level):
        yield Verdict("actor.named", ACTOR, UP, None, named_new.span(), Confidence.MEDIUM)
    elif named_old and not named_new and not (after and after.level):
        span = span_of(after)
        yield Verdict("actor.lost", ACTOR, DOWN, named_old.span(), span, Confidence.MEDIUM)

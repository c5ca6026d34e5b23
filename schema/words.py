"""What people read for the closed vocabularies, in Chinese and English; the keys themselves stay English."""

from __future__ import annotations

from schema.changes import Confidence, Dimension, Direction, Kind
from schema.incidents import IncidentKind

KINDS = {
    Kind.STRENGTHENED: ("▲", "加强", "strengthened"),
    Kind.DROPPED: ("－", "消失", "dropped"),
    Kind.WEAKENED: ("▼", "减弱", "weakened"),
    Kind.MIXED: ("◆", "升降并存", "mixed"),
    Kind.NEW: ("＋", "新增", "new"),
    Kind.REWORDED: ("～", "改写", "reworded"),
    Kind.UNCHANGED: ("＝", "不变", "unchanged"),
}
"""Mark and names, the most telling kind first: never told apart by colour alone."""
DIMENSIONS = {
    Dimension.MODALITY: ("约束力", "how binding"),
    Dimension.STAGE: ("推进阶段", "stage"),
    Dimension.OUTCOME: ("事故目标", "outcome"),
    Dimension.TARGET: ("指标", "target"),
    Dimension.DEADLINE: ("时限", "deadline"),
    Dimension.SCOPE: ("范围", "scope"),
    Dimension.ACCOUNTABILITY: ("问责", "accountability"),
    Dimension.RESOURCES: ("资源", "resources"),
    Dimension.ACTOR: ("责任主体", "actor"),
}
DIRECTIONS = {Direction.UP: ("↑ 更强", "↑ stronger"), Direction.DOWN: ("↓ 更弱", "↓ weaker")}
CONFIDENCES = {Confidence.HIGH: ("高", "high"), Confidence.MEDIUM: ("中", "medium"), Confidence.LOW: ("低", "low")}
INCIDENTS = {
    IncidentKind.BLOCKED: ("网站拦截", "blocked"),
    IncidentKind.UNREADABLE: ("读不了", "unreadable"),
    IncidentKind.UNREACHABLE: ("连不上", "unreachable"),
    IncidentKind.TLS: ("证书有问题", "certificate trouble"),
    IncidentKind.WITHDRAWN: ("页面已撤下", "withdrawn"),
    IncidentKind.SILENT: ("长期没有更新", "silent"),
    IncidentKind.OVERDUE: ("过了往年时间", "overdue"),
    IncidentKind.LAYOUT_CHANGED: ("版式变了", "layout changed"),
    IncidentKind.STALE_TEXT: ("旧文", "text of another period"),
    IncidentKind.POISONED: ("内容被篡改", "poisoned"),
    IncidentKind.SUSPICIOUS_DIFF: ("消失过多", "suspicious"),
    IncidentKind.WORKER_SILENT: ("工作进程无声", "worker silent"),
    IncidentKind.CALENDAR_SILENT: ("日历无声", "calendar silent"),
    IncidentKind.RELAY_SILENT: ("转交进程无声", "relay silent"),
    IncidentKind.DEAD_LETTERS: ("死信", "dead letters"),
    IncidentKind.CONFIGURATION: ("订阅文件有误", "subscriptions file broken"),
}
SURENESS = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}

RuleWords = tuple[str, str]
"""A sentence in Chinese and in English; ``{old}`` and ``{new}`` stand for the two quotes."""
_UP, _DOWN = Direction.UP, Direction.DOWN


def _either(up: RuleWords, down: RuleWords) -> dict[Direction, RuleWords]:
    return {_UP: up, _DOWN: down}


RULES: dict[str, dict[Direction, RuleWords]] = {
    "target.raised": {_UP: ("数量要求从{old}提高到{new}", "the number rises from {old} to {new}")},
    "target.lowered": {_DOWN: ("数量要求从{old}降到{new}", "the number falls from {old} to {new}")},
    "target.raised_limit": {_DOWN: ("限值从{old}放宽到{new}", "the limit is loosened from {old} to {new}")},
    "target.lowered_limit": {_UP: ("限值从{old}收紧到{new}", "the limit is tightened from {old} to {new}")},
    "target.qualifier": _either(
        ("约数{old}改为确数{new}", "the approximate {old} becomes the exact {new}"),
        ("确数{old}改为约数{new}", "the exact {old} becomes the approximate {new}"),
    ),
    "target.added": {_UP: ("新提出数量要求{new}（去年{old}）", "a number is set: {new} (last year {old})")},
    "target.cap_added": {_UP: ("新设次数上限{new}", "a cap is set: {new}")},
    "target.removed": {_DOWN: ("去年的数量要求{old}不再提出（今年{new}）", "the number {old} is gone (now {new})")},
    "target.whole": _either(
        ("比例从{old}提高到{new}", "the share rises from {old} to {new}"),
        ("全覆盖{old}降为{new}", "full coverage {old} becomes a share, {new}"),
    ),
    "target.nearly": _either(
        ("“基本”的折扣取消：{old}改为{new}", "the discount is lifted: {old} becomes {new}"),
        ("打了“基本”的折扣：{old}改为{new}", "the whole is discounted: {old} becomes {new}"),
    ),
    "deadline.moved": _either(
        ("时限从{old}提前到{new}", "the deadline moves forward from {old} to {new}"),
        ("时限从{old}推迟到{new}", "the deadline moves back from {old} to {new}"),
    ),
    "deadline.slipped": {_DOWN: ("一次性任务从{old}顺延到{new}", "a one-off task slips from {old} to {new}")},
    "deadline.added": {_UP: ("新设时限{new}", "a deadline is set: {new}")},
    "deadline.removed": {_DOWN: ("去年的时限{old}不再提出", "the deadline {old} is gone")},
    "deadline.lead": _either(
        ("提前量从{old}增加到{new}", "the lead time grows from {old} to {new}"),
        ("提前量从{old}缩短到{new}", "the lead time shrinks from {old} to {new}"),
    ),
    "deadline.lead_added": {_UP: ("新提出提前量{new}", "a lead time is set: {new}")},
    "deadline.lead_removed": {_DOWN: ("去年的提前量{old}不再提出", "the lead time {old} is gone")},
    "scope.coverage": _either(
        ("覆盖面从{old}扩大到{new}", "coverage widens from {old} to {new}"),
        ("覆盖面从{old}缩小到{new}", "coverage narrows from {old} to {new}"),
    ),
    "scope.all_added": {_UP: ("写明覆盖{new}", "the whole set is named: {new}")},
    "scope.all_removed": {_DOWN: ("不再写明覆盖{old}", "the whole set {old} is no longer named")},
    "scope.narrowed": {_DOWN: ("范围收窄为{new}", "the scope narrows to {new}")},
    "scope.unqualified": {_UP: ("不再只限{old}", "no longer {old} only")},
    "scope.whole_area": {_UP: ("从局部{old}扩大到{new}", "from some places, {old}, to {new}")},
    "scope.levels": _either(
        ("层级从{old}延伸到{new}", "more levels are reached: from {old} to {new}"),
        ("层级从{old}缩减到{new}", "fewer levels are reached: from {old} to {new}"),
    ),
    "scope.depth": _either(
        ("从{old}下沉到{new}", "it reaches deeper: from {old} to {new}"),
        ("从{old}退到{new}", "it reaches less deep: from {old} to {new}"),
    ),
    "scope.extended": {_UP: ("延伸到{new}", "it is extended: {new}")},
    "scope.widened": _either(
        ("范围扩展：{new}", "the scope is extended: {new}"),
        ("不再扩展：{old}", "the extension {old} is gone"),
    ),
    "scope.threshold": _either(
        ("纳入门槛从{old}改为{new}，对象变多", "the threshold moves from {old} to {new}: more are covered"),
        ("纳入门槛从{old}改为{new}，对象变少", "the threshold moves from {old} to {new}: fewer are covered"),
    ),
    "scope.season": _either(
        ("时段从{old}扩大到{new}", "the season widens from {old} to {new}"),
        ("时段从{old}缩小到{new}", "the season narrows from {old} to {new}"),
    ),
    "scope.list_member_added": {_UP: ("列举的对象增加{new}", "the list gains {new}")},
    "scope.list_member_removed": {_DOWN: ("列举的对象减少{old}", "the list loses {old}")},
    "scope.list_grown": {_UP: ("对象从{old}扩大为{new}", "one, {old}, becomes several: {new}")},
    "scope.list_shrunk": {_DOWN: ("对象从{old}减为{new}", "several, {old}, become one: {new}")},
    "scope.accident_class": _either(
        ("事故类别从{old}扩大到{new}", "the class of accidents widens from {old} to {new}"),
        ("事故类别从{old}缩小到{new}", "the class of accidents narrows from {old} to {new}"),
    ),
    "accountability.added": {_UP: ("新增追责措施{new}", "a follow-up is added: {new}")},
    "accountability.removed": {_DOWN: ("去年的追责措施{old}不再提出", "the follow-up {old} is gone")},
    "accountability.raised": {_UP: ("追责力度从{old}升到{new}", "the follow-up rises from {old} to {new}")},
    "accountability.lowered": {_DOWN: ("追责力度从{old}降到{new}", "the follow-up falls from {old} to {new}")},
    "accountability.higher_authority": _either(
        ("监督层级从{old}升到{new}", "the supervising level rises from {old} to {new}"),
        ("监督层级从{old}降到{new}", "the supervising level falls from {old} to {new}"),
    ),
    "accountability.weight": _either(
        ("考核分量加重：{old}改为{new}", "it weighs more in appraisal: {old} becomes {new}"),
        ("考核分量减轻：{old}改为{new}", "it weighs less in appraisal: {old} becomes {new}"),
    ),
    "accountability.relief_added": {_DOWN: ("新增免责或宽缓{new}", "relief is granted: {new}")},
    "accountability.relief_removed": {_UP: ("免责或宽缓{old}取消", "the relief {old} is gone")},
    "accountability.measure_added": {_UP: ("同类措施增加{new}", "one more measure: {new}")},
    "accountability.measure_removed": {_DOWN: ("同类措施减少{old}", "one measure less: {old}")},
    "resources.budget_lost": {_DOWN: ("经费从{old}退为{new}", "funding falls from {old} to {new}")},
    "resources.budget_gained": {_UP: ("经费从{old}升为{new}", "funding rises from {old} to {new}")},
    "resources.money_added": {_UP: ("新列经费{new}", "money is named: {new}")},
    "resources.money_removed": {_DOWN: ("去年列明的经费{old}不再提出", "the money {old} is gone")},
    "resources.posts": _either(
        ("人员性质从{old}升为{new}", "posts rise from {old} to {new}"),
        ("人员性质从{old}降为{new}", "posts fall from {old} to {new}"),
    ),
    "resources.counted": _either(
        ("写明人员、装备数量{new}", "staff or equipment is counted: {new}"),
        ("不再写明人员、装备数量{old}", "staff or equipment is no longer counted: {old}"),
    ),
    "actor.seniority": _either(
        ("责任人从{old}升到{new}", "the person responsible rises from {old} to {new}"),
        ("责任人从{old}降到{new}", "the person responsible falls from {old} to {new}"),
    ),
    "actor.supervisor": _either(
        ("监督主体从{old}升到{new}", "the supervisor rises from {old} to {new}"),
        ("监督主体从{old}降到{new}", "the supervisor falls from {old} to {new}"),
    ),
    "actor.carrier_named": {_UP: ("写明承接单位{new}", "an organisation to carry it is named: {new}")},
    "actor.carrier_lost": {_DOWN: ("不再写明承接单位{old}", "the organisation to carry it, {old}, is gone")},
    "actor.named": {_UP: ("写明责任主体{new}", "the responsible party is named: {new}")},
    "actor.lost": {_DOWN: ("责任主体{old}不再写明（今年{new}）", "the responsible party {old} is gone (now {new})")},
    "modality.encouragement_ended": {_UP: ("不再只是{old}（今年{new}）", "no longer merely {old} (now {new})")},
    "modality.encouragement": {_DOWN: ("退为{new}（去年{old}）", "it falls to {new} (last year {old})")},
    "modality.duty_added": {_UP: ("写明硬性要求{new}", "it becomes a duty: {new}")},
    "modality.duty_removed": {_DOWN: ("硬性要求{old}不再提出", "the duty {old} is gone")},
    "modality.hedge_removed": {_UP: ("取消留有余地的{old}", "the hedge {old} is lifted")},
    "modality.hedge_added": {_DOWN: ("加上留有余地的{new}", "a hedge is added: {new}")},
    "stage.ladder": _either(
        ("推进阶段从{old}前进到{new}", "the stage advances from {old} to {new}"),
        ("推进阶段从{old}退回到{new}", "the stage falls back from {old} to {new}"),
    ),
    "stage.instrument": _either(
        ("文件从{old}走到{new}", "the instrument advances from {old} to {new}"),
        ("文件从{old}退到{new}", "the instrument falls back from {old} to {new}"),
    ),
    "stage.succession": _either(
        ("从{old}转入{new}：阶段更靠后", "from {old} to {new}: a later stage"),
        ("从{old}转入{new}：任务变轻", "from {old} to {new}: a smaller task"),
    ),
    "outcome.ladder": _either(
        ("事故目标从{old}升到{new}", "the aim about accidents rises from {old} to {new}"),
        ("事故目标从{old}降到{new}", "the aim about accidents falls from {old} to {new}"),
    ),
}
"""Why a rule spoke, by rule id and direction: what a person reads instead of the id."""
NOTES = {
    "match.candidate": ("疑似同一承诺，请人工核对", "possibly the same commitment; please check"),
    "match.near_tie": ("另有一条措辞相近", "another commitment is almost as close"),
    "match.possible_counterpart": ("可能另有对应的表述", "a counterpart in other words is possible"),
    "match.still_in_text": (
        "另一年的正文里仍有这句话，只是没有读作承诺",
        "the other year's text still has these words, not read as a commitment",
    ),
    "match.rewritten": (
        "两年文本改写过大，对应关系不可靠",
        "the two years share too little wording to be aligned by it",
    ),
    "match.recognised": (
        "有一年的文字是从扫描件识别的，数字可能认错",
        "one year's words were recognised from a scan; a figure may be misread",
    ),
}
"""Why a change is less sure, by note id."""
_ONE_SIDED = {
    (_UP, "old"): ("写明{new}（去年没有）", "{new} is named, which last year was not"),
    (_UP, "new"): ("不再限于{old}", "no longer limited to {old}"),
    (_DOWN, "old"): ("变为{new}（去年没有这样的限制）", "it becomes {new}, a limit that last year did not have"),
    (_DOWN, "new"): ("{old}不再提出", "{old} is gone"),
}
"""For reasons that name both wordings, by direction and by the side that has none."""


def reason(rule: str, direction: Direction, quotes: tuple[str, str], language: str = "zh") -> str:
    """One sentence for one finding, also where one year has no wording to quote. KeyError for an unknown rule."""
    which = 0 if language == "zh" else 1
    wording = RULES[rule][direction][which]
    absent = next((side for side, quote in zip(("old", "new"), quotes, strict=True) if not quote), "")
    if absent and "{old}" in wording and "{new}" in wording:
        wording = _ONE_SIDED[direction, absent][which]
    old, new = (f"“{quote}”" for quote in quotes)
    return wording.format(old=old, new=new)

"""Closed and open lists (Sc2–Sc4): 、-enumerations compared member by member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording
from language.terms import words_of
from schema.changes import Confidence, Dimension

SCOPE = Dimension.SCOPE
_ITEM = r"[^，；。、：\n]{1,14}"
_LIST = re.compile(rf"{_ITEM}(?:、{_ITEM})+")
_OPEN = re.compile(r"等|为重点|特别是|尤其是")
_HEAD = re.compile(
    r"^(?:.*(?:走进|深入|从事|对|在|以|把|将|向|为|与|同|和|及|开展|组织|抓好|做好|加强|强化|完善|推进|查处|整治|聚焦|紧盯|落实|修订|推动|实行|规范|防范|遏制|打击|"
    r"健全|建立|增设|加装|安装|配置|设置|由|开放|配备|配齐|储备|覆盖|涉及|包括|紧扣|盯住|盯紧|盯牢|围绕|减少|统筹|建设|前置))(?=[\u4e00-\u9fff]{2,})"
)
_TAIL = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:小微企业|中小企业|企业|行业领域|行业|领域|单位|场所|行为|两级|三级|四级|五级|四类|三类|两类|作业|工作|制度|机制|责任|重点|全覆盖|专项检查|联合会商|会商|制度|风险"
    r"|安全|问题|隐患|事故|布局|布设|选址|设立|新建|开展|推行|实行|整治|检查|排查|部门|人员|责任人|执法|防治|监测|培训|演练|运营|宣传|的|到|纳入|实施).*$"
)
_SET_PHRASES = ("形式主义", "官僚主义", "人民至上", "生命至上", "安全第一", "预防为主")
_OPPOSED = re.compile(
    r"^(?:早|抓|严|强|促|保|控|查|防|治|管|进|能|有|会|听|看|敢|不|再|应)[\u4e00-\u9fff]{1,3}$|□|[高低远慢大小多少好快强弱严实细密]$|^应.[尽早]|予以|追究|纠正|^搞|走过场|^更|[“”]"
)
_PLACE = re.compile(
    r"^进(?:校园|企业|社区|农村|机关|家庭|工地|班组|网络|商场|景区|医院|宿舍|课堂|园区|军营|寺庙|公共场所|[\u4e00-\u9fff]{2})(?:活动|宣传)?$"
)
"""进校园、进企业: places, though a verb opens each."""
_ADDED = re.compile(
    r"^(?:、|和|及|以及|与)(?P<after>[\u4e00-\u9fff]{2,12}?)(?:双|共同|联合|一并)?$|^(?P<before>[\u4e00-\u9fff]{2,12})(?:、|和|及|以及|与)$"
)
_ACTS = re.compile(r"由[^，；。]{1,10}$")
_MODIFIED = re.compile(r"^.*的(?=[\u4e00-\u9fff]{2,})")
_BRACKETED = re.compile(r"（[^（）]*）")
_GENERIC = words_of("风险 隐患 安全 企业 工作 责任 单位 管理 部门 问题 重点 领域 行业 事故 监管")
_LEVELS = re.compile(r"[省市县乡镇村](?:级|（[^）]*）)?、(?:[市县乡镇村屯组户]|街道|社区)")
"""A chain of levels is a depth, judged as such."""
_SHARE = 0.5
_NAME, _FULL_NAME = 2, 3
"""Characters of a member that still name it, without what stands before or behind it."""
_LIKE = 0.5


@dataclass(frozen=True, slots=True)
class Listing:
    """One enumeration; ``members`` maps a member to where it stands."""

    start: int
    end: int
    members: dict[str, tuple[int, int]]
    is_open: bool

    @property
    def is_of_things(self) -> bool:
        """False for parallel verbs and qualities (早发现、早上报): rhetoric, not a list."""
        if len(self.members) > 1 and all(map(_PLACE.match, self.members)):
            return True
        return len(self.members) > 1 and not any(map(_OPPOSED.search, self.members))


def listings(side: Wording) -> list[Listing]:
    """The enumerations of a wording; 县（市、区） is none."""
    bare = _BRACKETED.sub(lambda found: found.group().replace("、", "　"), side.bare)
    found = [_listing(bare, one) for one in _LIST.finditer(bare) if not _LEVELS.search(one.group())]
    return [one for one in found if one.is_of_things]


def _listing(bare: str, found: re.Match[str]) -> Listing:
    members: dict[str, tuple[int, int]] = {}
    at = found.start()
    parts = found.group().split("、")
    tail = re.split(r"[，；。\n]", bare[found.end() - len(parts[-1]) :])[0]
    into = parts[0].find("进") if all(part.startswith("进") for part in parts[1:]) else -1
    for n, part in enumerate(parts):
        begin = at + (max(into, 0) or _head(part) if n == 0 else 0)
        for piece in re.split(
            r"(?<=[\u4e00-\u9fff]{2})(?:和|及|与)(?=[\u4e00-\u9fff]{2})", bare[begin : at + len(part)]
        ):
            shorter = (_TAIL.sub("", piece) if n == len(parts) - 1 else piece).split("等")[0]
            where = bare.find(piece, begin)
            if _PLACE.match(shorter):
                shorter, where = shorter[1:], where + 1
            if shorter and shorter not in _SET_PHRASES:
                members[shorter] = (where, where + len(shorter))
        at += len(part) + 1
    spans = list(members.values())
    start, end = (spans[0][0], spans[-1][1]) if spans else found.span()
    return Listing(start, end, members, bool(_OPEN.search(tail[:24])))


def _head(part: str) -> int:
    """How much before the first member is verb and qualifier."""
    head = _HEAD.match(part)
    begin = head.end() if head else 0
    modified = _MODIFIED.match(part[begin:])
    return begin + (modified.end() if modified else 0)


def listed(judged: Judged) -> Iterator[Verdict]:
    """Members added to or removed from a closed list that both years have, or that grew out of one member."""
    found = list(_listed(judged))
    yield from found or _joined(judged)


def _listed(judged: Judged) -> Iterator[Verdict]:
    old, new = listings(judged.old), listings(judged.new)
    for before in old:
        after = max(new, key=lambda one: len(_kept(before, one)), default=None)
        if after and not (before.is_open or after.is_open):
            yield from _compared(*_without_shared_tail(before, after))
    if old and not new:
        yield from _lone(judged.old, judged.new.bare, old, grown=False)
    if new and not old:
        yield from _lone(judged.new, judged.old.bare, new, grown=True)


def _joined(judged: Judged) -> Iterator[Verdict]:
    """One more object joined by 、 or 和 is all that differs: 农村危房 → 农村危房和温室大棚."""
    for this, other, direction in ((judged.new, judged.old, UP), (judged.old, judged.new, DOWN)):
        span = _insertion(this.text, other.text)
        if span is None:
            continue
        text = this.text[slice(*span)]
        word = _ADDED.match(text)
        member = (word["after"] or word["before"]) if word else ""
        if not word or _OPPOSED.search(member) or member in _SET_PHRASES or "等" in this.bare[span[0] : span[1] + 4]:
            continue
        named = "after" if word["after"] else "before"
        span = span[0] + word.start(named), span[0] + word.end(named)
        gone, come = (None, span) if direction is UP else (span, None)
        if _ACTS.search(this.bare[: span[0]]):
            yield Verdict(f"actor.{'named' if direction is UP else 'lost'}", Dimension.ACTOR, direction, gone, come)
        else:
            rule = f"scope.list_member_{'added' if direction is UP else 'removed'}"
            yield Verdict(rule, SCOPE, direction, gone, come, Confidence.MEDIUM)


def _insertion(longer: str, shorter: str) -> tuple[int, int] | None:
    """Where ``longer`` has one stretch more than ``shorter``, all else being equal; it begins or ends at a joint."""
    start = 0
    while start < len(shorter) and start < len(longer) and longer[start] == shorter[start]:
        start += 1
    length = len(longer) - len(shorter)
    if length < _NAME + 1 or longer[start + length :] != shorter[start:]:
        return None
    while (
        start > 0
        and not _ADDED.match(longer[start : start + length])
        and longer[start - 1] == longer[start + length - 1]
    ):
        start -= 1
    return start, start + length


def _without_shared_tail(before: Listing, after: Listing) -> tuple[Listing, Listing]:
    """What both last members end with belongs to the whole list: 医院消防检查, 学校消防检查."""
    last_old, last_new = list(before.members)[-1], list(after.members)[-1]
    tail = _shared_end(last_old, last_new)
    bare_old, bare_new = last_old.removesuffix(tail), last_new.removesuffix(tail)
    if last_old == last_new or min(len(tail), len(bare_old), len(bare_new)) < 2:
        return before, after
    return _renamed(before, last_old, bare_old), _renamed(after, last_new, bare_new)


def _shared_end(one: str, other: str) -> str:
    for length in range(min(len(one), len(other)), 0, -1):
        if one[-length:] == other[-length:]:
            return one[-length:]
    return ""


def _renamed(listing: Listing, member: str, name: str) -> Listing:
    start, _ = listing.members[member]
    members = {name if key == member else key: span for key, span in listing.members.items()}
    return replace(listing, members=members | {name: (start, start + len(name))})


def _kept(before: Listing, after: Listing) -> list[str]:
    return [member for member in before.members if _among(member, after.members)]


def _compared(before: Listing, after: Listing) -> Iterator[Verdict]:
    kept = _kept(before, after)
    if len(kept) < _SHARE * min(len(before.members), len(after.members)) or not kept:
        return
    gone = [span for m, span in before.members.items() if not _among(m, after.members)]
    come = [span for m, span in after.members.items() if not _among(m, before.members)]
    if come:
        old = None if gone else (before.start, before.end)
        yield Verdict("scope.list_member_added", SCOPE, UP, old, come[0], Confidence.MEDIUM)
    if gone:
        new = None if come else (after.start, after.end)
        yield Verdict("scope.list_member_removed", SCOPE, DOWN, gone[0], new, Confidence.MEDIUM)


def _among(member: str, members: dict[str, tuple[int, int]]) -> bool:
    """The same name, shortened, in full, or with other words around it."""
    return any(_alike(member, other) for other in members)


def _alike(one: str, other: str) -> bool:
    shared = set(one) & set(other)
    same_end = len(one) > 1 and len(other) > 1 and (one[:2] == other[:2] or one[-2:] == other[-2:])
    return same_end or len(shared) > _LIKE * min(len(set(one)), len(set(other)))


def _inside(member: str, other: str, *, first: bool) -> str:
    """The member as the other wording has it: whole, the first one without its qualifiers, the others without what
    follows them.
    """
    least = _NAME if first else _FULL_NAME
    shorter = [member] + [member[n:] if first else member[:-n] for n in range(1, len(member) - least + 1)]
    return next((one for one in shorter if one in other and one not in _GENERIC), "")


def _echoes(member: str, other: str) -> bool:
    """The other wording has the end of this member as well, in its own way: 岗位练兵和业务比武, 大练兵、大比武."""
    return len(member) > _NAME and member[-2:] in other and member[-2:] not in _GENERIC


def _lone(side: Wording, other: str, lists: list[Listing], *, grown: bool) -> Iterator[Verdict]:
    """One thing became a closed list that has it as a member (or the other way round)."""
    for one in lists:
        inside = [shared for n, m in enumerate(one.members) if (shared := _inside(m, other, first=n == 0))]
        if one.is_open or len(inside) != 1 or len(inside[0]) < 2 or inside[0] in _GENERIC:
            continue
        if any(_echoes(m, other) for m in one.members if inside[0] not in m):
            continue
        if any(q.start < one.end and one.start < q.end for q in side.quantities):
            continue
        here, there = (one.start, one.end), (other.find(inside[0]), other.find(inside[0]) + len(inside[0]))
        direction = UP if grown else DOWN
        spans = (there, here) if grown else (here, there)
        yield Verdict(f"scope.list_{'grown' if grown else 'shrunk'}", SCOPE, direction, *spans, Confidence.MEDIUM)

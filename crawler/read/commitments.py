"""One deployment item → its heading and its commitments, split by codebook rules U1–U7."""

from __future__ import annotations

import re
from typing import NamedTuple

from crawler.read.commas import Comma, Place, features
from crawler.read.habits import Decider
from crawler.read.headings import is_battle, is_catchword, is_effort, is_first_word, is_general, is_watchword
from crawler.read.heads import HeadFinder
from crawler.read.items import Item
from crawler.read.leads import FIELD, after_year
from crawler.read.slogans import is_leading_posture, is_posture, is_slogan
from crawler.read.words import LEADING_VERB, STRONG_VERBS, VERB
from crawler.read.zones import Hearing, Role
from language.sentences import Span, cut

_COMMAS = frozenset("，")
_OBLIGES = re.compile(
    r"^(?:我们|大家)?(?:一方面|另一方面|同时|此外|另外|还|并且|其中)?[，]?(?:我们)?(?:还|也)?(?:要(?![求闻点素害务领])|(?<=还)将|(?<=们)将|将(?=[^，]{0,3}?(?:进一步|全面|继续|持续|开展|推进|建设|组织|实施|加强|建立|完善|出台|编制|启动|新建|在|为|对|于|组建|联合|提前|推广|推行|举办|设立|成立|建成|完成|新增|实现))"
    r"|将(?=(?:" + STRONG_VERBS + r"|以|给|用|通过|依托))"
    r"(?![^，]{2,30}?(?:入|作为|列为|调整为|(?:细化|落实|压实|延伸|下沉|提高|扩大)到|移交|贯穿)))"
)
_ANEW = re.compile("^(?:还将|还要|同时(?:将|要)?(?=(?:把|对|为|" + STRONG_VERBS + ")))")
"""今年将…，还将…，同时编制…: another task of the same speaker's."""
_MEANWHILE = re.compile("(?:此外|另外)，(?=.{4})|同时，?(?=(?:把|对|为|" + STRONG_VERBS + "))")
_BELONGS = re.compile(
    "^(?:确保|实现|做到|形成|使(?!用)|从而|进而|以便|其中|营造|最大限度|即(?!将|时)|不少于|不低于|至少|由[^，]{2,14}$)"
)
"""Results, quotas, the responsible party: no tasks of their own (U2): of 340 labelled ones one is."""
_WHOM = re.compile(r"^(?:对|凡|在|针对|为)[^，]{2,24}$")
"""对责任不落实的单位，要…: whom the next clause is about."""
_SURE = 0.55
"""What is kept together by mistake is still found and compared; what is torn apart looks like something new."""
_MANY, _TASKS = 4, 3
_AIM_LEAD = re.compile("(?:[^，；：]{0,12}目标(?:任务)?[是为：](?=[^，；]{4}))?")
"""今年工作的目标是坚决遏制…: the words before the aim."""
_MEASURED = re.compile(r"\d|遏制|杜绝|防范|不发生|零死亡|下降|降低|减少|为零")
_TAIL_ONLY = re.compile(
    r"^(?:为[^，]{2,30}(?:(?:提供|创造|营造)[^，]{0,16}(?:保障|支撑|环境|条件|保证|屏障|动能|动力|力量|氛围)|(?:奠定|打下|作出)[^，]*)|(?:进一步)?(?:确保|维护|守护)(?:人民)?群众生命财产安全[^，]{0,12})$"
)


class Unit(NamedTuple):
    """A commitment's span in the copy and what ended it: sentence, semicolon or clause."""

    start: int
    end: int
    boundary: str


class Parsed(NamedTuple):
    """An item's heading (an empty span where it has none) and its units."""

    heading: tuple[int, int]
    units: list[Unit]


class Splitter:
    """Splits the items of one announcement; all spans count in its copy."""

    def __init__(self, text: str, hearing: Hearing) -> None:
        self.text = text
        self.hearing = hearing
        self.heads = HeadFinder(text)
        self.commas = Decider("commas", _SURE)
        self.decisions = (self.commas, self.heads.openings)
        self.segments: set[int] = set()
        """Where the segments begin that were looked at."""

    def parse(self, item: Item) -> Parsed:
        """Units of an item and its heading."""
        spans, aim = item.spans, item.aim
        heading, content, commas = self.heads.head(item)
        units = self._units(content, commas_split=commas, apart=aim)
        if not units and not aim and heading[1] > heading[0]:
            named = content and is_general(self.text[slice(*heading)])  # a heading over slogans stays a heading
            return Parsed(heading, []) if named else self._heading_alone(spans[0], heading)
        return Parsed(heading, units)

    def _heading_alone(self, first: Span, heading: tuple[int, int]) -> Parsed:
        """An item with no other content: its heading is the unit (codebook 1.2)."""
        words = self.text[first.start : first.end]
        unit = self._trim(first.start, first.end, "sentence")
        if unit is None or first.stop == "？" or is_slogan(words) or not VERB.search(words):
            return Parsed(heading, [])
        return Parsed(heading, [unit])

    # -- the units

    def _units(self, content: list[Span], *, commas_split: bool, apart: bool) -> list[Unit]:
        units: list[Unit] = []
        spoken = [part for part in content if self._is_task(part)]
        segments = [(part, seg) for part in spoken for seg in self._pieces(part.start, part.end, frozenset("；"))]
        first_only = commas_split and content and not self.heads.has_parts(content[0])
        for part, segment in segments:
            if apart and not (part != content[0] and LEADING_VERB.match(self.text[part.start : part.end])):
                # an aim: every measurable clause is one of its own
                begun = segment.start + _AIM_LEAD.match(self.text[segment.start : segment.end]).end()  # type: ignore[union-attr]
                units += [
                    unit
                    for one in self._pieces(begun, segment.end, _COMMAS)
                    if (unit := self._trim(one.start, one.end, "clause"))
                    and _MEASURED.search(self.text[unit.start : unit.end])
                ]
                continue
            split = bool(first_only) and part == content[0]
            units += self._segment(segment, "semicolon" if segment.stop == "；" else "sentence", split=split)
        return units

    def _is_task(self, part: Span) -> bool:
        words = self.text[part.start : part.end]
        if part.stop == "？":
            return False
        if is_slogan(words) or _TAIL_ONLY.match(words):
            return False
        role = self.hearing.hear(words, deploying=True).role
        return role in {Role.PLAIN, Role.DEPLOY}

    def _segment(self, segment: Span, boundary: str, *, split: bool) -> list[Unit]:
        field = FIELD.match(self.text[segment.start : segment.end])
        pieces = self._pieces(segment.start + (field.end() if field else 0), segment.end, _COMMAS)
        self.segments.add(segment.start)
        place = Place(only=split, semicolon=segment.stop == "；")
        clauses = self._opened(pieces)
        if not split and len(pieces) >= _TASKS:
            clauses = self._many(clauses, place, headed=self._is_headed(pieces))
        groups = self._groups(clauses, place)
        units = []
        for number, (start, end) in enumerate(groups):
            words = self.text[start:end]
            if is_slogan(words) or _TAIL_ONLY.match(words) or (len(groups) > 1 and is_posture(words)):
                continue
            unit = self._trim(start, end, boundary if number == len(groups) - 1 and not split else "clause")
            if unit is not None:
                units.append(unit)
        return units

    def _opened(self, clauses: list[Span]) -> list[Span]:
        """Without the posture, or the heading before a 要-chain, that opens a sentence."""
        if len(clauses) < 2:
            return clauses
        first, second = (self.text[one.start : one.end] for one in clauses[:2])
        chained = second[:1] == "要" and _OBLIGES.match(second)
        if (
            is_leading_posture(first)
            or is_battle(first)
            or is_effort(first)
            or is_first_word(first)
            or (chained and is_watchword(first))
        ):
            return clauses[1:]
        return clauses

    def _is_headed(self, pieces: list[Span]) -> bool:
        """Whether the first clause only names the field: 在“实”上下功夫, “防”字为先."""
        first = self.text[pieces[0].start : pieces[0].end]
        return is_effort(first) or is_first_word(first)

    def _many(self, clauses: list[Span], place: Place, *, headed: bool) -> list[Span]:
        """A link of a 要-chain that holds three tasks: its heading is left out."""
        first = self.text[clauses[0].start : clauses[0].end]
        chained = first.startswith("要")
        catchword = not headed and is_catchword(first)
        if not (headed or catchword) and (len(clauses) < _MANY or not chained):
            return clauses
        rest = clauses[1:] if catchword or (not headed and is_general(first)) else clauses
        headed = headed or catchword
        return rest if len(self._groups(rest, place)) >= _TASKS - headed else clauses

    def _groups(self, clauses: list[Span], place: Place) -> list[tuple[int, int]]:
        groups: list[tuple[int, int]] = []
        words = tuple(self.text[clause.start : clause.end] for clause in clauses)
        for number, clause in enumerate(clauses):
            if groups and not self._parts(groups[-1][1], words, number, place):
                groups[-1] = (groups[-1][0], clause.end)
            else:
                groups.append((clause.start, clause.end))
        return groups

    def _parts(self, at: int, clauses: tuple[str, ...], number: int, place: Place) -> bool:
        """Whether the comma before a clause parts two commitments."""
        words = clauses[number]
        if _ANEW.match(words):
            return True
        if _OBLIGES.match(words) and words[0] == "要":
            return not _WHOM.match(clauses[number - 1])
        apart = self.commas.yes(at, lambda: features(Comma(clauses, number, place)))  # asked always: a habit shows
        return apart and not _BELONGS.match(words)

    def _trim(self, start: int, end: int, boundary: str) -> Unit | None:
        while end > start and self.text[end - 1] in "。；，：、！？— ":
            end -= 1
        start += after_year(self.text[start:end])
        lead = _OBLIGES.match(self.text[start:end])
        if lead:
            start += lead.end()
        start += len((_MEANWHILE.match(self.text[start:end]) or re.match("", "")).group())  # type: ignore[union-attr]
        return Unit(start, end, boundary) if end - start >= 4 else None

    def _pieces(self, start: int, end: int, stops: frozenset[str]) -> list[Span]:
        found = cut(self.text[start:end], stops)
        return [Span(start + part.start, start + part.end, part.stop) for part in found]

"""One deployment item → its heading and its commitments, split by codebook rules U1–U7."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from crawler.read.headings import is_catchword, is_couplet, is_general
from crawler.read.items import Item
from crawler.read.joins import Joint, joint
from crawler.read.outline import LONGEST_SENTENCE
from crawler.read.slogans import is_leading_posture, is_posture, is_slogan
from crawler.read.words import LEADING_VERB, VERB
from crawler.read.zones import FIELD, Hearing, Role, after_year
from language.sentences import SEGMENT_STOPS, SENTENCE_STOPS, Span, cut

_COMMAS = frozenset("，")
_LONGEST_HEADING = 44
_OBLIGES = re.compile(
    r"^(?:一方面|另一方面|同时|此外|另外|还|并且|其中)?[，]?(?:要(?![求闻点素害务领])|将(?=[^，]{0,3}?(?:进一步|全面|继续|持续|开展|推进|建设|组织|实施|加强|建立|完善|出台|编制|启动|新建)))"
)
_BOUND = re.compile(r"\d|月底前|年底前|汛前|年内")
_HEADING_WORDS = re.compile(
    r"^(?:(?:首先|其次|再次|同时|此外|另外|最后)[，]?)?(?:还)?(?:是|要(?![求闻点素害务领]))?(?:抓好(?=[^，。：]{2,}))?"
)
_YEAR_LEAD = re.compile(r"^20\d\d年(?=(?:首先)?要)|^20\d\d年首先")
_WHOM = re.compile(r"^(?:对|凡|在|针对|为)[^，]{2,24}$")
"""对责任不落实的单位，要…: whom the next clause is about."""
_MANY, _TASKS = 4, 3
_MEASURED = re.compile(r"\d|遏制|杜绝|防范|不发生|零死亡|下降|降低|减少|为零")
_TAIL_ONLY = re.compile(
    r"^(?:为[^，]{2,30}(?:提供|奠定|打下|作出|创造)[^，]*|(?:进一步)?(?:确保|维护|守护)(?:人民)?群众生命财产安全[^，]{0,12})$"
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

    def parse(self, item: Item) -> Parsed:
        """Units of an item and its heading."""
        spans, aim = item.spans, item.aim
        heading, content, commas = self._head(item)
        units = self._units(content, commas_split=commas, apart=aim)
        if not units and not aim and heading[1] > heading[0]:
            named = content and is_general(self.text[slice(*heading)])  # a heading over slogans stays a heading
            return Parsed(heading, []) if named else self._heading_alone(spans[0], heading)
        return Parsed(heading, units)

    # -- the heading

    def _head(self, item: Item) -> tuple[tuple[int, int], list[Span], bool]:
        spans, headed = item.spans, item.parent is not None
        whole = [part for span in spans for part in self._pieces(span.start, span.end, SENTENCE_STOPS)]
        sentences = [part for part in whole if part.end - part.start <= LONGEST_SENTENCE]
        if not sentences:
            return (spans[0].start, spans[0].start), [], False
        first = sentences[0]
        if item.own_line:
            return self._label(first.start, first.end), sentences[1:], len(sentences) == 2
        lead = self._lead_mark(first)
        if lead is not None:
            rest = Span(lead[1], first.end, first.stop)
            return self._label(first.start, lead[0]), [rest, *sentences[1:]], True
        if item.marker is None and (unmarked := self._unmarked(item, sentences)):
            return unmarked
        if len(sentences) > 1 and self._is_heading_sentence(first):
            return self._label(first.start, first.end), sentences[1:], len(sentences) == 2 and headed is False
        return self._by_comma(first, sentences, headed=headed)

    def _unmarked(self, item: Item, sentences: list[Span]) -> tuple[tuple[int, int], list[Span], bool] | None:
        """A paragraph that opens with a field of work (在…方面，) or a task; None where it opens with a heading."""
        first = sentences[0]
        field = FIELD.match(self.text[first.start : first.end])
        if field:
            rest = Span(first.start + field.end(), first.end, first.stop)
            return self._label(first.start, rest.start - 1), [rest, *sentences[1:]], len(sentences) == 1
        if self.text[first.start] == "将":  # 今年，我省将…: tasks from the first word
            return self._label(first.start, _first_segment(self.text, first)), sentences, len(sentences) == 1
        if item.parent is not None or not self._is_task_first(first, len(sentences)):
            return None
        return self._label(first.start, _first_segment(self.text, first)), sentences, len(sentences) == 1

    def _is_task_first(self, first: Span, count: int) -> bool:
        """Whether an unmarked paragraph begins with a task: its own object, or one sentence of several with a comma."""
        words = self.text[first.start : first.end]
        if count > 1 and words.count("，") == 1 and is_couplet(*words.split("，")):
            return False
        return not is_general(words) or (count > 1 and "，" in words[3:] and "；" not in words)  # 首先，

    def _by_comma(
        self, first: Span, sentences: list[Span], *, headed: bool
    ) -> tuple[tuple[int, int], list[Span], bool]:
        """Without a printed heading the first clause is the label; with numbers of its own it is a unit as well."""
        clauses = self._pieces(first.start, first.end, _COMMAS)
        none = (first.start, first.start)
        if not clauses:  # nothing but marks
            return none, sentences[1:], False
        lead = clauses[0]
        alone = len(sentences) == 1
        if headed and not (
            alone and len(clauses) >= 4 and not self._has(lead, _BOUND) and not self._has(first, re.compile("；"))
        ):
            return none, sentences, alone
        if len(clauses) < 2 or self._has(lead, re.compile("；")) or self._has(lead, _BOUND) or len(lead.stop) == 0:
            return self._label(lead.start, _first_segment(self.text, lead)), sentences, alone
        heads = 1 + (len(clauses) > 2 and is_couplet(*(self.text[c.start : c.end] for c in clauses[:2])))
        rest = Span(clauses[heads].start, first.end, first.stop)
        if heads > 1:
            label = (lead.start, clauses[1].end)
            return label, [rest, *sentences[1:]], not self._has_parts(rest)
        if not self._stands_alone(lead, rest):
            return self._label(lead.start, lead.end), sentences, False
        return self._label(lead.start, lead.end), [rest, *sentences[1:]], not self._has_parts(rest)

    def _stands_alone(self, lead: Span, rest: Span) -> bool:
        """False when everything after the first clause only qualifies it (…，6月底前完成): then it is one task."""
        said = self.text[lead.start : lead.end]
        after = [self.text[c.start : c.end] for c in self._pieces(rest.start, rest.end, _COMMAS | SEGMENT_STOPS)]
        if len(after) > 2:
            return True
        return any(joint(said, clause) is not Joint.BEFORE for clause in after)

    def _lead_mark(self, first: Span) -> tuple[int, int] | None:
        """End of the heading and start of the rest, where —— or ： stands after a short lead."""
        words = self.text[first.start : first.end]
        dash = re.match(r"^[^，。；：“—]{2,30}?—+(?=.)", words) or re.match(r"^[^。；：—]{2,30}?—+(?=.)", words)
        if dash:
            head = dash.group().rstrip("—")
            return first.start + len(head), first.start + dash.end()
        colon = re.match(r"^[^。；：（]{2,30}：(?=.)", words)
        return (first.start + colon.end() - 1, first.start + colon.end()) if colon else None

    def _is_heading_sentence(self, first: Span) -> bool:
        words = self.text[first.start : first.end]
        return (
            len(words) <= _LONGEST_HEADING and "；" not in words and not _BOUND.search(words) and words.count("，") <= 2
        )

    def _label(self, start: int, end: int) -> tuple[int, int]:
        words = self.text[start:end]
        words_start = start + len((_YEAR_LEAD.match(words) or re.match("", words)).group())  # type: ignore[union-attr]
        lead = _HEADING_WORDS.match(self.text[words_start:end])
        begin = words_start + (lead.end() if lead else 0)
        comma = self.text.find("，", begin, end)
        return (begin, comma if comma > begin else end) if end - begin >= 2 else (start, end)

    def _heading_alone(self, first: Span, heading: tuple[int, int]) -> Parsed:
        """An item with no other content: its heading is the unit (codebook 1.2)."""
        words = self.text[first.start : first.end]
        unit = self._trim(first.start, first.end, "sentence")
        if unit is None or is_slogan(words) or not VERB.search(words):
            return Parsed(heading, [])
        return Parsed(heading, [unit])

    # -- the units

    def _units(self, content: list[Span], *, commas_split: bool, apart: bool) -> list[Unit]:
        units: list[Unit] = []
        spoken = [part for part in content if self._is_task(part)]
        segments = [(part, seg) for part in spoken for seg in self._pieces(part.start, part.end, frozenset("；"))]
        first_only = commas_split and content and not self._has_parts(content[0])
        for part, segment in segments:
            if apart and not (part != content[0] and LEADING_VERB.match(self.text[part.start : part.end])):
                # an aim: every measurable clause is one of its own
                units += [
                    unit
                    for one in self._pieces(segment.start, segment.end, _COMMAS)
                    if (unit := self._trim(one.start, one.end, "clause"))
                    and _MEASURED.search(self.text[unit.start : unit.end])
                ]
                continue
            split = bool(first_only) and part == content[0]
            units += self._segment(segment, "semicolon" if segment.stop == "；" else "sentence", split=split)
        return units

    def _has_parts(self, part: Span) -> bool:
        """True where a ； stands inside; one at its end only closes the item."""
        return "；" in self.text[part.start : part.end].rstrip("；")

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
        clauses = self._opened(self._pieces(segment.start + (field.end() if field else 0), segment.end, _COMMAS))
        if not split and len(clauses) >= _TASKS:
            clauses, split = self._many(clauses)
        groups = self._groups(clauses, split=split)
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
        words = [self.text[one.start : one.end] for one in clauses[:2]]
        if len(words) > 1 and (
            is_leading_posture(words[0]) or (words[1][:1] == "要" and is_general(words[0]) and _OBLIGES.match(words[1]))
        ):
            return clauses[1:]
        return clauses

    def _many(self, clauses: list[Span]) -> tuple[list[Span], bool]:
        """A link of a 要-chain is split like a comma-only item where it holds three tasks; its heading is left out."""
        first = self.text[clauses[0].start : clauses[0].end]
        chained = first.startswith("要")
        headed = is_catchword(first)
        if not headed and (len(clauses) < _MANY or not chained):
            return clauses, False
        rest = clauses[1:] if headed or is_general(first) else clauses
        apart = len(self._groups(rest, split=True)) >= _TASKS - headed
        return (rest, True) if apart else (clauses, False)

    def _groups(self, clauses: list[Span], *, split: bool) -> list[tuple[int, int]]:
        groups: list[tuple[int, int]] = []
        waiting: int | None = None
        if not clauses:
            return groups
        joints = [Joint.APART] + [self._joint(a, b, split=split) for a, b in itertools.pairwise(clauses)]
        for clause, how in zip(clauses, joints, strict=True):
            if groups and (how is Joint.BEFORE or waiting is not None):
                groups[-1] = (groups[-1][0], clause.end)
            else:
                groups.append((clause.start, clause.end))
            waiting = clause.start if split and joint("", self.text[clause.start : clause.end]) is Joint.AFTER else None
        return groups

    def _joint(self, before: Span, clause: Span, *, split: bool) -> Joint:
        said, words = self.text[before.start : before.end], self.text[clause.start : clause.end]
        if _OBLIGES.match(words) and words[0] == "要":
            return Joint.BEFORE if _WHOM.match(said) else Joint.APART
        if split:
            how = joint(said, words)
            return Joint.APART if how is Joint.AFTER else how
        return Joint.BEFORE

    def _trim(self, start: int, end: int, boundary: str) -> Unit | None:
        while end > start and self.text[end - 1] in "。；，：、！？— ":
            end -= 1
        start += after_year(self.text[start:end])
        lead = _OBLIGES.match(self.text[start:end])
        if lead:
            start += lead.end()
        return Unit(start, end, boundary) if end - start >= 4 else None

    def _pieces(self, start: int, end: int, stops: frozenset[str]) -> list[Span]:
        found = cut(self.text[start:end], stops)
        return [Span(start + part.start, start + part.end, part.stop) for part in found]

    def _has(self, span: Span, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.text[span.start : span.end]))


def _first_segment(text: str, span: Span) -> int:
    at = text.find("；", span.start, span.end)
    return at if at > span.start else span.end

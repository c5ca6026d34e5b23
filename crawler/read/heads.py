"""Where the heading of one deployment item ends, and what is left to be split."""

from __future__ import annotations

import re

from crawler.read.habits import Decider
from crawler.read.headings import is_battle, is_catchword, is_couplet, is_general
from crawler.read.items import Item
from crawler.read.leads import BRACKETED, FIELD
from crawler.read.openings import Opening, features, in_one_list
from crawler.read.outline import LONGEST_SENTENCE
from language.sentences import SENTENCE_STOPS, Span, cut

_OWNER = re.compile(r"^（(?:责任|牵头|配合|主责|主办)[^（）]*）$")
_WE = re.compile("我们(?:还|也)?$")
_COMMAS = frozenset("，")
_LIKELY = 0.3
"""A heading, from this probability on: the codebook takes the general clause that opens an item for one (1.2).

Of the labelled lists none with headings throughout lies below .79; of those without, one of two items lies at .40.
"""
_LONGEST_HEADING = 44
_SHORT_LEAD = 6
"""Characters of 标本兼治，打好安全生产攻坚仗 before its comma."""
_BOUND = re.compile(r"\d|月底前|年底前|汛前|年内")
_HEADING_WORDS = re.compile(
    r"^(?:(?:首先|其次|再次|同时|此外|另外|最后)[，]?)?(?:还)?(?:是|要(?![求闻点素害务领]))?(?:抓好(?=[^，。：]{2,}))?"
)
_DASHED = re.compile(r"^[^，。；：“—]{2,30}?—{2,}(?=.)|^[^。；：—]{2,30}?—{2,}(?=.)")
"""A dash as long as two characters; a short one joins names: 中国—东盟."""
_YEAR_LEAD = re.compile(r"^20\d\d年(?=(?:首先)?要)|^20\d\d年首先")
Headed = tuple[tuple[int, int], list[Span], bool]
"""A heading's span, empty where there is none, the content after it, and whether its commas split."""


class HeadFinder:
    """Finds the headings of one announcement's items; all spans count in its copy."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.openings = Decider("openings", _LIKELY, in_one_list)

    def head(self, item: Item) -> Headed:
        """An item's heading, the sentences after it, and whether the first of them is split at its commas."""
        spans, headed = item.spans, item.parent is not None
        whole = [part for span in spans for part in self._pieces(span.start, span.end, SENTENCE_STOPS)]
        sentences = self._with_owners([part for part in whole if part.end - part.start <= LONGEST_SENTENCE])
        if not sentences:
            return (spans[0].start, spans[0].start), [], False
        first = sentences[0]
        if item.own_line:
            return self._label(first.start, first.end), sentences[1:], len(sentences) == 2
        if printed := self._printed(first, sentences):
            return printed
        if item.marker is None and (unmarked := self._unmarked(item, sentences)):
            return unmarked
        if len(sentences) > 1 and self._is_heading_sentence(first):
            return self._label(first.start, first.end), sentences[1:], len(sentences) == 2 and headed is False
        return self._by_comma(first, sentences, item=item)

    def _printed(self, first: Span, sentences: list[Span]) -> Headed | None:
        """A heading that brackets, a dash or a colon set apart: 【安全生产】要…, 抓实防汛——…"""
        bracketed = BRACKETED.match(self.text[first.start : first.end])
        if bracketed:
            rest = Span(first.start + bracketed.end(), first.end, first.stop)
            return (first.start + 1, rest.start - 1), [rest, *sentences[1:]], len(sentences) == 1
        lead = self._lead_mark(first)
        if lead is None:
            return None
        rest = Span(lead[1], first.end, first.stop)
        return self._label(first.start, lead[0]), [rest, *sentences[1:]], True

    def _with_owners(self, parts: list[Span]) -> list[Span]:
        """（责任单位：…） after the stop belongs to the sentence before it (U5)."""
        kept: list[Span] = []
        for part in parts:
            if kept and _OWNER.match(self.text[part.start : part.end]):
                kept[-1] = Span(kept[-1].start, part.end, part.stop)
            else:
                kept.append(part)
        return kept

    def _unmarked(self, item: Item, sentences: list[Span]) -> Headed | None:
        """A paragraph that opens with a field of work (在…方面，) or a task; None where it opens with a heading."""
        first = sentences[0]
        field = FIELD.match(self.text[first.start : first.end])
        if field:
            rest = Span(first.start + field.end(), first.end, first.stop)
            return (
                self._label(first.start, rest.start - (field.group()[-1] in "，：—")),
                [rest, *sentences[1:]],
                len(sentences) == 1,
            )
        if self.text[first.start] in "要将" and _WE.search(
            self.text, max(0, first.start - 4), first.start
        ):  # 我们要…: a speaker's task, however short
            return self._label(first.start, _first_segment(self.text, first)), sentences, len(sentences) == 1
        if self.text[first.start] == "将":  # 今年，我省将…: tasks from the first word
            return self._label(first.start, _first_segment(self.text, first)), sentences, len(sentences) == 1
        if item.parent is not None or not self._is_task_first(first, len(sentences)):
            return None
        return self._label(first.start, _first_segment(self.text, first)), sentences, len(sentences) == 1

    def _is_task_first(self, first: Span, count: int) -> bool:
        """Whether an unmarked paragraph begins with a task: its own object, or one sentence of several with a comma."""
        words = self.text[first.start : first.end]
        if count > 1 and words.count("，") == 1:
            one, two = words.split("，")
            if is_couplet(one, two) or (len(one) <= _SHORT_LEAD and is_battle(two)):
                return False
        return not is_general(words) or (count > 1 and "，" in words[3:] and "；" not in words)  # 首先，

    def _by_comma(self, first: Span, sentences: list[Span], *, item: Item) -> Headed:
        """Without a printed heading the first clause may be one; where it is a task, it only names the directive."""
        clauses = self._pieces(first.start, first.end, _COMMAS)
        none = (first.start, first.start)
        if not clauses:  # nothing but marks
            return none, sentences[1:], False
        lead = clauses[0]
        alone = len(sentences) == 1
        if len(clauses) < 2 or self._has(lead, re.compile("；")):
            return self._label_or_none(lead, item), sentences, alone
        if not self._is_heading(clauses, first, item, len(sentences)):
            return self._label_or_none(lead, item), sentences, alone
        return self._after_lead(clauses, first, sentences)

    def _label_or_none(self, lead: Span, item: Item) -> tuple[int, int]:
        """What a directive is called whose first clause is a task; under a heading there is one already."""
        if item.parent is not None:
            return lead.start, lead.start
        return self._label(lead.start, _first_segment(self.text, lead))

    def _is_heading(self, clauses: list[Span], first: Span, item: Item, sentences: int) -> bool:
        segment = Span(first.start, _first_segment(self.text, first), "")
        begun = [one for one in clauses if one.start < segment.end]
        words = tuple(self.text[one.start : min(one.end, segment.end)] for one in begun)
        if len(words) == 1 or words[0].endswith("基础上"):  # 在已有86处起降点基础上，…: the ground of a task
            return False
        kind = item.marker.kind if item.marker else ""
        opening = Opening(words, self.has_parts(first), sentences, kind, item.parent is not None)
        return self.openings.yes(clauses[0].start, lambda: features(opening))

    def _after_lead(self, clauses: list[Span], first: Span, sentences: list[Span]) -> Headed:
        """The first clause, or a couplet of two, is the heading; what follows is split where it holds tasks."""
        lead = clauses[0]
        heads = 1 + (len(clauses) > 2 and is_couplet(*(self.text[c.start : c.end] for c in clauses[:2])))
        rest = Span(clauses[heads].start, first.end, first.stop)
        if heads > 1:
            label = (lead.start, clauses[1].end)
            return label, [rest, *sentences[1:]], not self.has_parts(rest)
        if self.has_parts(rest) and is_catchword(self.text[lead.start : lead.end]):
            cut_at = _first_segment(self.text, rest)
            parts = [Span(rest.start, cut_at, "；"), Span(cut_at + 1, first.end, first.stop)]
            return self._label(lead.start, lead.end), [*parts, *sentences[1:]], True
        return self._label(lead.start, lead.end), [rest, *sentences[1:]], not self.has_parts(rest)

    def _lead_mark(self, first: Span) -> tuple[int, int] | None:
        """End of the heading and start of the rest, where —— or ： stands after a short lead."""
        words = self.text[first.start : first.end]
        dash = _DASHED.match(words)
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

    def has_parts(self, part: Span) -> bool:
        """True where a ； stands inside; one at its end only closes the item."""
        return "；" in self.text[part.start : part.end].rstrip("；")

    def _pieces(self, start: int, end: int, stops: frozenset[str]) -> list[Span]:
        found = cut(self.text[start:end], stops)
        return [Span(start + part.start, start + part.end, part.stop) for part in found]

    def _has(self, span: Span, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.text[span.start : span.end]))


def _first_segment(text: str, span: Span) -> int:
    at = text.find("；", span.start, span.end)
    return at if at > span.start else span.end

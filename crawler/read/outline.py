"""Which stretches of an announcement are deployment items: markers of every form, headings, cue paragraphs."""

from __future__ import annotations

import re

from crawler.read.items import Item
from crawler.read.leads import after_year, leads_deployment
from crawler.read.markers import UNORDERED, Marker, markers
from crawler.read.sections import elsewhere
from crawler.read.words import VERB, looks_like_results
from crawler.read.zones import ON_A_FIELD, Heard, Hearing, Role
from language.sentences import SENTENCE_STOPS, Span, cut

LONGEST_SENTENCE = 3_000
"""Characters beyond which a stretch without a stop is no sentence, and is not read."""
_HEADING_LENGTH = 34
_QUESTION = 14
"""Characters of 队伍怎么建？ on a line of its own, a heading in the form of a question."""
_LOOKS_BACK = re.compile("回顾|总结|成绩|成效|主要做法|工作情况|取得|面临的?形势|形势分析|形势和|存在的?问题")
_LOOKS_OUT = re.compile("参会|出席|报送|附件|联系人")
_SPEAKS_AGAIN = re.compile("，(?=(?:会议|大会)(?:还|并)?(?:要求|强调|指出|明确|提出|部署)[，：])")
"""…在省城召开，会议要求，…: the meeting speaks, whatever mark stands before."""
_ASKED = re.compile("(?:我们|大家)?(?:还|也)?(?:要(?![求闻点素害务领])|必须)")
_TOLD_OF = frozenset({Role.PROCEDURE, Role.REVIEW})
_AIMS = re.compile("^(?:总体要求|指导思想|总体思路|工作思路|工作目标|主要目标|总体目标|目标任务)")


class Outliner:
    """Walks the lines of a copy once and collects items; ``plan_year`` helps to tell looking back from planning."""

    def __init__(self, text: str, plan_year: int | None) -> None:
        self.text = text
        self.hearing = Hearing(text, plan_year)
        self.items: list[Item] = []
        self.roles: list[tuple[Role, Span]] = []
        self._stack: list[tuple[str, Item]] = []
        self._current: Item | None = None
        self._deploying = False
        self._closed = False
        self._skipping: str | None = None
        self._last_role = self._before = Role.PLAIN

    def outline(self) -> list[Item]:
        """Every item in the order of the text."""
        others = elsewhere(self.text)
        lines = [
            line
            for line in cut(self.text, frozenset("\n"))
            if not any(start <= line.start < end for start, end in others)
        ]
        found = [one for one in markers(self.text) if not any(start <= one.start < end for start, end in others)]
        at = 0
        for number, line in enumerate(lines):
            inside: list[Marker] = []
            while at < len(found) and found[at].start < line.end:
                inside.append(found[at])
                at += 1
            following = self.text[lines[number + 1].start : lines[number + 1].end] if number + 1 < len(lines) else ""
            self._line(line, inside, following)
        return self.items

    def _line(self, line: Span, inside: list[Marker], following: str) -> None:
        edges = [marker.start for marker in inside] + [line.end]
        if inside and inside[0].value == 1 and edges[0] > line.start:
            self._begin_again(inside[0])
        if edges[0] > line.start:
            self._prose(Span(line.start, edges[0], "" if inside else "\n"), following, marked=bool(inside))
        for marker, end in zip(inside, edges[1:], strict=True):
            whole = marker.start == line.start and end == line.end
            self._marked(marker, Span(marker.end, end, "\n" if whole else ""), following)

    def _begin_again(self, marker: Marker) -> None:
        """A line of prose before 一是 where 一是, 二是 stood before: it heads a list of its own."""
        if any(kind == marker.kind for kind, _ in self._stack) and self._current is not None:
            self._stack, self._current = [], None

    # -- enumerated items

    def _marked(self, marker: Marker, span: Span, following: str) -> None:
        words = self.text[span.start : min(span.end, span.start + LONGEST_SENTENCE)]
        if self._skips(marker, words):
            return
        item = Item(marker, parent=self._parent_of(marker))
        item.own_line = span.stop == "\n" and bool(following) and _is_heading(words)
        item.aim = bool(_AIMS.match(words))
        first, rest = self._up_to_cue(span)
        item.spans.append(first)
        self._open(item)
        self._stack.append((marker.kind, item))
        if rest is not None:
            self._prose(rest, following, marked=False)

    def _skips(self, marker: Marker, words: str) -> bool:
        """True inside a list that looks back: 一、2024年工作回顾, or 一是 items of results after 会议指出."""
        if self._skipping is not None:
            outside = (
                marker.kind == self._skipping and not _LOOKS_BACK.search(words[:20]) and not looks_like_results(words)
            )
            if not outside:
                return True
            self._skipping = None
            return False
        if marker.kind == "dash" and not self._deploying and self.hearing.hear(words, deploying=False).role in _TOLD_OF:
            return True  # ——全省应急管理工作会议综述
        first = words.split("。", maxsplit=1)[0]
        back = (
            len(first) <= _HEADING_LENGTH
            and _LOOKS_BACK.search(first)
            and marker.kind.startswith(("section", "paren", "number", "dash", "bullet"))
        )
        if back and not self._deploying:
            self._skipping = marker.kind
            return True
        after = self._last_role in {Role.REVIEW, Role.SITUATION} and not self._deploying
        if after and (looks_like_results(words) or self._introduced(marker)):
            self._skipping = marker.kind
            return True
        return False

    def _introduced(self, marker: Marker) -> bool:
        """Whether a colon after a look back stands right before the first item: 会议回顾了…工作：一是…"""
        return (
            marker.value == 1
            and marker.start > 0
            and self.text[max(0, marker.start - 2) : marker.start].rstrip("\n").endswith("：")
        )

    def _parent_of(self, marker: Marker) -> Item | None:
        kinds = [kind for kind, _ in self._stack]
        if marker.kind in kinds:
            del self._stack[kinds.index(marker.kind) :]
        elif marker.value > 1 and not marker.kind.startswith(UNORDERED) and not self._stack:
            return None
        parent = self._stack[-1][1] if self._stack else None
        if parent is not None:
            parent.container = True
        return parent

    def _up_to_cue(self, span: Span) -> tuple[Span, Span | None]:
        """An item's own words, and what follows from the first sentence that is the meeting's again."""
        parts = self._sentences(span)
        for number, part in enumerate(parts[1:], 1):
            if self._hear(part).role in {Role.PROCEDURE, Role.SLOGAN, Role.DEPLOY, Role.REVIEW} and self._is_cued(part):
                return Span(span.start, parts[number - 1].end, "。"), Span(part.start, span.end, span.stop)
        return span, None

    def _is_cued(self, part: Span) -> bool:
        heard = self._hear(part)
        return heard.content > 0 or heard.role is Role.PROCEDURE

    # -- prose

    def _prose(self, span: Span, following: str, *, marked: bool) -> None:
        parts = [turn for part in self._sentences(span) for turn in self._turns(part)]
        opens_line = span.start == 0 or self.text[span.start - 1] == "\n"
        if opens_line and not marked and len(parts) == 1 and self._heading_line(parts[0], following):
            return
        fresh: Item | None = None
        for number, part in enumerate(parts):
            heard = self._hear(part)
            self._before, self._last_role = self._last_role, heard.role
            self.roles.append((heard.role, part))
            fresh = self._sentence(part, heard, opens=opens_line and number == 0, line_end=span.end, fresh=fresh)
        if marked and fresh is not None and fresh is self._current and len(parts) == 1:
            self._stack = [("prose", fresh)]

    def _sentence(self, part: Span, heard: Heard, *, opens: bool, line_end: int, fresh: Item | None) -> Item | None:
        """Follow one sentence; returns the item that this line has opened, if any."""
        role = heard.role
        if role in {Role.DEPLOY, Role.AIM}:
            item = Item(None, [Span(part.start + heard.content, part.end, part.stop)], aim=role is Role.AIM)
            return self._open_prose(item)
        if role is Role.INTRO:
            self._stack, self._current, self._skipping, self._deploying = [], None, None, True
            return None
        if role is Role.REVIEW and not opens and heard.content == 0 and self._deploying:
            return fresh  # last year's figure beside this year's tasks
        if role is Role.SITUATION and heard.content == 0 and self._deploying:
            return fresh  # how things stand, amid tasks
        if role is not Role.PLAIN:
            self._leave(role)
            return None
        return self._plain(part, opens=opens, line_end=line_end, fresh=fresh)

    def _leave(self, role: Role) -> None:
        if role is Role.PROCEDURE and self.items:
            self._closed = True
        if role in {Role.REVIEW, Role.SITUATION}:
            self._deploying = False
            self._stack = []
        self._current = None

    def _plain(self, part: Span, *, opens: bool, line_end: int, fresh: Item | None) -> Item | None:
        words = self.text[part.start : part.end]
        if not opens:
            return self._runs_on(part, words, fresh)
        if self._skipping is not None:
            return None
        continuing = self._current is not None and (self._current.own_line or self._current.marker is not None)
        if continuing and self._current is not None:
            self._current.spans.append(part)
            return self._current
        line = self.text[part.start : min(line_end, part.start + LONGEST_SENTENCE)]
        if (self._deploying and not self._closed) or leads_deployment(line, looked_back=self._before is Role.REVIEW):
            begin = part.start + after_year(self.text[part.start : part.end])
            return self._open_prose(Item(None, [Span(begin, part.end, part.stop)]))
        return None

    def _runs_on(self, part: Span, words: str, fresh: Item | None) -> Item | None:
        asked = bool(_ASKED.match(words))
        if self._current is not None and self._current.aim and self._current.marker is None and asked:
            return self._open_prose(Item(None, [part]))
        if self._current is not None:
            last = self._current.spans[-1]
            if fresh is self._current or last.end <= part.start:
                self._current.spans.append(part)
            return self._current
        if self._skipping is not None:
            return fresh
        introduced = self._before is Role.INTRO and bool(VERB.search(words)) and not looks_like_results(words)
        if not self._closed and (introduced or asked):
            return self._open_prose(Item(None, [part]))
        lead = after_year(words)
        if lead:
            return self._open_prose(Item(None, [Span(part.start + lead, part.end, part.stop)]))
        return fresh

    def _heading_line(self, part: Span, following: str) -> bool:
        """Open an item at a short unmarked line that stands over other lines."""
        words = self.text[part.start : part.end]
        if part.start == 0 and not part.stop and following and not self._deploying and _is_heading(words):
            return True  # the title
        asked = part.stop == "？" and self._deploying and len(words) <= _QUESTION
        if (
            not following
            or (part.stop and not asked)
            or not _is_heading(words)
            or self._closed
            or self._skipping is not None
        ):
            return False
        if not self._deploying and not (leads_deployment(words) and len(words) <= 20):
            return False
        if self._hear(part).role is not Role.PLAIN or following.startswith("原文链接"):
            return False
        item = Item(None, [part], own_line=True, aim=bool(_AIMS.match(words)))
        self._open_prose(item)
        self._stack = [("heading", item)]
        return True

    # -- shared

    def _open_prose(self, item: Item) -> Item:
        self._stack = []
        return self._open(item)

    def _open(self, item: Item) -> Item:
        self.items.append(item)
        self._current, self._deploying, self._closed, self._skipping = item, True, False, None
        return item

    def _hear(self, part: Span) -> Heard:
        words = self.text[part.start : part.end]
        return self.hearing.hear(words, deploying=self._deploying)

    def _sentences(self, span: Span) -> list[Span]:
        return [
            Span(span.start + part.start, span.start + part.end, part.stop)
            for part in cut(self.text[span.start : span.end], SENTENCE_STOPS)
            if part.end - part.start <= LONGEST_SENTENCE
        ]

    def _turns(self, part: Span) -> list[Span]:
        """A sentence, cut where it turns from what was done to what is to be done: …全部达标；2026年要…"""
        words = self.text[part.start : part.end]
        again = _SPEAKS_AGAIN.search(words)
        if again and not ON_A_FIELD.fullmatch(words[: again.start()]):
            at = part.start + again.start()
            return [Span(part.start, at, "。"), *self._turns(Span(at + 1, part.end, part.stop))]
        pieces = cut(words, frozenset("；")) if "；" in words else []
        if not pieces or not {Role.REVIEW, Role.SITUATION} & {
            self._hear(one).role for one in (part, self._at(part, pieces[0]))
        }:
            return [part]
        for piece in pieces[1:]:
            if after_year(words[piece.start : piece.end]):
                first = Span(part.start, part.start + piece.start - 1, "；")
                return [first, Span(part.start + piece.start, part.end, part.stop)]
        return [part]

    def _at(self, part: Span, piece: Span) -> Span:
        return Span(part.start + piece.start, part.start + piece.end, piece.stop)


def _is_heading(words: str) -> bool:
    bare = words.rstrip("。：")
    return (
        2 <= len(bare) <= _HEADING_LENGTH and not any(mark in bare for mark in "。；：") and not _LOOKS_OUT.search(bare)
    )

"""Many terms at once, the longest first; the one file that knows ahocorasick_rs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind


class Found(NamedTuple):
    """A term where it stands: half-open offsets in the text."""

    start: int
    end: int
    term: str


@dataclass(frozen=True)
class TermIndex:
    """Finds ``terms``; where one of ``exceptions`` is longer or stands earlier, it wins and nothing is reported."""

    terms: frozenset[str]
    exceptions: frozenset[str] = frozenset()
    _patterns: list[str] = field(init=False, repr=False)
    _automaton: AhoCorasick = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the automaton once."""
        patterns = sorted(self.terms | self.exceptions)
        object.__setattr__(self, "_patterns", patterns)
        object.__setattr__(self, "_automaton", AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest))

    def find(self, text: str) -> tuple[Found, ...]:
        """The terms in ``text``, in order, none overlapping another."""
        hits = self._automaton.find_matches_as_indexes(text)
        found = (Found(start, end, self._patterns[which]) for which, start, end in hits)
        return tuple(one for one in found if one.term not in self.exceptions)


def words_of(lines: str | Iterable[str]) -> frozenset[str]:
    """Space-separated terms as a set."""
    return frozenset((lines if isinstance(lines, str) else " ".join(lines)).split())

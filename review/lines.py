"""One change as pages and exports show it: where it stands, what the machine says, what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schema.changes import Change, Dimension, Kind, YearlyDiff
from schema.effective import Effective, effective_changes, effective_of
from schema.provinces import Province, find_province
from schema.verdicts import Decision, Review, ReviewState, Verdict
from store.comparisons import KeptYearlyDiff


@dataclass(frozen=True)
class Line:
    """A change of a kept diff as it counts. Headings are those of its units' directives, in order, each once."""

    kept: KeptYearlyDiff
    effective: Effective
    history: tuple[Verdict, ...] = ()
    old_headings: tuple[str, ...] = ()
    new_headings: tuple[str, ...] = ()

    @property
    def diff(self) -> YearlyDiff:
        """The yearly diff it belongs to."""
        return self.kept.diff

    @property
    def change(self) -> Change:
        """The kind and the wordings in force."""
        return self.effective.change

    @property
    def machine(self) -> Change | None:
        """What the machine says; None for a change that a person made by matching anew."""
        return self.effective.machine

    @cached_property
    def province(self) -> Province:
        """Where."""
        return find_province(self.kept.diff.province)

    @property
    def review(self) -> Review:
        """Where the review stands: open, settled or disputed, who decided what, who shall decide."""
        return self.effective.review

    @property
    def now(self) -> Verdict | None:
        """The decision in force; None while it is open or disputed."""
        return self.review.verdict

    @property
    def disputed(self) -> bool:
        """Two people decided differently; a third must."""
        return self.review.state is ReviewState.DISPUTED

    @property
    def kind(self) -> Kind | None:
        """What it counts as; None for what is not a commitment."""
        return self.effective.kind

    @property
    def differs(self) -> bool:
        """The machine says another kind, or nothing of the sort: its label is to be shown beside."""
        return self.machine is None or self.machine.kind is not self.kind

    @property
    def asks(self) -> bool:
        """It tells something that a person shall look at."""
        return self.effective.asks

    @property
    def waits(self) -> bool:
        """It asks, and nobody has decided yet."""
        return self.effective.waits

    @property
    def follows(self) -> bool:
        """The verdict on another change gave it its wordings; that one is where it is decided."""
        return self.effective.taken

    @property
    def absorbed(self) -> bool:
        """The verdict on another change took all its wordings: it is no change any more."""
        not_one = self.now is not None and self.now.decision is Decision.NOT_A_COMMITMENT
        return self.follows and not self.effective.counts and not not_one

    @property
    def newest(self) -> int:
        """The number of the newest verdict on it, 0 without one: what a form says it has seen."""
        return max((verdict.id or 0 for verdict in self.history), default=0)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that moved, each once."""
        return tuple(dict.fromkeys(finding.dimension for finding in self.change.findings))

    @property
    def text(self) -> str:
        """Both wordings and the headings, for looking words up."""
        return "\n".join((self.change.old_text, self.change.new_text, *self.old_headings, *self.new_headings))


Histories = Mapping[str, Sequence[Verdict]]
"""Change key → its verdicts, oldest first."""


def lines_of(kept: KeptYearlyDiff, verdicts: Histories, as_of: datetime | None = None) -> Iterator[Line]:
    """Every change of a diff in its own order, with what was decided about it until ``as_of``."""
    said = {key: tuple(v for v in all_said if as_of is None or v.at <= as_of) for key, all_said in verdicts.items()}
    under = _directives(kept.diff)
    for one in effective_changes(kept.diff, said):
        yield _line(kept, one, said, under)


def line_of(kept: KeptYearlyDiff, verdicts: Histories, key: str) -> Line:
    """The machine's change with this key; also one whose wordings other verdicts have taken."""
    return _line(kept, effective_of(kept.diff, verdicts, key), verdicts, _directives(kept.diff))


_Under = tuple[dict[str, str], dict[str, str]]
"""For the earlier and for the later year: a unit's id → its directive's heading."""


def _directives(diff: YearlyDiff) -> _Under:
    old, new = ({unit.id: unit.directive for unit in units} for units in (diff.old_units, diff.new_units))
    return old, new


def _line(kept: KeptYearlyDiff, one: Effective, verdicts: Histories, under: _Under) -> Line:
    old, new = _headings(under[0], one.change.old), _headings(under[1], one.change.new)
    return Line(kept, one, tuple(verdicts.get(one.change.key, ())), old, new)


def _headings(directives: Mapping[str, str], units: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(heading for unit in units if (heading := directives.get(unit, ""))))

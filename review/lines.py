"""One change as pages and exports show it: where it stands, what the machine says, what people decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from schema.changes import ALERT_KINDS, Change, Dimension, Kind, YearlyDiff
from schema.provinces import Province, find_province
from schema.verdicts import Decision, Review, ReviewState, Verdict, review_of
from store.comparisons import KeptYearlyDiff


@dataclass(frozen=True)
class Line:
    """A change of a kept diff. Headings are those of its units' directives, in order, each once."""

    kept: KeptYearlyDiff
    change: Change
    history: tuple[Verdict, ...] = ()
    old_headings: tuple[str, ...] = ()
    new_headings: tuple[str, ...] = ()

    @property
    def diff(self) -> YearlyDiff:
        """The yearly diff it belongs to."""
        return self.kept.diff

    @cached_property
    def province(self) -> Province:
        """Where."""
        return find_province(self.kept.diff.province)

    @cached_property
    def now(self) -> Verdict | None:
        """The decision in force; None while it is open or disputed."""
        return self.review.verdict

    @cached_property
    def review(self) -> Review:
        """Where the review stands: open, settled or disputed, who decided what, who shall decide."""
        return review_of(self.history)

    @property
    def disputed(self) -> bool:
        """Two people decided differently; a third must."""
        return self.review.state is ReviewState.DISPUTED

    @property
    def kind(self) -> Kind | None:
        """What it counts as: the analyst's kind, else the machine's; None for what is not a commitment."""
        if self.now is None:
            return self.change.kind
        if self.now.decision is Decision.NOT_A_COMMITMENT:
            return None
        return self.now.kind or self.change.kind

    @property
    def waits(self) -> bool:
        """It tells something and nobody has decided yet."""
        return self.change.kind in ALERT_KINDS and self.now is None

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


def lines_of(
    kept: KeptYearlyDiff, verdicts: Mapping[str, Sequence[Verdict]], as_of: datetime | None = None
) -> Iterator[Line]:
    """Every change of a diff in its own order, with what was decided about it until ``as_of``."""
    old = {unit.id: unit.directive for unit in kept.diff.old_units}
    new = {unit.id: unit.directive for unit in kept.diff.new_units}
    for change in kept.diff.changes:
        history = tuple(v for v in verdicts.get(change.key, ()) if as_of is None or v.at <= as_of)
        yield Line(kept, change, history, _headings(old, change.old), _headings(new, change.new))


def _headings(directives: Mapping[str, str], units: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(heading for unit in units if (heading := directives.get(unit, ""))))

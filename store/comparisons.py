"""Keeps diffs with their alerts in one transaction, and says which comparisons are still to be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from schema.alerts import Alert, Subscription
from schema.announcements import Edition
from schema.changes import Change, Finding, YearlyDiff
from store import rows
from store import tables as t
from store.announcements import NUMBERS, many
from store.appending import append
from store.archive import Archive, utc_now
from store.database import Database
from store.due import due
from store.ledger import queue_alert
from store.standing import Key
from store.standing_diffs import DiffCounts, diff_counts, standing_diffs
from store.tallies import Tally, tallies

AT_ONCE = 50
"""Pairs of texts in memory at once."""
__all__ = ["Comparison", "Comparisons", "DiffCounts", "KeptDiff", "KeptYearlyDiff"]


@dataclass(frozen=True, slots=True)
class KeptDiff:
    """A comparison as kept. ``new`` False: it had been kept before, and nothing was written or queued."""

    id: int
    new: bool
    queued: int = 0


@dataclass(frozen=True, slots=True)
class KeptYearlyDiff:
    """A kept comparison with the two versions it compares; ``earlier_id`` 0 for a baseline."""

    id: int
    diff: YearlyDiff
    earlier_id: int
    later_id: int
    instrument: str
    made_at: datetime
    technical: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison to be made. ``technical``: only our own code changed, so nobody is told."""

    earlier: Edition | None
    later: Edition
    technical: bool = False


class Comparisons:
    """The diffs of the house."""

    def __init__(self, database: Database, archive: Archive, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._archive, self._clock = database, archive, clock

    def pending(self, instrument: str, provinces: Iterable[str] | None = None) -> list[Comparison]:
        """Edition pairs that have no diff made with this instrument, in order of province and year.

        The earlier side is the last year there is (a gap is allowed), None for a first edition. A revision is a pair
        of versions of one address in one plan year. Technical: nothing the world said since the last diff.
        """
        return list(self.each_pending(instrument, provinces))

    def each_pending(self, instrument: str, provinces: Iterable[str] | None = None) -> Iterator[Comparison]:
        """As ``pending``, a portion of the texts in memory at a time."""
        wanted = set(provinces) if provinces is not None else None
        with self._database.reading() as session:
            found = due(session, instrument, wanted)
        for start in range(0, len(found), AT_ONCE):
            portion = found[start : start + AT_ONCE]
            numbers = sorted({number for one in portion for number in (one.earlier, one.later) if number})
            editions = self._archive.versions_by_number(numbers)
            for one in portion:
                yield Comparison(editions.get(one.earlier), editions[one.later], one.technical)

    def keep(
        self,
        comparison: Comparison,
        diff: YearlyDiff,
        instrument: str,
        alerts: Sequence[Alert] = (),
        subscriptions: Sequence[Subscription] = (),
    ) -> KeptDiff:
        """Write the diff, its changes and findings, and queue its alerts: all of it or none, and only once."""
        earlier_id = comparison.earlier.announcement_id if comparison.earlier else 0
        later_id = comparison.later.announcement_id
        by_name = {subscription.name: subscription for subscription in subscriptions}
        with self._database.writing() as session:
            same = (t.DiffRow.earlier_id == earlier_id, t.DiffRow.later_id == later_id)
            known = session.scalar(select(t.DiffRow.id).where(*same, t.DiffRow.instrument == instrument))
            if known is not None:
                return KeptDiff(known, new=False)
            made = rows.diff_values(diff, earlier_id, later_id, instrument, self._clock())
            made["technical"] = comparison.technical
            append(session, t.DiffRow, [made])
            _write_changes(session, made["id"], diff.changes)
            queued = sum(queue_alert(session, alert, by_name[alert.subscription], self._clock()) for alert in alerts)
        return KeptDiff(made["id"], new=True, queued=queued)

    def told(self, subscription: str) -> frozenset[str]:
        """The keys of changes this subscription has been told, or will be."""
        query = select(t.ToldRow.change_key).where(t.ToldRow.subscription == subscription)
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def diff(self, province: str, plan_year: int, as_of: datetime | None = None) -> KeptYearlyDiff | None:
        """The yearly diff (or baseline) of the editions that stand, as known at ``as_of``; None without one."""
        with self._database.reading() as session:
            chosen = standing_diffs(session, province, plan_year, as_of)
            return next(iter(_kept(session, list(chosen.values()))), None)

    def diffs(self, plan_year: int, as_of: datetime | None = None) -> dict[str, KeptYearlyDiff]:
        """Every province's yearly diff of one plan year, in five queries however many."""
        with self._database.reading() as session:
            chosen = standing_diffs(session, None, plan_year, as_of)
            return {kept.diff.province: kept for kept in _kept(session, list(chosen.values()))}

    def counts(self, plan_year: int | None = None, as_of: datetime | None = None) -> dict[Key, DiffCounts]:
        """What every yearly diff came to, by province and plan year, without loading a single change."""
        with self._database.reading() as session:
            chosen = standing_diffs(session, None, plan_year, as_of)
            return diff_counts(session, list(chosen.values()))

    def by_number(self, numbers: Sequence[int]) -> dict[int, KeptYearlyDiff]:
        """Kept comparisons by their numbers, in three queries a few hundred."""
        with self._database.reading() as session:
            return {kept.id: kept for kept in _kept(session, numbers)}

    def standing(self, as_of: datetime | None = None) -> dict[Key, int]:
        """Province and plan year → number of the diff that speaks for it, as known at ``as_of``."""
        with self._database.reading() as session:
            return standing_diffs(session, as_of=as_of)

    def tallies(self, numbers: Sequence[int]) -> list[Tally]:
        """What these yearly diffs came to, without loading a change."""
        with self._database.reading() as session:
            return tallies(session, numbers)

    def revisions(self, province: str, plan_year: int) -> list[KeptYearlyDiff]:
        """Every revision diff of an edition, oldest first."""
        query = select(t.DiffRow.id).where(
            t.DiffRow.province == province, t.DiffRow.year_new == plan_year, t.DiffRow.outcome == "revision"
        )
        with self._database.reading() as session:
            return _kept(session, session.scalars(query.order_by(t.DiffRow.id)).all())

    def revised(self) -> frozenset[Key]:
        """Province and plan year of every edition whose page was edited after it was kept."""
        d = t.DiffRow
        query = select(d.province, d.year_new).where(d.outcome == "revision").distinct()
        with self._database.reading() as session:
            return frozenset((province, year) for province, year in session.execute(query))

    def change(self, key: str) -> tuple[KeptYearlyDiff, Change] | None:
        """The newest diff that holds a change with this key (or a unique beginning of it), and the change."""
        c = t.ChangeRow
        with self._database.reading() as session:
            for asked in (c.key == key, c.key.startswith(key, autoescape=True)):  # whole keys are in an index
                query = select(c.key, c.diff_id).where(asked).order_by(c.id.desc()).limit(1)
                row = session.execute(query).one_or_none()
                if row is not None:
                    [kept] = _kept(session, [row.diff_id])
                    return kept, next(change for change in kept.diff.changes if change.key == row.key)
        return None


def _write_changes(session: Session, diff_id: int, changes: Sequence[Change]) -> None:
    pairs = [(change, rows.change_values(change, diff_id)) for change in changes]
    append(session, t.ChangeRow, [values for _, values in pairs])
    findings = [rows.finding_values(one, values["id"]) for change, values in pairs for one in change.findings]
    append(session, t.FindingRow, findings)


def _kept(session: Session, numbers: Sequence[int]) -> list[KeptYearlyDiff]:
    """Diffs by their numbers with changes and findings, in the order of the numbers."""
    found: dict[int, KeptYearlyDiff] = {}
    for portion in many(numbers):
        found |= _kept_portion(session, portion)
    return [found[number] for number in numbers]


def _kept_portion(session: Session, numbers: Sequence[int]) -> dict[int, KeptYearlyDiff]:
    """Columns, not mapped objects: a page waits for this."""
    of_findings, of_changes, of_diffs = _whole()
    asked = {"numbers": numbers}
    findings: dict[int, list[Finding]] = defaultdict(list)
    for finding in session.execute(of_findings, asked):
        findings[finding.change_id].append(rows.finding_record(finding))
    changes: dict[int, list[Change]] = defaultdict(list)
    for row in session.execute(of_changes, asked):
        changes[row.diff_id].append(rows.change_record(row, findings.get(row.id, ())))
    return {
        row.id: KeptYearlyDiff(
            row.id,
            rows.diff_record(row, changes.get(row.id, ())),
            row.earlier_id,
            row.later_id,
            row.instrument,
            row.made_at,
            row.technical,
        )
        for row in session.execute(of_diffs, asked)
    }


@cache
def _whole() -> tuple[Select[*tuple[Any, ...]], ...]:
    """Findings, changes and diffs by numbers of diffs. Built once, as it takes long."""
    f, c, d = t.FindingRow.__table__, t.ChangeRow.__table__, t.DiffRow.__table__
    return (
        select(f).join(c, c.c.id == f.c.change_id).where(c.c.diff_id.in_(NUMBERS)).order_by(f.c.id),
        select(c).where(c.c.diff_id.in_(NUMBERS)).order_by(c.c.id),
        select(d).where(d.c.id.in_(NUMBERS)),
    )

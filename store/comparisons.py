"""Keeps diffs with their alerts in one transaction, and says which comparisons are still to be made."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.alerts import Alert, Subscription
from schema.announcements import Edition
from schema.changes import Change, Finding, YearlyDiff
from store import rows
from store import tables as t
from store.archive import Archive, utc_now
from store.database import Database
from store.ledger import queue_alert
from store.tallies import Tally, tallies


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
        of versions of one address in one plan year.
        """
        wanted = set(provinces) if provinces is not None else None
        years: dict[str, list[int]] = defaultdict(list)
        for province, year in self._archive.editions():
            if wanted is None or province in wanted:
                years[province].append(year)
        made = self._made(instrument)
        found: list[Comparison] = []
        for province, known in years.items():
            earlier: Edition | None = None
            for year in known:
                found += self._revisions(province, year, made)
                later = self._archive.edition(province, year)
                assert later is not None
                found += self._yearly(earlier, later, made)
                earlier = later
        return found

    def _made(self, instrument: str) -> set[tuple[int, int]]:
        query = select(t.DiffRow.earlier_id, t.DiffRow.later_id).where(t.DiffRow.instrument == instrument)
        with self._database.reading() as session:
            return {(a, b) for a, b in session.execute(query)}

    def _yearly(self, earlier: Edition | None, later: Edition, made: set[tuple[int, int]]) -> list[Comparison]:
        numbers = (earlier.announcement_id if earlier else 0, later.announcement_id)
        if numbers in made:
            return []
        with self._database.reading() as session:
            before = session.scalar(
                select(t.DiffRow.id).where(
                    t.DiffRow.province == later.province,
                    t.DiffRow.year_new == later.plan_year,
                    t.DiffRow.later_id == later.announcement_id,
                    t.DiffRow.earlier_id == numbers[0],
                )
            )
        technical = before is not None or later.technical or bool(earlier and earlier.technical)
        return [Comparison(earlier, later, technical)]

    def _revisions(self, province: str, year: int, made: set[tuple[int, int]]) -> list[Comparison]:
        by_address: dict[str, list[Edition]] = defaultdict(list)
        for version in self._archive.versions(province, year):
            by_address[version.url].append(version)
        return [
            Comparison(before, after)
            for versions in by_address.values()
            for before, after in itertools.pairwise(versions)
            if not after.technical and (before.announcement_id, after.announcement_id) not in made
        ]

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
            row = rows.diff_row(diff, earlier_id, later_id, instrument, self._clock())
            row.technical = comparison.technical
            session.add(row)
            session.flush()
            _write_changes(session, row.id, diff.changes)
            queued = sum(queue_alert(session, alert, by_name[alert.subscription], self._clock()) for alert in alerts)
        return KeptDiff(row.id, new=True, queued=queued)

    def told(self, subscription: str) -> frozenset[str]:
        """The keys of changes this subscription has been told, or will be."""
        query = select(t.ToldRow.change_key).where(t.ToldRow.subscription == subscription)
        with self._database.reading() as session:
            return frozenset(session.scalars(query))

    def diff(self, province: str, plan_year: int, as_of: datetime | None = None) -> KeptYearlyDiff | None:
        """The newest yearly diff (or baseline) of a province and plan year, as known at ``as_of``."""
        query = select(t.DiffRow).where(
            t.DiffRow.province == province, t.DiffRow.year_new == plan_year, t.DiffRow.outcome != "revision"
        )
        if as_of is not None:
            query = query.where(t.DiffRow.made_at <= as_of)
        with self._database.reading() as session:
            row = session.scalar(query.order_by(t.DiffRow.id.desc()).limit(1))
            return _kept(session, row) if row else None

    def tallies(self, plan_year: int, as_of: datetime | None = None) -> dict[str, Tally]:
        """What every province's newest yearly diff came to, without loading a change."""
        with self._database.reading() as session:
            return tallies(session, plan_year, as_of)

    def revisions(self, province: str, plan_year: int) -> list[KeptYearlyDiff]:
        """Every revision diff of an edition, oldest first."""
        query = select(t.DiffRow).where(
            t.DiffRow.province == province, t.DiffRow.year_new == plan_year, t.DiffRow.outcome == "revision"
        )
        with self._database.reading() as session:
            return [_kept(session, row) for row in session.scalars(query.order_by(t.DiffRow.id))]

    def change(self, key: str) -> tuple[KeptYearlyDiff, Change] | None:
        """The newest diff that holds a change with this key (or a unique beginning of it), and the change."""
        query = select(t.ChangeRow).where(t.ChangeRow.key.startswith(key, autoescape=True))
        with self._database.reading() as session:
            row = session.scalar(query.order_by(t.ChangeRow.id.desc()).limit(1))
            if row is None:
                return None
            kept = _kept(session, session.get_one(t.DiffRow, row.diff_id))
            return kept, next(change for change in kept.diff.changes if change.key == row.key)


def _write_changes(session: Session, diff_id: int, changes: Sequence[Change]) -> None:
    pairs = [(change, rows.change_row(change, diff_id)) for change in changes]
    session.add_all(row for _, row in pairs)
    session.flush()
    session.add_all(rows.finding_row(finding, row.id) for change, row in pairs for finding in change.findings)


def _kept(session: Session, row: t.DiffRow) -> KeptYearlyDiff:
    changes = session.scalars(select(t.ChangeRow).where(t.ChangeRow.diff_id == row.id).order_by(t.ChangeRow.id)).all()
    found: dict[int, list[Finding]] = defaultdict(list)
    query = select(t.FindingRow).join(t.ChangeRow, t.ChangeRow.id == t.FindingRow.change_id)
    for finding in session.scalars(query.where(t.ChangeRow.diff_id == row.id).order_by(t.FindingRow.id)):
        found[finding.change_id].append(rows.finding_record(finding))
    diff = rows.diff_record(row, [rows.change_record(change, found[change.id]) for change in changes])
    return KeptYearlyDiff(row.id, diff, row.earlier_id, row.later_id, row.instrument, row.made_at)

"""Appends what analysts decide, and finds it again for a change that was compared anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from schema.changes import Change, Kind, YearlyDiff
from schema.errors import VerdictConflict
from schema.verdicts import REGROUPING, Decision, Verdict, plain
from store import tables as t
from store.announcements import many
from store.audit import note
from store.database import Database

Judged = tuple[Kind, tuple[Verdict, ...]]
"""What the machine says of a change, and everything people said, oldest first."""


@dataclass(frozen=True, slots=True)
class JudgedChange:
    """A change somebody decided about: the machine's kind, confidence and rules, and the verdicts, oldest first."""

    key: str
    kind: str
    confidence: str
    rules: tuple[str, ...]
    history: tuple[Verdict, ...]


class VerdictBook:
    """All verdicts, in the order they were given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, verdict: Verdict, after: int = 0) -> int:
        """Keep one verdict; its number.

        ``after`` is the newest verdict on this change the reviewer saw, 0 for none. Raises VerdictConflict when there
        is a newer one: two reviewers never overwrite each other unseen.
        """
        with self._database.writing() as session:
            if self._database.dialect == "postgresql":  # SQLite's writing transactions already wait for each other
                session.execute(select(func.pg_advisory_xact_lock(func.hashtext(verdict.change_key))))
            newest = session.scalar(
                select(func.max(t.VerdictRow.id)).where(t.VerdictRow.change_key == verdict.change_key)
            )
            if newest is not None and newest > after:
                raise VerdictConflict(verdict.change_key, newest)
            row = verdict_row(verdict)
            session.add(row)
            session.flush()
            note(session, verdict.at, verdict.by, "verdict", verdict.change_key, detail=verdict.decision.value)
            return row.id

    def of_change(self, key: str, as_of: datetime | None = None) -> tuple[Verdict, ...]:
        """Everything decided under one change key until ``as_of``, oldest first."""
        query = _until(select(t.VerdictRow).where(t.VerdictRow.change_key == key), as_of)
        with self._database.reading() as session:
            return tuple(_record(row) for row in session.scalars(query))

    def of_diff(self, diff: YearlyDiff, as_of: datetime | None = None) -> dict[str, tuple[Verdict, ...]]:
        """Change key → its verdicts until ``as_of``, oldest first, for the changes of a diff that have any.

        A verdict is found by its key, and by its two wordings when a newer comparison of the same two years gave the
        change another key (another label).
        """
        place = {"province": diff.province, "year_old": diff.year_old, "year_new": diff.year_new}
        with self._database.reading() as session:
            found = [_record(row) for row in session.scalars(_until(_of_place(), as_of), place)]
        return _matched(diff.changes, found)

    def rearranged(self) -> frozenset[tuple[str, int]]:
        """Province and later year of every comparison in which somebody matched wordings anew."""
        query = (
            select(t.DiffRow.province, t.DiffRow.year_new)
            .join(t.ChangeRow, t.ChangeRow.diff_id == t.DiffRow.id)
            .join(t.VerdictRow, t.VerdictRow.change_key == t.ChangeRow.key)
            .where(t.VerdictRow.decision.in_([decision.value for decision in REGROUPING]))
        )
        with self._database.reading() as session:
            return frozenset((province, year) for province, year in session.execute(query.distinct()))

    def judged(self) -> list[JudgedChange]:
        """Every change with verdicts, as its newest comparison has it; three queries however many."""
        history: dict[str, list[Verdict]] = defaultdict(list)
        rules: dict[int, set[str]] = defaultdict(set)
        with self._database.reading() as session:
            for row in session.scalars(select(t.VerdictRow).order_by(t.VerdictRow.id)):
                history[row.change_key].append(_record(row))
            newest = select(func.max(t.ChangeRow.id)).where(t.ChangeRow.key.in_(select(t.VerdictRow.change_key)))
            newest = newest.group_by(t.ChangeRow.key)
            query = select(t.ChangeRow.id, t.ChangeRow.key, t.ChangeRow.kind, t.ChangeRow.confidence)
            found = session.execute(query.where(t.ChangeRow.id.in_(newest))).all()
            told = select(t.FindingRow.change_id, t.FindingRow.rule).where(t.FindingRow.change_id.in_(newest))
            for change_id, rule in session.execute(told):
                rules[change_id].add(rule)
        return [
            JudgedChange(row.key, row.kind, row.confidence, tuple(sorted(rules[row.id])), tuple(history[row.key]))
            for row in found
        ]

    def decided(
        self, plan_years: Collection[int], diffs: Sequence[int], as_of: datetime | None = None
    ) -> dict[int, list[Judged]]:
        """Number of a diff → the machine's kind and the verdicts of every change of it that has any.

        ``diffs`` are all of these plan years. Light: the verdicts come without texts and reasons, no change is loaded.
        """
        change = t.ChangeRow
        found: dict[int, list[Judged]] = defaultdict(list)
        with self._database.reading() as session:
            said = histories(session, tuple(plan_years), diffs, as_of)
            for keys in many(tuple(said)):
                query = select(change.diff_id, change.key, change.kind).where(change.key.in_(keys))
                for diff, key, kind in session.execute(query.where(change.diff_id.in_(diffs))):
                    found[diff].append((Kind(kind), said[key]))
        return found

    def of_year(
        self, plan_year: int, diffs: Iterable[YearlyDiff], as_of: datetime | None = None
    ) -> dict[str, dict[str, tuple[Verdict, ...]]]:
        """Province → what ``of_diff`` says of its diff of this plan year; two queries for all of them."""
        d = t.DiffRow
        keys = (
            select(t.ChangeRow.key, d.province, d.year_old)
            .join(d, d.id == t.ChangeRow.diff_id)
            .where(d.year_new == plan_year, t.ChangeRow.key.in_(select(t.VerdictRow.change_key)))
            .distinct()
        )
        found: dict[tuple[str, int], list[Verdict]] = defaultdict(list)
        with self._database.reading() as session:
            places = {key: (province, year_old) for key, province, year_old in session.execute(keys)}
            said: list[t.VerdictRow] = []
            for portion in many(tuple(places)):
                query = _until(select(t.VerdictRow).where(t.VerdictRow.change_key.in_(portion)), as_of)
                said += session.scalars(query)
        for row in sorted(said, key=lambda row: row.id):
            found[places[row.change_key]].append(_record(row))
        return {diff.province: _matched(diff.changes, found[diff.province, diff.year_old]) for diff in diffs}


@cache
def _of_place() -> Select[t.VerdictRow]:
    """Verdicts on any change that a comparison of the same two years has had. Built once, as it takes long."""
    d = t.DiffRow
    same = (getattr(d, name) == bindparam(name) for name in ("province", "year_old", "year_new"))
    keys = select(t.ChangeRow.key).join(d, d.id == t.ChangeRow.diff_id).where(*same)
    return select(t.VerdictRow).where(t.VerdictRow.change_key.in_(keys))


def _until(query: Select[t.VerdictRow], as_of: datetime | None) -> Select[t.VerdictRow]:
    known = query if as_of is None else query.where(t.VerdictRow.at <= as_of)
    return known.order_by(t.VerdictRow.id)


Histories = dict[str, tuple[Verdict, ...]]
"""Change key → its verdicts, oldest first."""


def histories(session: Session, years: Sequence[int], diffs: Sequence[int], as_of: datetime | None = None) -> Histories:
    """The verdicts of the changes of these diffs, by key; by wording where another comparison moved the key.

    ``years``: the plan years of the diffs, to look no further. The verdicts come without texts and reasons.
    """
    row = t.VerdictRow
    query = (
        select(row.id, row.change_key, row.decision, row.by, row.at, row.machine_kind, row.kind, row.wanted_old)
        .add_columns(row.wanted_new, t.ChangeRow.diff_id)
        .join(t.ChangeRow, t.ChangeRow.key == row.change_key)
        .join(t.DiffRow, t.DiffRow.id == t.ChangeRow.diff_id)
        .where(t.DiffRow.year_new.in_(years))
    )
    if as_of is not None:
        query = query.where(row.at <= as_of)
    current = set(diffs)
    found: dict[int, Any] = {}
    moved: dict[int, Any] = {}
    for one in session.execute(query):
        (found if one.diff_id in current else moved)[one.id] = one
    lost = {number: one for number, one in moved.items() if number not in found}
    keys = {number: one.change_key for number, one in found.items()} | _moved_keys(session, diffs, list(lost))
    said: dict[str, list[Verdict]] = defaultdict(list)
    for number in sorted(keys):
        said[keys[number]].append(_light(found.get(number) or lost[number]))
    return {key: tuple(verdicts) for key, verdicts in said.items()}


def _light(row: Any) -> Verdict:
    return Verdict(
        change_key=row.change_key,
        decision=Decision(row.decision),
        by=row.by,
        at=row.at,
        machine_kind=Kind(row.machine_kind),
        kind=Kind(row.kind) if row.kind else None,
        wanted_old=tuple(row.wanted_old),
        wanted_new=tuple(row.wanted_new),
        id=row.id,
    )


def _moved_keys(session: Session, diffs: Sequence[int], verdicts: Sequence[int]) -> dict[int, str]:
    """Number of a verdict → the key its two wordings have in these diffs, of the same province and years."""
    if not verdicts:
        return {}
    diff, change, verdict = t.DiffRow, t.ChangeRow, t.VerdictRow
    place = (diff.province, diff.year_old, diff.year_new)
    before = (
        select(verdict.id, verdict.old_text, verdict.new_text, *place)
        .join(change, change.key == verdict.change_key)
        .join(diff, diff.id == change.diff_id)
        .where(verdict.id.in_(verdicts))
    )
    wanted = {number: (*where, *_wording(old, new)) for number, old, new, *where in session.execute(before)}
    now = (
        select(change.key, change.old_text, change.new_text, *place)
        .join(diff, diff.id == change.diff_id)
        .where(diff.id.in_(diffs), diff.province.in_({one[0] for one in wanted.values()}))
    )
    by_wording = {(*where, *_wording(old, new)): key for key, old, new, *where in session.execute(now)}
    return {number: by_wording[one] for number, one in wanted.items() if one in by_wording}


def _matched(changes: Sequence[Change], verdicts: Iterable[Verdict]) -> dict[str, tuple[Verdict, ...]]:
    verdicts = list(verdicts)
    if not verdicts:
        return {}
    by_wording = {_wording(change.old_text, change.new_text): change.key for change in changes}
    known = {change.key for change in changes}
    matched: dict[str, tuple[Verdict, ...]] = {}
    for verdict in verdicts:
        wording = _wording(verdict.old_text, verdict.new_text)
        key = verdict.change_key if verdict.change_key in known else by_wording.get(wording)
        if key is not None:
            matched[key] = (*matched.get(key, ()), verdict)
    return matched


def _wording(old_text: str, new_text: str) -> tuple[str, str]:
    return plain(old_text), plain(new_text)


def verdict_row(verdict: Verdict) -> t.VerdictRow:
    """A verdict to keep."""
    return t.VerdictRow(
        change_key=verdict.change_key,
        decision=verdict.decision.value,
        by=verdict.by,
        at=verdict.at,
        machine_kind=verdict.machine_kind.value,
        kind=verdict.kind.value if verdict.kind else None,
        reason=verdict.reason,
        old_units=list(verdict.old_units),
        new_units=list(verdict.new_units),
        old_text=verdict.old_text,
        new_text=verdict.new_text,
        wanted_old=list(verdict.wanted_old),
        wanted_new=list(verdict.wanted_new),
        assignee=verdict.assignee,
    )


def _record(row: t.VerdictRow) -> Verdict:
    return Verdict(
        change_key=row.change_key,
        decision=Decision(row.decision),
        by=row.by,
        at=row.at,
        machine_kind=Kind(row.machine_kind),
        kind=Kind(row.kind) if row.kind else None,
        reason=row.reason,
        old_units=tuple(row.old_units),
        new_units=tuple(row.new_units),
        old_text=row.old_text,
        new_text=row.new_text,
        wanted_old=tuple(row.wanted_old),
        wanted_new=tuple(row.wanted_new),
        assignee=row.assignee,
        id=row.id,
    )

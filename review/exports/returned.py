"""Verdicts that come back in a workbook: read, compared with what stands, previewed, and written only when asked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from review.exports.columns import COLUMNS
from review.guard import Refused
from review.judging import verdict_of
from review.labels import DECISIONS
from review.lines import Line, lines_of
from review.matrix import Desk
from schema.changes import Kind
from schema.errors import UnreadableInput, VerdictConflict
from schema.verdicts import Decision, Verdict
from schema.words import KINDS

LARGEST = 16 * 1024 * 1024
"""Bytes of a workbook that is taken back."""
UNPACKED = 256 * 1024 * 1024
ROWS = 50_000
OFFERED = (Decision.CONFIRM, Decision.RECLASSIFY, Decision.NOT_A_COMMITMENT, Decision.COMMENT)


@dataclass(frozen=True, slots=True)
class Returned:
    """One row as it came back: where it stood, and the texts of the columns that matter."""

    place: str
    """Sheet and row, as a person finds them."""
    key: str
    decision: str
    kind: str
    reason: str
    seen: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a row would change. ``problem``: a key of labels.IMPORT_PROBLEMS or REFUSALS, empty without one."""

    row: Returned
    line: Line | None = None
    verdict: Verdict | None = None
    problem: str = ""

    @property
    def writes(self) -> bool:
        """Whether there is something to write, and nothing against it."""
        return self.verdict is not None and not self.problem


def read_returned(data: bytes, name: str = "xlsx") -> list[Returned]:
    """Every row with a change key. Raises UnreadableInput: no workbook, too large, none of our columns."""
    _check_size(data, name)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = [row for sheet in book.worksheets for row in _rows(sheet)]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, EOFError, OSError) as error:
        raise UnreadableInput(name, f"不是能读的 xlsx not a workbook that can be read: {error}") from error
    if not found:
        raise UnreadableInput(
            name, "没有“变化编号”列或没有行 has no rows with a change key; export it with --format xlsx"
        )
    return found


def _check_size(data: bytes, name: str) -> None:
    if len(data) > LARGEST:
        raise UnreadableInput(name, f"超过 more than {LARGEST // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableInput(name, "不是 xlsx is not an xlsx file") from error
    if unpacked > UNPACKED:
        raise UnreadableInput(name, f"解开后超过 unpacks to more than {UNPACKED // 1024 // 1024} MB")


def _rows(sheet: Any) -> Iterator[Returned]:
    rows = sheet.iter_rows(values_only=True)
    heads = [str(value or "").strip() for value in next(rows, ())]
    wanted = {column.key: column.names for column in COLUMNS if column.edited or column.key in ("key", "seen")}
    at = {key: heads.index(name) for key, names in wanted.items() for name in names if name in heads}
    if not {"key", "decision"} <= set(at):
        return
    for number, row in enumerate(islice(rows, ROWS), 2):
        texts = {key: _text(row[n]) if n < len(row) else "" for key, n in at.items()}
        if texts["key"]:
            seen = texts.get("seen", "")
            kind, reason = texts.get("decided_kind", ""), texts.get("reason", "")
            yield Returned(f"{sheet.title} {number}", texts["key"], texts["decision"], kind, reason, seen)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():  # a spreadsheet may have made a number of "12"
        return str(int(value))
    return "" if value is None else str(value).strip()


def propose(desk: Desk, rows: Sequence[Returned], by: str, at: datetime) -> list[Proposal]:
    """What the rows would change, in their order; rows that say what stands already are left out of the verdicts."""
    known: dict[str, Line] = {}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.key] = counts.get(row.key, 0) + 1
        if row.key not in known:
            known.update(_lines(desk, row.key))
    filled = [row for row in rows if row.decision or row.reason or row.kind]
    return [_proposal(row, known.get(row.key), (by, at), doubled=counts[row.key] > 1) for row in filled]


def _lines(desk: Desk, key: str) -> Mapping[str, Line]:
    """Every line of the diff that holds the change: the other rows of the workbook most likely stand there too."""
    found = desk.comparisons.change(key)
    if found is None or found[1].key != key:
        return {}
    newest = desk.comparisons.diff(found[0].diff.province, found[0].diff.year_new) or found[0]
    return {line.change.key: line for line in lines_of(newest, desk.verdicts.of_diff(newest.diff))}


def _proposal(row: Returned, line: Line | None, who: tuple[str, datetime], *, doubled: bool) -> Proposal:
    if line is None or line.machine is None:
        return Proposal(row, problem="no_change")
    decision = _decision(row)
    if _regrouped(row, line) or (decision is not None and _stands(line, decision, _kind(row), row.reason)):
        return Proposal(row, line)
    if decision is None:
        return Proposal(row, line, problem="no_decision")
    if doubled or row.seen != str(line.newest):
        return Proposal(row, line, problem="doubled" if doubled else "decided_meanwhile")
    kind = _kind(row)
    fields = {"decision": decision.value, "kind": kind.value if kind else "", "reason": row.reason}
    try:
        return Proposal(row, line, verdict_of(fields, line.machine, by=who[0], at=who[1]))
    except Refused as refused:
        return Proposal(row, line, problem=refused.why)


def _regrouped(row: Returned, line: Line) -> bool:
    """The row comes back as it went out, with a decision about wordings that a workbook cannot make."""
    now = line.now
    return now is not None and now.decision not in OFFERED and row.decision in DECISIONS[now.decision]


def _stands(line: Line, decision: Decision, kind: Kind | None, reason: str) -> bool:
    now = line.now
    if decision is Decision.COMMENT:
        return any(one.decision is decision and one.reason == reason for one in line.history)
    same_kind = decision is not Decision.RECLASSIFY or (now is not None and now.kind is kind)
    return now is not None and now.decision is decision and now.reason == reason and same_kind


def _decision(row: Returned) -> Decision | None:
    """In either language, or as the key; a kind without a decision is an override."""
    if not row.decision and row.kind:
        return Decision.RECLASSIFY
    return next((one for one in OFFERED if row.decision in (one.value, *DECISIONS[one])), None)


def _kind(row: Returned) -> Kind | None:
    return next((kind for kind, names in KINDS.items() if row.kind in (kind.value, *names[1:])), None)


def write(desk: Desk, proposals: Sequence[Proposal]) -> tuple[int, list[Proposal]]:
    """Write every verdict that can be; how many, and those that somebody was quicker with."""
    written, late = 0, []
    for one in proposals:
        if one.verdict is None or one.problem or one.line is None:
            continue
        try:
            desk.verdicts.append(one.verdict, after=one.line.newest)
            written += 1
        except VerdictConflict:
            late.append(Proposal(one.row, one.line, problem="decided_meanwhile"))
    return written, late

"""Writes a year's diff as a file, and takes back the verdicts people filled in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from review.exports.formats import FORMATS, file_name
from review.exports.returned import Proposal, propose, read_returned, write
from review.filters import Filters
from review.gathered import gather
from review.labels import DECISIONS, IMPORT_PROBLEMS
from review.matrix import Desk
from review.rendering import REFUSALS
from schema.errors import StoreError, UnreadableInput
from schema.words import KINDS
from workflow.house import House, all_sources
from workflow.say import Voice


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export: a plan year, a format, where to, and until when it was known. ``out`` None: a name of our own."""

    year: int
    ending: str
    filters: Filters
    out: Path | None = None
    as_of: datetime | None = None


def export_year(house: House, wanted: Wanted, lang: str) -> tuple[bytes, Path, int]:
    """The file's bytes, the path they are meant for, and how many changes they hold."""
    gathered = gather(_desk(house), wanted.year, wanted.filters, made_at=house.clock(), as_of=wanted.as_of)
    data = FORMATS[wanted.ending].make(gathered, lang)
    return data, wanted.out or Path(file_name(gathered, wanted.ending)), len(gathered.lines)


def write_whole(target: Path, data: bytes) -> None:
    """The whole file or none: written beside it and put in its place. Raises StoreError."""
    try:
        number, beside = tempfile.mkstemp(dir=target.parent, prefix=".export-")
        with os.fdopen(number, "wb") as stream:
            stream.write(data)
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    except OSError as error:
        raise StoreError(f"{target}: 写不了 cannot be written: {error.strerror}; --out") from error


def take_back(house: House, file: Path, voice: Voice, *, by: str, write_them: bool) -> int:
    """Tell what a workbook would change, or write it; how many rows have a problem. Raises UnreadableInput."""
    try:
        rows = read_returned(file.read_bytes(), str(file))
    except OSError as error:
        raise UnreadableInput(file, f"读不了 cannot be read: {error.strerror}") from error
    desk = _desk(house)
    proposals = propose(desk, rows, by, house.clock())
    ready = [one for one in proposals if one.writes]
    bad = [one for one in proposals if one.problem]
    same, number = len(proposals) - len(ready) - len(bad), len(ready)
    if write_them:
        number, late = write(desk, proposals)
        bad += late
    _tell(voice, (*ready, *bad))
    done = ("已写入", "written") if write_them else ("将写入（加 --apply）", "to be written (add --apply)")
    voice.line(
        f"{done[0]} {number}，与现有相同 {same}，有问题 {len(bad)}",
        f"{number} {done[1]}, {same} already so, {len(bad)} with a problem",
    )
    return len(bad)


def _desk(house: House) -> Desk:
    sources = all_sources(house.settings)
    return Desk.on(house.database, sources)


def _tell(voice: Voice, proposals: Sequence[Proposal]) -> None:
    which = 0 if voice.lang == "zh" else 1
    problems = REFUSALS | IMPORT_PROBLEMS
    for one in proposals:
        if one.problem:
            why = problems[one.problem][which]
            voice.line(f"✗ {one.row.place} {one.row.key}：{why}", f"✗ {one.row.place} {one.row.key}: {why}", "yellow")
        elif one.verdict and one.line:
            before = KINDS[one.line.change.kind][1 + which]
            after = KINDS[one.verdict.kind][1 + which] if one.verdict.kind else before
            kinds = before if after == before else f"{before}→{after}"
            said = f"＋ {one.row.place} {DECISIONS[one.verdict.decision][which]} {kinds} {one.row.reason}".rstrip()
            voice.line(said, said)

"""A desk as large as the house will ever see: 31 provinces × 15 years × 60 commitments, compared year by year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bench import made
from schema.announcements import Edition, Outcome, Page, Rank, Reading, Source, SourceKind
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, Unit, YearlyDiff
from schema.provinces import PROVINCES, find_province
from schema.verdicts import Decision, Verdict
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.verdicts import verdict_row

YEARS = range(2012, 2027)
COMMITMENTS, DIRECTIVES = 60, 6
NOW = datetime(2026, 3, 3, tzinfo=UTC)
OBJECTS = (
    "煤矿",
    "危险化学品",
    "森林防火",
    "防汛抗旱",
    "消防通道",
    "地震预警",
    "应急物资",
    "工贸企业",
    "尾矿库",
    "烟花爆竹",
)
KINDS = (Kind.UNCHANGED, Kind.REWORDED, Kind.STRENGTHENED, Kind.WEAKENED, Kind.UNCHANGED, Kind.MIXED)


def fill(database: Database) -> None:
    """Every province's years, oldest first, with a diff to the year before and a verdict on every tenth change."""
    archive = Archive(database, clock=lambda: NOW)
    comparisons = Comparisons(database, archive, clock=lambda: NOW)
    judged: list[Change] = []
    for province in PROVINCES:
        _keep_years(archive, province.slug)
        earlier: Edition | None = None
        for year in YEARS:
            later = archive.edition(province.slug, year)
            assert later is not None
            diff = _diff(province.slug, earlier, later)
            comparisons.keep(Comparison(earlier, later), diff, "1/1")
            judged += diff.changes[::10]
            earlier = later
    with database.writing() as session:
        session.add_all(
            verdict_row(Verdict(one.key, Decision.CONFIRM, "bench", NOW, one.kind, one.kind)) for one in judged
        )


def judge(database: Database) -> None:
    """Another reviewer confirms one change."""
    kept = Comparisons(database, Archive(database)).diff("hubei", max(YEARS))
    assert kept is not None
    one = kept.diff.changes[1]
    with database.writing() as session:
        session.add(verdict_row(Verdict(one.key, Decision.CONFIRM, "another", NOW, one.kind, one.kind)))


def _keep_years(archive: Archive, province: str) -> None:
    source = Source(province, province, SourceKind.COLUMN, Rank.OFFICIAL, province)
    told = {}
    for year in YEARS:
        page = Page(f"http://{province}.invalid/{year}", province, 200, f"{province}{year}".encode(), NOW)
        archive.keep_page(page)
        texts = [_sentence(province, year, n) for n in range(COMMITMENTS)]
        told[page.url] = made.announcement(province, year, texts, DIRECTIVES, url=page.url, every=3)
    read = [(kept, told[kept.page.url]) for kept in archive.unread("1")]
    readings = ((kept, Reading(Outcome.ARTICLE, body=one.body, announcements=(one,)), source) for kept, one in read)
    archive.readings.keep(readings, "1")


def _sentence(province: str, year: int, n: int) -> str:
    thing = OBJECTS[(n + len(province)) % len(OBJECTS)]
    return f"推进{thing}第{n}项整治，{year}年底前建成不少于{n + year - 2000}处示范点，逐级压实责任，形成闭环管理机制。"


def _units(edition: Edition) -> tuple[Unit, ...]:
    return tuple(
        Unit(one.id, one.text, one.start, one.end, directive.heading, directive.no)
        for directive in edition.announcement.directives
        for one in directive.commitments
    )


def _diff(province: str, earlier: Edition | None, later: Edition) -> YearlyDiff:
    new = _units(later)
    if earlier is None:
        return YearlyDiff(province, 0, later.plan_year, DiffOutcome.BASELINE, (), new)
    old = _units(earlier)
    changes = tuple(_changes(province, later.plan_year, old, new))
    return YearlyDiff(province, earlier.plan_year, later.plan_year, DiffOutcome.OK, old, new, changes)


def _changes(province: str, year: int, old: tuple[Unit, ...], new: tuple[Unit, ...]) -> Iterator[Change]:
    for n, (before, after) in enumerate(zip(old, new, strict=True)):
        kind = KINDS[n % len(KINDS)]
        up = Finding(
            "target.raised", Dimension.TARGET, Direction.UP, "不少于", "不少于", old_span=(0, 3), new_span=(0, 3)
        )
        at = before.text.index("不少于")
        yield Change(
            key=f"{find_province(province).code}{year:04x}{n:06x}",
            kind=kind,
            old=(before.id,),
            new=(after.id,),
            old_text=before.text,
            new_text=after.text,
            score=0.93,
            findings=(up,) if kind not in (Kind.UNCHANGED, Kind.REWORDED) else (),
            old_highlights=((at, at + 5),),
            new_highlights=((at, at + 5),),
        )

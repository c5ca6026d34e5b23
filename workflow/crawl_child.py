"""The crawling child: reads a task on standard input, keeps what it fetches, prints one JSON line an event."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from crawler.crawl import CrawlOptions, Keep, crawl
from schema.announcements import CheckOutcome, Rank, Source, SourceKind, Visit
from schema.errors import ChengnuoError
from store.archive import Archive
from store.candidates import Candidates
from store.database import Database
from workflow.orphans import die_with_parent

DEFAULT_DELAY = CrawlOptions().delay


def main() -> int:
    """Run the task; exit 0 with a closing line, or 1 with one line on standard error."""
    die_with_parent()
    task: dict[str, Any] = json.load(sys.stdin)
    limit = task["memory_mb"] << 20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        _crawl(task)
    except ChengnuoError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _crawl(task: dict[str, Any]) -> None:
    started = datetime.now(UTC)
    clock = _clock(task["at"])
    database = Database.open(task["database_url"], every_commit_on_disk=False)
    archive = Archive(database, clock=clock)
    try:
        report = crawl(
            tuple(_source(row) for row in task["sources"]),
            _keeper(archive),
            CrawlOptions(
                contact=task["contact"],
                private_hosts=tuple(task["private_hosts"]),
                allow_loopback=task["allow_loopback"],
                delay=DEFAULT_DELAY if task["delay"] is None else task["delay"],
                since=task["since"],
                only=None if task["only"] is None else frozenset(task["only"]),
                dry_run=task["dry_run"],
                revisit=archive.addresses(task["since"] or clock().year - 1),
                validators=archive.all_validators().get,
                kept=archive.latest_page,
                clock=clock,
            ),
        )
        if not task["dry_run"]:
            Candidates(database).keep(report.refused)
    finally:
        database.close()
    for refused in report.refused:
        _print(event="refused", source=refused.source, url=refused.url, reason=refused.reason)
    for slug, why in report.left_alone.items():
        _print(event="left_alone", source=slug, reason=why)
    for slug, told in report.sources.items():
        _print(event="source", source=slug, entries=told.entries, pages=told.pages, seconds=told.seconds)
    for entry in report.planned:
        _print(event="planned", url=entry.url)
    _print(event="done", errors=report.errors, seconds=(datetime.now(UTC) - started).total_seconds())


def _keeper(archive: Archive) -> Keep:
    def keep(visits: Sequence[Visit]) -> list[CheckOutcome]:
        outcomes = archive.keep_visits(visits)
        for (page, check), outcome in zip(visits, outcomes, strict=True):
            sha256 = page.sha256 if page else ""
            _print(event="check", source=check.source, url=check.url, outcome=outcome.value, sha256=sha256)
        sys.stdout.flush()
        return outcomes

    return keep


def _clock(at: str | None) -> Callable[[], datetime]:
    if at is None:
        return lambda: datetime.now(UTC)
    moment = datetime.fromisoformat(at)
    return lambda: moment


def _source(row: dict[str, Any]) -> Source:
    lists = {name: tuple(row[name]) for name in ("urls", "hosts", "season", "quiet")}
    options = tuple((key, value) for key, value in row["options"])
    known = {**row, **lists, "options": options, "kind": SourceKind(row["kind"]), "rank": Rank(row["rank"])}
    return Source(**known)


def _print(**event: object) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    raise SystemExit(main())

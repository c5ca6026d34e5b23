"""One round: crawl in a child, read, look for trouble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from review.labels import OUTCOMES
from schema.announcements import Source
from workflow.collecting import ReadSummary, read_kept
from workflow.crawling import CrawlSummary, CrawlTask, run_crawl
from workflow.delivering import queue_incidents
from workflow.house import House
from workflow.say import Voice
from workflow.watch import Watch, watch


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to."""

    crawl: CrawlSummary
    read: ReadSummary
    watch: Watch


def crawl_and_read(
    house: House,
    sources: Sequence[Source],
    voice: Voice,
    *,
    since: int | None = None,
    dry_run: bool = False,
    delay: float | None = None,
    sample: bool = False,
    at: str | None = None,
) -> Round:
    """Crawl ``sources`` and read what was kept; with ``sample`` the loopback web may be asked."""
    settings = house.settings
    task = CrawlTask(
        database_url=settings.database_url,
        sources=tuple(sources),
        memory_mb=settings.crawl_memory_mb,
        contact=settings.contact,
        private_hosts=settings.private_hosts,
        allow_loopback=sample,
        delay=delay,
        since=since,
        dry_run=dry_run,
        at=at,
    )
    with voice.progress("抓取", "crawling") as step:
        crawled = run_crawl(task, settings, lambda _source, _url, _outcome: step.advance())
    _tell_crawl(voice, crawled)
    with voice.progress("规整页面", "reading pages") as step:
        read = read_kept(house, sources, step.advance)
    seen = watch(house, sources, datetime.fromisoformat(at) if at else None)
    queue_incidents(house, (*seen.opened, *seen.closed))
    return Round(crawled, read, seen)


def _tell_crawl(voice: Voice, crawled: CrawlSummary) -> None:
    counted = [(OUTCOMES[outcome], number) for outcome, number in sorted(crawled.outcomes.items())]
    zh, en = ("  ".join(f"{words[which]} {number}" for words, number in counted) for which in (0, 1))
    voice.line(f"  {zh}", f"  {en}", "dim")
    if crawled.out_of_time:
        voice.line(
            "  时间用完，其余下次再抓（CHENGNUO_CRAWL_SECONDS）",
            "  out of time, the rest comes with the next crawl (CHENGNUO_CRAWL_SECONDS)",
            "yellow",
        )
    for slug, why in crawled.left_alone.items():
        voice.line(f"  没有问完 {slug}：{why}", f"  left alone {slug}: {why}", "yellow")
    for url in crawled.planned:
        voice.line(f"  将抓取 {url}", f"  would fetch {url}")

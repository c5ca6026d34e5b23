"""The one file that starts Scrapy. A reactor starts once in a process: call ``crawl`` once, in a child process."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from crawler.browser import require_browser
from crawler.errands import Run
from crawler.options import CrawlOptions, CrawlReport, Keep, SourceReport
from crawler.settings import scrapy_settings
from schema.announcements import Source

__all__ = ["CrawlOptions", "CrawlReport", "Keep", "SourceReport", "crawl"]


def crawl(sources: Sequence[Source], keep: Keep, options: CrawlOptions | None = None) -> CrawlReport:
    """Visit every source once and keep what comes.

    ``keep`` is given every answer, error and challenge before anything is read, in groups of what ended within one
    moment; a ChengnuoError it raises ends the crawl and is raised again here. SIGTERM and SIGINT end it cleanly.
    Raises ConfigurationError for a source that needs a browser where there is none.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.spiders.sources import SourceSpider

    run = Run(tuple(sources), keep, options or CrawlOptions())
    require_browser(run.visited)
    began = time.monotonic()
    process = AsyncCrawlerProcess(scrapy_settings(run.options, run.private_hosts))
    crawler = process.create_crawler(SourceSpider)
    process.crawl(crawler, run=run)
    process.start(install_signal_handlers=threading.current_thread() is threading.main_thread())
    if run.fatal is not None:
        raise run.fatal
    return _report(run, crawler.stats.get_stats() if crawler.stats else {}, time.monotonic() - began)


def _report(run: Run, stats: dict[str, object], seconds: float) -> CrawlReport:
    """Scrapy finishes as "finished" even when our code raised: the log's errors are the only trace."""
    errors = stats.get("log_count/ERROR", 0)
    report = run.report
    report.errors = errors if isinstance(errors, int) else 0
    report.finished = report.finished or str(stats.get("finish_reason", "unknown"))
    report.seconds = seconds
    for source in run.visited:
        run.of(source)
    return report

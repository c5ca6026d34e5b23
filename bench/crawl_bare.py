"""Bare Scrapy on a list of addresses: the yardstick of bench/crawl.py. Prints the pages a second it reached."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class BareSpider(Spider):
    """Fetches and forgets."""

    name = "bare"
    urls: tuple[str, ...] = ()
    fetched = 0

    async def start(self) -> AsyncIterator[Request]:
        """Every address once."""
        for url in self.urls:
            yield Request(url, dont_filter=True)

    def parse(self, _response: Response, **_named: Any) -> None:
        """Count."""
        BareSpider.fetched += 1


def main() -> None:
    """Read addresses as JSON on standard input."""
    BareSpider.urls = tuple(json.load(sys.stdin))
    settings = {"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 32}
    process = AsyncCrawlerProcess(settings | {"DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False})
    process.crawl(BareSpider)
    began = time.perf_counter()
    process.start()
    print(BareSpider.fetched / (time.perf_counter() - began))


if __name__ == "__main__":
    main()

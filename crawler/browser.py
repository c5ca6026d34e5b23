"""Pages that need their scripts: Debian's chromium runs them, Scrapy fetches whatever they ask for.

The browser itself reaches no network: every request of a page is answered through Scrapy's own downloader, so that
registry, address guard, robots.txt, pauses, limits and budget hold as for any page (docs/decisions/0011).
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Response

from crawler.errands import Errand, Role, Run
from crawler.middlewares import TooLarge
from schema.announcements import Source
from schema.errors import ConfigurationError

RENDERED = "Chengnuo-Rendered"
"""Header of our own: what is kept is the page after its scripts ran, not the bytes as received."""
_PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable")
_NEEDED = frozenset({"script", "xhr", "fetch"})
"""What a page may load; pictures, fonts, media, styles, frames and further navigations are not for us."""
_MOST_REQUESTS = 40
"""Of one page."""
_SETTLED = 5.0
"""Seconds a page may go on asking after it has loaded."""
_TRIES, _MOMENT = 10, 0.5
_NO_NETWORK = (
    "--proxy-server=socks5://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--js-flags=--max-old-space-size=256",
)
"""A proxy that is not there and no names: what slips past the interception comes to nothing."""
_SENT = ("accept", "content-type", "x-requested-with")


def require_browser(sources: Iterable[Source]) -> None:
    """Raise ConfigurationError naming the first source that needs a browser, when there is none."""
    wanting = next((source for source in sources if source.browser), None)
    if wanting is None:
        return
    if find_spec("playwright") is None:
        raise _lacking(wanting, "pip install 'chengnuo[browser]'")
    if chromium() is None:
        raise _lacking(wanting, "apt-get install chromium")


def _lacking(source: Source, way_out: str) -> ConfigurationError:
    return ConfigurationError(
        f"{source.slug}.toml", "browser", f"这个来源要用浏览器 needs a browser: {way_out}, or browser = false"
    )


def chromium() -> str | None:
    """The browser's program, or None."""
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


class RunScripts:
    """Downloader middleware: replaces the page of a source that asks for it by what its scripts made of it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._starting = asyncio.Lock()
        self._one_at_a_time = asyncio.Lock()
        self._driver: Any = None
        self._browser: Any = None
        crawler.signals.connect(self._stop, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making one."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it is, or rendered. Raises DownloadTimeoutError, DownloadFailedError, TooLarge."""
        errand: Errand | None = request.meta.get("errand")
        if errand is None or not _is_wanted(request, response, errand):
            return response
        seconds = self._run.options.render_seconds
        try:
            async with self._one_at_a_time, asyncio.timeout(seconds):
                html = await self._rendered(response, errand)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"its scripts were not done after {seconds:g} seconds") from error
        body = html.encode("utf-8", "replace")
        if len(body) > self._run.options.max_bytes:
            raise TooLarge(f"more than {self._run.options.max_bytes} bytes after its scripts ran")
        headers = response.headers.copy()
        headers["Content-Type"] = "text/html; charset=utf-8"
        headers[RENDERED] = "chromium " + self._browser.version
        return HtmlResponse(response.url, response.status, headers, body, request=request, encoding="utf-8")

    async def _rendered(self, response: Response, errand: Errand) -> str:
        from playwright.async_api import Error

        context = await self._context()
        try:
            visit = _Visit(self._crawler, response, errand)
            await context.route("**", visit.answer)
            await context.route_web_socket("**", _refuse_socket)
            page = await context.new_page()
            await page.goto(response.url, wait_until="load", timeout=0)
            await _settle(page)
            return await _content(page)
        except Error as error:
            raise DownloadFailedError(f"the browser gave up: {str(error).splitlines()[0]}") from error
        finally:
            await context.close()

    async def _context(self) -> Any:
        """A fresh one: no cookies, no memory of other pages."""
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                await self._start()
        agent = self._crawler.settings["USER_AGENT"]
        return await self._browser.new_context(
            user_agent=agent, locale="zh-CN", service_workers="block", accept_downloads=False
        )

    async def _start(self) -> None:
        """Raises DownloadFailedError; playwright raises bare Exception when its driver dies at once."""
        from playwright.async_api import async_playwright

        sandbox = () if os.geteuid() else ("--no-sandbox",)  # chromium refuses its sandbox to root
        try:
            if self._driver is None:
                self._driver = await async_playwright().start()
            self._browser = await self._driver.chromium.launch(
                executable_path=chromium(), args=[*_NO_NETWORK, *sandbox]
            )
        except Exception as error:
            line = str(error).split("\n", 1)[0]
            raise DownloadFailedError(f"the browser did not start; CHENGNUO_CRAWL_MEMORY_MB too low? {line}") from error

    async def _stop(self) -> None:
        if self._browser is not None:
            await self._browser.close()
        if self._driver is not None:
            await self._driver.stop()

    @property
    def _run(self) -> Run:
        run = getattr(self._crawler.spider, "run", None)
        assert isinstance(run, Run)
        return run


def _is_wanted(request: Request, response: Response, errand: Errand) -> bool:
    if not errand.source.browser or errand.role is Role.FILE or request.method != "GET" or RENDERED in request.meta:
        return False
    return response.status == 200 and isinstance(response, HtmlResponse)


async def _settle(page: Any) -> None:
    """Wait until the page asks for nothing more, not for ever: a counter may tick all day."""
    from playwright.async_api import TimeoutError as StillBusy

    try:
        await page.wait_for_load_state("networkidle", timeout=_SETTLED * 1000)
    except StillBusy:
        return


async def _content(page: Any) -> str:
    """What the page has become; one that tries to go elsewhere gives nothing for a moment, until it was refused."""
    from playwright.async_api import Error

    for _ in range(_TRIES):
        try:
            return str(await page.content())
        except Error:
            await asyncio.sleep(_MOMENT)
    return str(await page.content())


async def _refuse_socket(socket: Any) -> None:
    await socket.close()


class _Visit:
    """Answers what one page asks for."""

    def __init__(self, crawler: Crawler, response: Response, errand: Errand) -> None:
        self._crawler, self._response, self._errand = crawler, response, errand
        self._shown = False
        self._asked = 0

    async def answer(self, route: Any) -> None:
        """The page itself once, from what was fetched; what its scripts need, through Scrapy; nothing else."""
        asked = route.request
        if asked.resource_type == "document" and not self._shown and asked.url == self._response.url:
            self._shown = True
            await route.fulfill(status=200, content_type=self._type(self._response), body=self._response.body)
        elif asked.resource_type in _NEEDED and self._asked < _MOST_REQUESTS:
            self._asked += 1
            await self._fetch(route)
        else:
            await route.abort("blockedbyclient")

    async def _fetch(self, route: Any) -> None:
        asked = route.request
        request = Request(
            asked.url,
            method=asked.method,
            body=asked.post_data_buffer or b"",
            headers={name: value for name, value in asked.headers.items() if name in _SENT},
            meta={"errand": Errand(self._errand.source, Role.LIST), RENDERED: True},
            dont_filter=True,
        )
        assert self._crawler.engine is not None
        try:
            found = await self._crawler.engine.download_async(request)
        except (IgnoreRequest, DownloadFailedError, DownloadTimeoutError, ValueError, OSError):
            await route.abort("blockedbyclient")
            return
        await route.fulfill(status=found.status, headers=self._headers(found), body=found.body)

    @staticmethod
    def _type(response: Response) -> str:
        return (response.headers.get("Content-Type") or b"text/html").decode("latin-1")

    def _headers(self, found: Response) -> dict[str, str]:
        """Nothing but the type, and leave to read it where the registry names both hosts."""
        headers = {"Content-Type": self._type(found)}
        if urlsplit(found.url).netloc != urlsplit(self._response.url).netloc:
            headers["Access-Control-Allow-Origin"] = "*"
        return headers

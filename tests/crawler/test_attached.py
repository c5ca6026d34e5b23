"""An announcement in a linked DOCX is crawled: column, article, file, each a page of its own."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
from docx import Document

from crawler.read.page import read_page
from schema.announcements import CheckOutcome, Rank, Source, SourceKind

ROWS = "".join(
    f"<li><a href='/xwzx/t2025011{n}_{n}.html'>{title}</a><span>2025-01-1{n}</span></li>"
    for n, title in enumerate(("全省应急管理工作会议召开", "省领导检查城镇燃气安全工作", "森林防火宣传进校园活动举行"))
)
ARTICLE = (
    "<html><head><title>全省应急管理工作会议召开</title></head><body><h1>全省应急管理工作会议召开</h1>"
    "<div class='TRS_UEDITOR'><p>1月10日，全省应急管理工作会议在武汉召开，会议部署详见附件。</p>"
    "<p>附件：<a href='P1.docx'>会议部署.docx</a>　<a href='P2.docx'>参会回执.docx</a></p></div></body></html>"
)


def _docx() -> bytes:
    document, target = Document(), BytesIO()
    for line in (
        "全省应急管理工作会议部署2025年重点任务",
        "1月10日，全省应急管理工作会议在武汉召开。会议要求，2025年要抓好以下工作。",
        "（一）建强救援力量",
        "每个乡镇组建不少于10人的专职消防队。每季度开展一次联合演练。",
    ):
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kinds = {".docx": "application/octet-stream"}
        body = {
            "/xwzx/": f"<html><body><ul>{ROWS}</ul></body></html>".encode(),
            "/xwzx/t20250110_0.html": ARTICLE.encode(),
            "/xwzx/P1.docx": _docx(),
            "/xwzx/P2.docx": b"never asked for",
        }.get(self.path)
        if self.path.endswith("_0.html") and self.headers.get("If-None-Match") == '"same"':
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200 if body else 404)
        self.send_header("ETag", '"same"' if self.path.endswith("_0.html") else f'"{self.path}"')
        self.send_header("Content-Type", kinds.get(self.path[-5:], "text/html; charset=utf-8"))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_file_is_a_page_and_holds_the_announcement(site: str, crawl_now: Callable, options_for: Callable) -> None:
    """The article's page has no task; the file's has both; paperwork is left where it lies."""
    source = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei", (f"{site}/xwzx/",), ("127.0.0.1",))
    pages = crawl_now((source,), options_for(2025)).pages()
    assert f"{site}/xwzx/P2.docx" not in pages
    (article,) = read_page(pages[f"{site}/xwzx/t20250110_0.html"], source).announcements
    (attached,) = read_page(pages[f"{site}/xwzx/P1.docx"], source).announcements
    assert article.quarantine is not None
    assert (attached.quarantine, attached.province, attached.plan_year) == (None, "hubei", 2025)
    assert [one.targets[0].quote for one in attached.commitments] == ["不少于10人", "每季度开展一次"]


def test_an_article_that_has_not_changed_still_names_its_file(
    site: str, crawl_now: Callable, options_for: Callable
) -> None:
    """304 for the article, whose file could not be had the last time, or has changed: it is asked for all the same."""
    source = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei", (f"{site}/xwzx/",), ("127.0.0.1",))
    first = crawl_now((source,), options_for(2025)).pages()
    article, file = f"{site}/xwzx/t20250110_0.html", f"{site}/xwzx/P1.docx"
    known = {article: ('"same"', None), file: ('"an older file"', None)}
    again = crawl_now((source,), options_for(2025, kept={article: first[article]}.get), known)
    assert again.urls(CheckOutcome.UNCHANGED) == [article]
    assert read_page(again.pages()[file], source).announcements[0].commitments
    revisited = options_for(2025, kept={article: first[article]}.get, revisit={"hubei": (article,)})
    assert file in crawl_now((source,), revisited, known).pages()
    assert file not in crawl_now((source,), options_for(2025), known).pages()

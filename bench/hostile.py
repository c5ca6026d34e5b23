"""Inputs of a megabyte that are made to take for ever: the worst must be over in two seconds."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from crawler.read.page import read_page
from schema.announcements import Page

MEGABYTE = 1_000_000
_HTML = "text/html"
_PLAIN = "text/plain"


def _filled(unit: str) -> str:
    return unit * (MEGABYTE // len(unit.encode()))


INPUTS: dict[str, tuple[str, str]] = {
    "nested divs": (_HTML, _filled("<div>")),
    "nested tables": (_HTML, _filled("<table><tr><td>")),
    "nested fonts": (_HTML, _filled("<font>x")),
    "one long line": (_HTML, f"<p>{_filled('应急管理工作会议要求')}</p>"),
    "a million brackets": (_HTML, _filled("<")),
    "brackets in text": (_HTML, f"<p>应急管理{_filled('（')}</p>"),
    "closing brackets": (_HTML, f"<div class='TRS_Editor'><p>应急管理{_filled('”）')}</p></div>"),
    "unclosed comments": (_HTML, _filled("<!--")),
    "unclosed attributes": (_HTML, _filled("<a href='")),
    "links": (_HTML, _filled("<a href='/a.html'>应急管理</a>")),
    "pdf links": (_HTML, _filled("<a href=a.pdf>")),
    "breaks": (_HTML, f"<div id=zoom>应急管理{_filled('<br>')}</div>"),
    "entities": (_HTML, _filled("&lt;&amp;")),
    "metas": (_HTML, _filled("<meta name=a content=b>")),
    "headings": (_HTML, _filled("<h1>全省应急管理工作会议</h1>")),
    "dates": (_HTML, _filled("<p>发布时间：</p>")),
    "digits": (_HTML, f"<div id=zoom>应急管理{_filled('1')}</div>"),
    "spaces": (_HTML, f"<div id=zoom>应急管理{_filled(' ')}</div>"),
    "scripts": (_HTML, _filled("<script>")),
    "items": (_PLAIN, _filled("一是加强应急管理，")[:190_000]),
    "orders": (_PLAIN, "会议要求，" + _filled("要加强应急管理")[:190_000]),
    "commas": (_PLAIN, "会议要求，应急管理" + _filled("，")[:190_000]),
    "numbers": (_PLAIN, "会议要求，应急管理" + _filled("12345")[:190_000]),
    "numerals": (_PLAIN, "会议要求，应急管理" + _filled("百千万")[:190_000]),
    "quotes": (_PLAIN, "会议要求，应急管理" + _filled("“")[:190_000]),
    "table rows": (_PLAIN, "序号　任务　目标\n" + _filled("1　应急管理　10人\n")[:190_000]),
    "provinces": (_PLAIN, _filled("一、湖北省\n应急管理\n")[:190_000]),
    "lines": (_PLAIN, "会议要求，应急管理" + _filled("\n要")[:190_000]),
    "months": (_PLAIN, "会议要求，应急管理" + _filled("1月1日")[:190_000]),
    "too long a text": (_PLAIN, _filled("会议要求，要加强监管。")),
}


def seconds_of(name: str) -> float:
    """CPU seconds that reading one input takes."""
    kind, text = INPUTS[name]
    headers = (("Content-Type", kind),)
    page = Page("http://127.0.0.1/a.html", "sample", 200, text.encode(), datetime(2026, 2, 1, tzinfo=UTC), headers)
    start = time.process_time()
    read_page(page)
    return time.process_time() - start


def measure() -> dict[str, float]:
    """The worst of all inputs."""
    return {"worst_seconds": max(map(seconds_of, INPUTS))}


def report() -> str:
    """Every input's time, the worst first."""
    times = sorted(((seconds_of(name), name) for name in INPUTS), reverse=True)
    return "\n".join(f"{seconds:.2f} s  {name}" for seconds, name in times)

"""One answer of the sample web, and the answers that stand in a page's stead."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from sample.sites import Challenge

SOFT_404 = "<html><head><meta charset=utf-8><title>404</title></head><body><h2>页面不存在或已被删除</h2></body></html>"
_RUISHU = (
    "<html><head><meta charset=utf-8><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.nsd=91234;"
    "eval(function(p){return p}('示例'));</script></head><body></body></html>"
)
_JSL = (
    "<script>document.cookie=('__jsl_clearance=sample|0|示例');location.href=location.pathname+location.search</script>"
)
_COOKIE = "FSSBBIl1UgzbN7N80S=sample; path=/"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. ``modified`` None: neither ETag nor Last-Modified; ``seconds``: how long it takes."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    modified: datetime | None = None
    location: str | None = None
    cookie: str | None = None
    seconds: float = 0.0

    @property
    def etag(self) -> str:
        """A validator that changes with the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @property
    def last_modified(self) -> str | None:
        """``modified`` as an HTTP date."""
        return format_datetime(self.modified.astimezone(tz=None)) if self.modified else None


def challenge(kind: Challenge) -> Reply:
    """What a site answers that takes us for a machine."""
    if kind is Challenge.JSL:
        return Reply(_JSL.encode(), 521, cookie="__jsluid_h=sample; path=/")
    return Reply(_RUISHU.encode(), 412 if kind is Challenge.STATUS_412 else 200, cookie=_COOKIE)


def plain(text: str) -> Reply:
    """A text file."""
    return Reply(text.encode(), content_type="text/plain; charset=utf-8")

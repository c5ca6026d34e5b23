"""大汉's two list engines: JCMS keeps rows as XML in a script and pages through dataproxy.jsp; JPaaS sends JSON."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode, urljoin, urlsplit

from crawler.lists.paging import Fetch
from schema.announcements import Source

_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL)
_TOTAL = re.compile(r"totalrecord\s*[=:>]\s*['\"]?(\d+)|<totalrecord>(\d+)</totalrecord>", re.IGNORECASE)
_FORM_KEYS = (
    "col",
    "appid",
    "webid",
    "path",
    "columnid",
    "sourceContentType",
    "unitid",
    "webname",
    "permissiontype",
)
_QUERY = re.compile(r"queryData=\"(\{[^\"]+\})\"|queryData='(\{[^']+\})'")
_PROXY_PATH = "/module/web/jpage/dataproxy.jsp"
_PROXY = re.compile(r"['\"]([^'\"\s]*/dataproxy\.jsp)")
_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_UNIT_NAMED = re.compile(rf"['\"]([^'\"\s]*{_UNIT})")
_PER_PAGE = 15


def unwrap(text: str) -> str:
    """HTML of a page whose rows are hidden in CDATA records or in JSON; other pages as they are."""
    if text.lstrip()[:1] == "{":
        return _from_json(text)
    records = _RECORD.findall(text)
    if not records:
        return text
    rows = '<ul class="chengnuo-records">' + "".join(records) + "</ul>"
    return rows + text if "</body" not in text else text.replace("</body", rows + "</body", 1)


def _from_json(text: str) -> str:
    try:
        answer = json.loads(text)
    except json.JSONDecodeError:
        return text
    data = answer.get("data") if isinstance(answer, dict) else None
    html = data.get("html") if isinstance(data, dict) else None
    return html if isinstance(html, str) else text


def next_page(text: str, page: Fetch, source: Source, number: int) -> Fetch | None:
    """The request for page ``number + 1``, or None when the page is not 大汉's or is the last one."""
    url = page.url
    if _UNIT in url or ("jpaas-publish-server" in text and "queryData" in text):
        return _jpaas(text, url, number)
    if "dataproxy.jsp" in text or "dataproxy.jsp" in url:
        return _jcms(text, page, source, number)
    return None


def _jcms(text: str, page: Fetch, source: Source, number: int) -> Fetch | None:
    url, values = page.url, {**dict(page.form), **dict(source.options)}
    per_page = int(_value(text, "perpage", values) or _PER_PAGE)
    total = _TOTAL.search(text)
    last = int(total[1] or total[2]) if total else int(values["totalrecord"]) if "totalrecord" in values else None
    first = number * per_page + 1
    if (last is not None and first > last) or (last is None and not _RECORD.search(text)):
        return None
    given = {key: found for key in _FORM_KEYS if (found := _value(text, key, values))}
    form = {
        **given,
        "startrecord": str(first),
        "endrecord": str(min(first + per_page - 1, last) if last else first + per_page - 1),
        "perpage": str(per_page),
        "page": str(number + 1),
        **({"totalrecord": str(last)} if last else {}),
    }
    return Fetch(url if "dataproxy.jsp" in url else _named(text, url, _PROXY, _PROXY_PATH), tuple(form.items()))


def _named(text: str, url: str, pattern: re.Pattern[str], usual: str) -> str:
    """The engine's address as the page's script names it, else where it usually stands."""
    match = pattern.search(text)
    return urljoin(url, str(match[1]) if match else usual)


def _value(text: str, key: str, values: dict[str, str]) -> str | None:
    """A parameter from the registry, else from the page's script."""
    if key in values:
        return values[key]
    match = re.search(rf"\b{key}\b['\"]?\s*[:=]\s*['\"]?([^'\",;&\s<>)}}]+)", text, re.IGNORECASE)
    return match[1] if match else None


def _jpaas(text: str, url: str, number: int) -> Fetch | None:
    """The page's queryData holds webId, pageId, tagId …; the unit takes them and a paramJson with the number."""
    if _UNIT in url:
        return _jpaas_again(text, url, number)
    match = _QUERY.search(text)
    if match is None:
        return None
    raw = (match[1] or match[2]).replace("&quot;", '"').replace("'", '"')
    try:
        query = json.loads(raw)
    except json.JSONDecodeError:
        return None
    given = {key: str(value) for key, value in query.items() if key not in {"pageNo", "pageSize"}}
    size = str(query.get("pageSize", _PER_PAGE))
    page = json.dumps({"pageNo": number + 1, "pageSize": size}, separators=(",", ":"))
    return Fetch(_named(text, url, _UNIT_NAMED, _UNIT) + "?" + urlencode({**given, "paramJson": page}))


def _jpaas_again(text: str, url: str, number: int) -> Fetch | None:
    if "<a" not in text:
        return None
    query = re.sub(r"(pageNo%22%3A)(\d+)", rf"\g<1>{number + 1}", urlsplit(url).query)
    return Fetch(url.split("?", 1)[0] + "?" + query)

"""Atom (RFC 4287) and JSON Feed 1.1 of the newest changes: all, of a province, of a region, of a kind."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from review.guard import require
from review.news import News, newest
from review.rendering import language
from review.site import Site
from review.words import WORDS
from schema.accounts import Role
from schema.changes import Change, Kind
from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, Region, find_province
from schema.words import DIMENSIONS, DIRECTIONS, KINDS
from store.news import NewsList

ATOM = "http://www.w3.org/2005/Atom"
REGIONS = {region.name.lower(): region for region in Region}
"""Names of the regions in an address: huabei, dongbei, huadong, huazhong, huanan, xinan, xibei."""
ENTRIES = 100
_NO_CONTROL = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a feed is about; empty filters: everything."""

    path: str
    title: str
    provinces: tuple[str, ...] | None = None
    kind: Kind | None = None


def add_feeds(app: FastAPI, site: Site) -> None:
    """`/feeds/all.atom`, `/feeds/province/henan.json`, `/feeds/region/huabei.atom`, `/feeds/kind/dropped.json` …"""
    news, memory = NewsList(site.database), site.desk.memory

    def _answer(request: Request, what: str, name: str, form: str) -> Response:
        which = 1 if language(request) == "en" else 0
        scope = scope_of(what, name, which)
        asked = (site.desk, news, scope.provinces, scope.kind, ENTRIES)
        found = memory.get(("news", scope.provinces, scope.kind), lambda: newest(*asked))
        made = _FORMS[form](scope, found, site.gate.access.base_url, which)
        tag = f'"{hashlib.sha256(bytes(made.body)).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "private, max-age=300"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        made.headers.update(headers)
        return made

    @app.get("/feeds/all.{form}", dependencies=[require(Role.VIEWER)])
    def everything(request: Request, form: str) -> Response:
        """All provinces, all kinds that alerts tell."""
        return _answer(request, "all", "", _form(form))

    @app.get("/feeds/{what}/{name}.{form}", dependencies=[require(Role.VIEWER)])
    def some(request: Request, what: str, name: str, form: str) -> Response:
        """Of one province, region or kind."""
        return _answer(request, what, name, _form(form))


def _form(name: str) -> str:
    if name not in _FORMS:
        raise HTTPException(404, "feeds end in .atom or .json")
    return name


def scope_of(what: str, name: str, which: int) -> Scope:
    """What an address asks for. HTTPException 404 for what there is not."""
    house = ("承诺", "chengnuo")[which]
    if what == "all":
        return Scope("all", f"{house} · {('全部变化', 'all changes')[which]}")
    if what == "region" and name in REGIONS:
        region = REGIONS[name]
        slugs = tuple(p.slug for p in PROVINCES if p.region is region)
        return Scope(f"region/{name}", f"{house} · {(region.value, name)[which]}", slugs)
    if what == "kind" and name in set(Kind):
        return Scope(f"kind/{name}", f"{house} · {KINDS[Kind(name)][1 + which]}", None, Kind(name))
    if what == "province":
        try:
            place = find_province(name)
        except UnknownProvince as error:
            raise HTTPException(404, "no such province") from error
        return Scope(f"province/{place.slug}", f"{house} · {(place.short, place.slug)[which]}", (place.slug,))
    raise HTTPException(404, "feeds are of all, province, region or kind")


def entry_id(change: Change) -> str:
    """The same wherever the desk is served, as long as the two wordings are the same."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'chengnuo:change:{change.key}')}"


def feed_id(scope: Scope) -> str:
    """The feed's own."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'chengnuo:feed:{scope.path}')}"


def _title(one: News, which: int) -> str:
    place, change = one.line.province, one.line.change
    wording = (change.new_text or change.old_text).split("\n", 1)[0]
    name = place.short if which == 0 else place.slug
    return _plain(f"{name} {one.line.diff.year_new} · {KINDS[change.kind][1 + which]}：{wording[:60]}")


def _text(one: News, which: int) -> str:
    """Both wordings and why, as plain text: a feed reader gets nothing of ours to interpret."""
    line, change, machine = one.line, one.line.change, one.line.machine
    lines = [f"{line.diff.year_old}：{change.old_text or '∅'}", f"{line.diff.year_new}：{change.new_text or '∅'}"]
    if line.differs:
        label = KINDS[machine.kind][1 + which] if machine else WORDS["by_person"][which]
        lines.append(f"{WORDS['machine'][which]}：{label}")
    for finding in change.findings:
        reason = f"{DIMENSIONS[finding.dimension][which]} {DIRECTIONS[finding.direction][which]}"
        lines.append(f"{reason}：{finding.old_quote or '∅'} → {finding.new_quote or '∅'}")
    return _plain("\n".join(lines))


def _plain(text: str) -> str:
    return text.translate(_NO_CONTROL)


def _link(one: News, base_url: str) -> str:
    return f"{base_url}/province/{one.line.diff.province}/{one.line.diff.year_new}#c-{one.line.change.key}"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _atom(scope: Scope, found: Sequence[News], base_url: str, which: int) -> Response:
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": ("zh-CN", "en")[which]})
    updated = max((one.updated_at for one in found), default=datetime(2020, 1, 1, tzinfo=UTC))
    for name, value in (("id", feed_id(scope)), ("title", scope.title), ("updated", _moment(updated))):
        _add(feed, name, value)
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{base_url}/feeds/{scope.path}.atom")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{base_url}/")
    _add(_add(feed, "author"), "name", "chengnuo")
    for one in found:
        entry = _add(feed, "entry")
        for name, value in (("id", entry_id(one.line.change)), ("title", _title(one, which))):
            _add(entry, name, value)
        _add(entry, "updated", _moment(one.updated_at))
        _add(entry, "published", _moment(one.known_at))
        _add(entry, "link", rel="alternate", type="text/html", href=_link(one, base_url))
        _add(entry, "category", term=one.line.change.kind.value, label=KINDS[one.line.change.kind][1 + which])
        _add(entry, "category", term=one.line.diff.province)
        _add(entry, "content", _text(one, which), type="text")
    body = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _json(scope: Scope, found: Sequence[News], base_url: str, which: int) -> Response:
    items = [
        {
            "id": entry_id(one.line.change),
            "url": _link(one, base_url),
            "title": _title(one, which),
            "content_text": _text(one, which),
            "date_published": _moment(one.known_at),
            "date_modified": _moment(one.updated_at),
            "tags": [one.line.change.kind.value, one.line.diff.province],
        }
        for one in found
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": scope.title,
        "home_page_url": f"{base_url}/",
        "feed_url": f"{base_url}/feeds/{scope.path}.json",
        "language": ("zh-CN", "en")[which],
        "authors": [{"name": "chengnuo"}],
        "items": items,
    }
    return JSONResponse(feed, media_type="application/feed+json")


_FORMS: dict[str, Callable[[Scope, Sequence[News], str, int], Response]] = {"atom": _atom, "json": _json}

"""`chengnuo sources show`: one source, its last visits, what is wrong, and the titles that were not taken."""

from __future__ import annotations

from typing import Any

from review.labels import REFUSED_PAGES
from schema.announcements import Check, RefusedCandidate, Source
from store.candidates import Candidates
from workflow.house import House
from workflow.say import Voice

_VISITS = 10


def source_as_json(house: House, source: Source, reason: str | None, limit: int) -> dict[str, Any]:
    """The whole answer; ``refused``: the newest ``limit`` titles, ``refused_counts``: all by reason."""
    candidates = Candidates(house.database)
    return {
        "slug": source.slug,
        "name": source.name,
        "kind": source.kind.value,
        "rank": int(source.rank),
        "province": source.province,
        "urls": list(source.urls),
        "verified": source.verified,
        "checks": [_check(one) for one in house.archive.checks(source.slug, _VISITS)],
        "incidents": [
            {"kind": one.kind.value, "url": one.url, "detail": one.detail, "opened_at": one.opened_at.isoformat()}
            for one in house.incidents.open()
            if one.source == source.slug
        ],
        "refused_counts": dict(candidates.reasons(source.slug).most_common()),
        "refused": [_refused(one) for one in candidates.of_source(source.slug, reason, limit)],
    }


def _check(one: Check) -> dict[str, Any]:
    told = {"url": one.url, "at": one.at.isoformat(), "outcome": one.outcome.value, "status": one.status}
    return told | {"page_sha256": one.page_sha256, "detail": one.detail}


def _refused(one: RefusedCandidate) -> dict[str, Any]:
    published = one.published.isoformat() if one.published else None
    told = {"url": one.url, "title": one.title, "published": published}
    return told | {"reason": one.reason, "seen_at": one.seen_at.isoformat()}


def print_source(voice: Voice, house: House, source: Source, reason: str | None, limit: int) -> None:
    """The same, as lines for a person."""
    told = source_as_json(house, source, reason, limit)
    mark = "" if source.verified else voice.tr("  栏目未核实", "  column unverified")
    voice.line(f"{source.slug}  {source.name}{mark}", f"{source.slug}  {source.name}{mark}", "bold")
    for url in source.urls:
        voice.line(f"  {url}", f"  {url}")
    for check in told["checks"]:
        line = (
            f"{check['at'][:16]}  {check['outcome']} {check['status'] or ''}  {check['url']} {check['detail']}".rstrip()
        )
        voice.line(f"  检查 {line}", f"  check {line}")
    for incident in told["incidents"]:
        line = f"{incident['kind']} {incident['url'] or ''} {incident['detail']}"
        voice.line(f"  故障 {line}", f"  incident {line}", "yellow")
    counts = "  ".join(f"{name} {count}" for name, count in told["refused_counts"].items()) or "0"
    voice.line(f"  没有取的标题 {counts}", f"  titles not taken: {counts}")
    for one in told["refused"]:
        zh, en = REFUSED_PAGES.get(one["reason"], (one["reason"], one["reason"]))
        voice.line(
            f"    {one['published'] or '—'}  {one['title']}（{zh}）{one['url']}",
            f"    {one['published'] or '—'}  {one['title']} ({en}) {one['url']}",
        )

"""A reading as the JSON of the command line: `chengnuo read --json`."""

from __future__ import annotations

from typing import Any

from schema.announcements import Announcement, Commitment, Link, Reading


def reading_to_json(file: str, reading: Reading) -> dict[str, Any]:
    """Plain values only, in the contract's order; ``detail`` only where it says something."""
    why = reading.detail or reading.refused
    detail = {"detail": why} if why else {}
    return {
        "file": file,
        "outcome": reading.outcome.value,
        **detail,
        "title": reading.title,
        "published": reading.published.isoformat() if reading.published else None,
        "source_name": reading.source_name,
        "cms": reading.cms,
        "body": reading.body,
        "body_selector": reading.body_selector,
        "links": [_link(link) for link in reading.links],
        "announcements": [_announcement(one) for one in reading.announcements],
    }


def _link(link: Link) -> dict[str, str]:
    return {"text": link.text, "url": link.url}


def _announcement(one: Announcement) -> dict[str, Any]:
    return {
        "province": one.province,
        "plan_year": one.plan_year,
        "year_evidence": one.year_evidence,
        "title": one.title,
        "held_on": one.held_on.isoformat() if one.held_on else None,
        "quarantine": one.quarantine.reason.value if one.quarantine else None,
        "quarantine_evidence": list(one.quarantine.evidence) if one.quarantine else [],
        "quarantine_detail": one.quarantine.detail if one.quarantine else "",
        "body": one.body,
        "links": [_link(link) for link in one.links],
        "directives": [
            {
                "no": directive.no,
                "marker": directive.marker,
                "heading": directive.heading,
                "commitments": [_commitment(commitment) for commitment in directive.commitments],
            }
            for directive in one.directives
        ],
    }


def _commitment(one: Commitment) -> dict[str, Any]:
    keys = ("quote", "comparator", "value", "unit", "object", "deadline")
    return {
        "id": one.id,
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "targets": [{key: getattr(target, key) for key in keys} for target in one.targets],
    }

"""复核: takes a person's decision about a change and appends it beside the machine's label."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from review.filters import Filters
from review.forms import Posted
from review.guard import Refused, require
from review.site import Site
from schema.accounts import Role
from schema.changes import Change, Kind
from schema.errors import VerdictConflict
from schema.verdicts import Decision, Verdict
from store.comparisons import KeptYearlyDiff

OFFERED = (Decision.CONFIRM, Decision.RECLASSIFY, Decision.NOT_A_COMMITMENT, Decision.COMMENT, Decision.UNDO)
REASONED = frozenset({Decision.RECLASSIFY, Decision.NOT_A_COMMITMENT, Decision.COMMENT})
"""Overrides and comments need a reason."""
PAIRED = (Kind.STRENGTHENED, Kind.WEAKENED, Kind.MIXED, Kind.REWORDED, Kind.UNCHANGED)
"""What a change with two wordings can be called; one with a single wording stays new or dropped."""
LONGEST_REASON = 2000


def add_judging(app: FastAPI, site: Site) -> None:
    """`POST /verdicts`: append, then back to the change."""
    pages = site.pages

    @app.post("/verdicts", dependencies=[require(Role.REVIEWER)])
    def decide(request: Request, fields: Posted) -> Response:
        """One decision about one change."""
        found = pages.desk.comparisons.change(fields["change"]) if fields.get("change") else None
        if found is None or found[1].key != fields["change"]:
            return pages.missing(request)
        kept, change = found
        verdict = verdict_of(_chosen(fields), change, by=request.state.person.name, at=site.now())
        try:
            pages.desk.verdicts.append(verdict, after=_number(fields.get("after", "")))
        except VerdictConflict:
            history = pages.desk.verdicts.of_change(change.key)
            back = _back(kept, change, fields)
            return pages.render(request, "conflict.html", 409, verdict=history[-1], refused=verdict, back=back)
        return RedirectResponse(_back(kept, change, fields), 303)


def _chosen(fields: Mapping[str, str]) -> dict[str, str]:
    """The decision and the kind that one radio button holds as "reclassify:weakened"; other forms have both apart."""
    decision, _, kind = fields.get("choice", "").partition(":")
    return {**fields, **({"decision": decision, "kind": kind} if decision else {})}


def verdict_of(fields: Mapping[str, str], change: Change, *, by: str, at: datetime) -> Verdict:
    """The decision a form holds. Raises Refused 422 with what is missing."""
    decision = next((one for one in OFFERED if one.value == fields.get("decision")), None)
    if decision is None:
        raise Refused(422, "no_decision")
    reason = fields.get("reason", "").strip()
    if decision in REASONED and not reason:
        raise Refused(422, "no_reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(422, "long_reason")
    kind = _kind(fields, change) if decision is Decision.RECLASSIFY else None
    return Verdict(
        change_key=change.key,
        decision=decision,
        by=by,
        at=at,
        machine_kind=change.kind,
        kind=change.kind if decision is Decision.CONFIRM else kind,
        reason=reason,
        old_units=change.old,
        new_units=change.new,
        old_text=change.old_text,
        new_text=change.new_text,
    )


def _kind(fields: Mapping[str, str], change: Change) -> Kind:
    choices = PAIRED if change.old_text and change.new_text else ()
    kind = next((one for one in choices if one.value == fields.get("kind") and one is not change.kind), None)
    if kind is None:
        raise Refused(422, "no_kind")
    return kind


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Refused(422, "no_number")
    return int(text)


def _back(kept: KeptYearlyDiff, change: Change, fields: Mapping[str, str]) -> str:
    """The page the form stood on; built here, so that no form can send a reader elsewhere."""
    query = Filters.read(dict(parse_qsl(fields.get("shown", "")))).query(
        lang="en" if fields.get("lang") == "en" else ""
    )
    return f"/province/{kept.diff.province}/{kept.diff.year_new}?{query or 'kind=changed'}#c-{change.key}"

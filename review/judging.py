"""复核: takes a person's decision about a change and appends it beside the machine's label."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from review.deciding import PAIRED, verdict_of
from review.filters import Filters
from review.forms import Posted
from review.guard import Refused, require
from review.site import Site
from schema.accounts import Role
from schema.changes import Change
from schema.errors import VerdictConflict
from schema.verdicts import Decision, Verdict
from store.comparisons import KeptYearlyDiff

__all__ = ["PAIRED", "add_judging", "decided", "verdict_of"]


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
        verdict = decided(site, kept, change, _chosen(fields), by=request.state.person.name)
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


def decided(site: Site, kept: KeptYearlyDiff, change: Change, fields: Mapping[str, str], *, by: str) -> Verdict:
    """The verdict that fields hold, not yet kept. Raises Refused 422, also for a name nobody has an account under."""
    history = site.desk.verdicts.of_diff(kept.diff).get(change.key, ())
    verdict = verdict_of(fields, change, by=by, at=site.now(), diff=kept.diff, history=history)
    if verdict.decision is Decision.ASSIGN and site.gate.peopled():
        found = site.gate.accounts.by_name(verdict.assignee)
        if found is None or not found[0].enabled:
            raise Refused(422, "no_assignee")
    return verdict


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

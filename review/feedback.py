"""What the reader of a message may say without an account: "this is wrong", and "no more of this"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response

from review.forms import form
from review.guard import public
from review.rendering import language
from review.site import Site
from schema.changes import Change
from schema.errors import VerdictConflict
from schema.provinces import find_province
from schema.signing import BadToken, read
from schema.verdicts import Decision, Verdict

LONGEST = 500
"""Characters a recipient may add."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the two addresses need. ``switch_off(subscription)`` raises nothing for one that is gone."""

    key: bytes
    switch_off: Callable[[str], None]
    now: Callable[[], datetime]


def add_feedback(app: FastAPI, site: Site, feedback: Feedback) -> None:
    """`/wrong/<token>` and `/unsubscribe/<token>`: a GET only shows, since mail scanners open every link."""

    @app.get("/wrong/{token}", dependencies=[public()])  # the signed token says for whom
    def doubt_page(request: Request, token: str) -> Response:
        """The change, and one button."""
        return _doubt(request, site, feedback, token, None)

    @app.post("/wrong/{token}", dependencies=[public()])  # the signed token says for whom
    def doubt(request: Request, token: str, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
        """The recipient's doubt becomes a comment beside the change."""
        return _doubt(request, site, feedback, token, fields.get("words", "").strip()[:LONGEST])

    @app.get("/unsubscribe/{token}", dependencies=[public()])  # the signed token says for whom
    def leave_page(request: Request, token: str) -> Response:
        """The subscription's name, and one button."""
        return _leave(request, site, feedback, token, done=False)

    @app.post("/unsubscribe/{token}", dependencies=[public()])  # the signed token says for whom
    def leave(request: Request, token: str) -> Response:
        """One click (RFC 8058): the subscription is off."""
        return _leave(request, site, feedback, token, done=True)


def _doubt(request: Request, site: Site, feedback: Feedback, token: str, words: str | None) -> Response:
    """``words`` None: only look."""
    try:
        subscription, key = read(feedback.key, "wrong", token, feedback.now())
    except (BadToken, ValueError):
        return site.pages.missing(request)
    found = site.desk.comparisons.change(key)
    if found is None or found[1].key != key:
        return site.pages.missing(request)
    kept, change = found
    if words is not None:
        _append(site, _verdict(change, subscription, words, feedback.now()))
    suffix = "?lang=en" if language(request) == "en" else ""
    return site.pages.render(
        request,
        "wrong.html",
        change=change,
        place=find_province(kept.diff.province),
        years=(kept.diff.year_old, kept.diff.year_new),
        item=f"/province/{kept.diff.province}/{kept.diff.year_new}{suffix}#c-{change.key}",
        done=words is not None,
        longest=LONGEST,
    )


def _verdict(change: Change, subscription: str, words: str, at: datetime) -> Verdict:
    return Verdict(
        change_key=change.key,
        decision=Decision.COMMENT,
        by=f"recipient of {subscription}",
        at=at,
        machine_kind=change.kind,
        reason=words or "收件人认为有误 the recipient thinks that this is wrong",
        old_units=change.old,
        new_units=change.new,
        old_text=change.old_text,
        new_text=change.new_text,
    )


def _append(site: Site, verdict: Verdict) -> None:
    """A comment contradicts nobody: somebody else's verdict in between is no conflict."""
    for _ in range(TRIES):
        history = site.desk.verdicts.of_change(verdict.change_key)
        if any(one.by == verdict.by and one.reason == verdict.reason for one in history):
            return  # said already: a button pressed twice
        try:
            site.desk.verdicts.append(verdict, after=(history[-1].id or 0) if history else 0)
        except VerdictConflict:
            continue
        return


def _leave(request: Request, site: Site, feedback: Feedback, token: str, *, done: bool) -> Response:
    try:
        (subscription,) = read(feedback.key, "unsubscribe", token, feedback.now())
    except (BadToken, ValueError):
        return site.pages.missing(request)
    if done:
        feedback.switch_off(subscription)
    return site.pages.render(request, "unsubscribe.html", subscription=subscription, done=done)

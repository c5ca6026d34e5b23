"""订阅: who is told what; administrators make, change and switch them, with the checks of the reviewed file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from review.forms import Posted
from review.guard import require
from review.rendering import language
from review.site import Site
from schema.accounts import Role
from schema.alerts import Urgency
from schema.changes import ALERT_KINDS, Confidence, Dimension, Kind
from schema.errors import UsageError
from schema.provinces import Region

SWITCHES = ("incidents", "after_review", "working_days_only")
LISTS = ("provinces", "topics")
TEXTS = (
    "channel",
    "address",
    "secret",
    "minimum_confidence",
    "urgency",
    "quiet_from",
    "quiet_to",
    "time_zone",
    "language",
)
GROUPS: dict[str, tuple[str, ...]] = {
    "regions": tuple(Region),
    "kinds": tuple(kind for kind in Kind if kind in ALERT_KINDS),
    "dimensions": tuple(Dimension),
}
"""Fields of several choices, one box each."""
MOST_RULES = 6
"""Urgent rules the form has room for."""
SHOWN = frozenset({"name", "hour", "urgent", *SWITCHES, *LISTS, *TEXTS, *GROUPS})
"""What the form shows; other settings of a subscription outlive its saving."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One subscription as settings; ``own``: made on this page, so it can be edited here."""

    name: str
    table: Mapping[str, Any]
    enabled: bool
    own: bool


@dataclass(frozen=True, slots=True)
class SubscriptionDesk:
    """What the page can do. ``create``, ``update`` and ``switch`` raise UsageError with the key and the way out."""

    entries: Callable[[], Sequence[Listed]]
    problem: Callable[[], str]
    create: Callable[[Mapping[str, Any], str], object]
    update: Callable[[str, Mapping[str, Any], str], object]
    switch: Callable[[str, str, bool], object]
    channels: tuple[str, ...] = field(default=())


def add_subscriptions(app: FastAPI, site: Site, desk: SubscriptionDesk) -> None:
    """`/subscriptions`, its form, and its switch."""
    app.state.more_admin_menu = (("/subscriptions", "subscriptions"),)

    @app.get("/subscriptions", response_class=HTMLResponse, dependencies=[require(Role.VIEWER)])
    def listed(request: Request) -> Response:
        """All of them; where they send is for administrators."""
        return _page(site, desk, request)

    @app.get("/subscriptions/edit", response_class=HTMLResponse, dependencies=[require(Role.ADMIN)])
    def edit(request: Request, name: str = "") -> Response:
        """The form: empty, or with the settings of one."""
        found = next((one for one in desk.entries() if one.name == name and one.own), None)
        if name and found is None:
            return site.pages.missing(request)
        return _form(site, desk, request, dict(found.table) if found else {}, name=name)

    @app.post("/subscriptions/edit", dependencies=[require(Role.ADMIN)])
    def save(request: Request, fields: Posted) -> Response:
        """Keep it, or show the form again with what is wrong."""
        table, name, by = table_of(fields), fields.get("known", ""), request.state.person.name
        try:
            if name:
                desk.update(name, table | _unseen(desk, name), by)
            else:
                desk.create({"name": fields.get("name", "").strip(), **table}, by)
        except UsageError as error:
            return _form(site, desk, request, table, name=name, wrong=str(error), status=422)
        return _back(request)

    @app.post("/subscriptions/switch", dependencies=[require(Role.ADMIN)])
    def switch(request: Request, fields: Posted) -> Response:
        """Off, or on again."""
        try:
            desk.switch(fields.get("name", ""), request.state.person.name, fields.get("do") == "enable")
        except UsageError:
            return site.pages.missing(request)
        return _back(request)


def table_of(fields: Mapping[str, str]) -> dict[str, Any]:
    """The settings a form holds, as a table of the reviewed file would; what is left empty is left out."""
    table: dict[str, Any] = {key: fields[key].strip() for key in TEXTS if fields.get(key, "").strip()}
    table.setdefault("address", "")
    table |= _lists(fields, "", LISTS, GROUPS)
    urgent = [rule for number in range(1, MOST_RULES + 1) if (rule := _rule(fields, f"urgent{number}_"))]
    if urgent:
        table["urgent"] = urgent
    hour = fields.get("hour", "").strip()
    if hour:
        table["hour"] = int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 4 else hour
    return table | {key: True for key in SWITCHES if fields.get(key)}


def _rule(fields: Mapping[str, str], prefix: str) -> dict[str, Any]:
    """One urgent rule; empty when nothing is chosen in it."""
    groups = {key: GROUPS[key] for key in ("kinds", "dimensions")}
    rule = _lists(fields, prefix, ("topics",), groups)
    confidence = fields.get(f"{prefix}minimum_confidence", "").strip()
    return rule | ({"minimum_confidence": confidence} if confidence else {})


def _lists(
    fields: Mapping[str, str], prefix: str, lists: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in lists:
        words = fields.get(prefix + key, "").replace("，", ",").replace("、", ",").split(",")
        if named := [word.strip() for word in words if word.strip()]:
            found[key] = named
    for key, choices in groups.items():
        if chosen := [choice for choice in choices if fields.get(f"{prefix}{key}_{choice}")]:
            found[key] = chosen
    return found


def _unseen(desk: SubscriptionDesk, name: str) -> dict[str, Any]:
    """The settings of a kept subscription that its form has no field for."""
    kept = next((one.table for one in desk.entries() if one.name == name and one.own), {})
    return {key: value for key, value in kept.items() if key not in SHOWN}


def _page(site: Site, desk: SubscriptionDesk, request: Request) -> Response:
    return site.pages.render(request, "subscriptions.html", entries=desk.entries(), problem=desk.problem())


def _form(  # noqa: PLR0917 - the parts of one page
    site: Site,
    desk: SubscriptionDesk,
    request: Request,
    table: dict[str, Any],
    name: str,
    wrong: str = "",
    status: int = 200,
) -> Response:
    choices = {
        "channel": desk.channels,
        "minimum_confidence": tuple(one.value for one in Confidence),
        "urgency": tuple(one.value for one in Urgency),
        "language": ("zh", "en"),
    }
    rules = [dict(rule) for rule in table.get("urgent", ())][:MOST_RULES]
    rules += [{}] * (len(rules) < MOST_RULES)
    values = {
        "table": table,
        "rules": rules,
        "known": name,
        "wrong": wrong,
        "choices": choices,
        "groups": GROUPS,
        "switches": SWITCHES,
    }
    return site.pages.render(request, "subscription.html", status, **values)


def _back(request: Request) -> Response:
    return RedirectResponse("/subscriptions" + ("?lang=en" if language(request) == "en" else ""), 303)

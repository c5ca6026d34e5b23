"""What keeps the house running: sources, checks, incidents, subscriptions, deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import Field

from review.api.routing import Bare, Listed, Paged, Paging, attach, page_of, reading_router
from review.site import Site
from schema.alerts import DeliveryState, Subscription
from schema.announcements import Check, RefusedCandidate, Source
from schema.incidents import Incident
from store.candidates import Candidates
from store.delivery_list import DeliveryList, ListedDelivery

KEPT = 10_000
"""Newest rows of an endless list that can be paged through."""


@dataclass(frozen=True, slots=True)
class SourceShape:
    """A source as watched."""

    slug: str
    name: str
    kind: str
    rank: int
    province: str | None
    urls: tuple[str, ...]
    verified: bool
    verify_tls: bool


@dataclass(frozen=True, slots=True)
class SubscriptionShape:
    """A subscription without its address and secret, which are nobody's business but the recipient's."""

    name: str
    channel: str
    provinces: tuple[str, ...]
    regions: tuple[str, ...]
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    dimensions: tuple[str, ...]
    minimum_confidence: str
    incidents: bool
    after_review: bool
    urgency: str
    enabled: bool


class CheckQuery(Paging):
    """Whose checks."""

    source: str | None = Field(None, max_length=80)


class CandidateQuery(Paging):
    """Whose refused candidates, and for which reason."""

    source: str | None = Field(None, max_length=80)
    reason: str | None = Field(None, max_length=80)


class IncidentQuery(Paging):
    """Which incidents."""

    open: bool | None = None


class DeliveryQuery(Paging):
    """Which deliveries."""

    state: DeliveryState | None = None
    subscription: str | None = Field(None, max_length=200)


def add_operations(app: FastAPI, site: Site) -> None:
    """`/sources`, `/checks`, `/candidates`, `/incidents`, `/subscriptions`, `/deliveries`."""
    router, desk = reading_router("operations"), site.desk
    deliveries, candidates = DeliveryList(site.database), Candidates(site.database)

    @router.get("/sources")
    def sources(query: Paged) -> Listed[SourceShape]:
        """Every place that is watched."""
        return page_of([_source(one) for one in desk.sources], query)

    @router.get("/checks")
    def checks(query: Annotated[CheckQuery, Query()]) -> Listed[Check]:
        """The newest visits first."""
        return page_of(desk.archive.checks(query.source, limit=KEPT), query)

    @router.get("/candidates")
    def refused(query: Annotated[CandidateQuery, Query()]) -> Listed[RefusedCandidate]:
        """Titles seen on lists and never fetched, with the reason; the newest first."""
        return page_of(candidates.of_source(query.source, query.reason, KEPT), query)

    @router.get("/incidents")
    def incidents(query: Annotated[IncidentQuery, Query()]) -> Listed[Incident]:
        """The newest first, closed ones included."""
        found: Sequence[Incident] = desk.incidents.all(limit=KEPT)
        return page_of([one for one in found if query.open in (None, one.closed_at is None)], query)

    @router.get("/subscriptions")
    def subscriptions(_: Bare) -> list[SubscriptionShape]:
        """Who is told what; never where, and never a secret."""
        return [_subscription(one) for one in site.subscriptions()]

    @router.get("/deliveries")
    def listed(query: Annotated[DeliveryQuery, Query()]) -> Listed[ListedDelivery]:
        """The newest first."""
        return page_of(deliveries.newest(query.state, query.subscription, limit=KEPT), query)

    attach(app, router)


def _source(one: Source) -> SourceShape:
    return SourceShape(
        one.slug, one.name, one.kind.value, one.rank.value, one.province, one.urls, one.verified, one.verify_tls
    )


def _subscription(one: Subscription) -> SubscriptionShape:
    return SubscriptionShape(
        name=one.name,
        channel=one.channel,
        provinces=one.provinces,
        regions=one.regions,
        topics=one.topics,
        kinds=tuple(kind.value for kind in one.kinds),
        dimensions=tuple(dimension.value for dimension in one.dimensions),
        minimum_confidence=one.minimum_confidence.value,
        incidents=one.incidents,
        after_review=one.after_review,
        urgency=one.urgency.value,
        enabled=one.enabled,
    )

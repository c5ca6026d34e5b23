"""What leaves the house: subscriptions, alerts, deliveries, receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schema.changes import Confidence, Dimension, Kind


class Urgency(StrEnum):
    """How a subscription wants its alerts."""

    INSTANT = "instant"
    """One message per diff, as soon as it is committed."""
    DAILY = "daily"
    WEEKLY = "weekly"


class AlertKind(StrEnum):
    """What an alert tells."""

    CHANGES = "changes"
    """Changes of a yearly diff."""
    REVISION = "revision"
    """A page quietly edited after publication."""
    BASELINE = "baseline"
    """A province's first edition; one note, no list of "new"."""
    INCIDENT = "incident"
    RECOVERY = "recovery"
    """An incident closed."""
    DIGEST = "digest"
    """Several of the others, gathered for one moment."""
    TEST = "test"


class DeliveryState(StrEnum):
    """Where one delivery stands."""

    HELD = "held"
    """Waiting for an analyst's verdict."""
    GATHERED = "gathered"
    """Waiting for its digest's moment, then told inside that one message."""
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    MERGED = "merged"
    """Told inside a digest, which has a delivery of its own."""
    CANCELLED = "cancelled"
    """A verdict said that there is nothing to tell; the reason is kept."""
    DEAD = "dead"
    """Given up: the reason is kept, `deliver --replay` sends it again."""


@dataclass(frozen=True, slots=True)
class UrgentRule:
    """What of a digest goes out at once. Every filter that is named must match; a subscription may have several."""

    kinds: tuple[Kind, ...] = ()
    dimensions: tuple[Dimension, ...] = ()
    topics: tuple[str, ...] = ()
    minimum_confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who wants to be told what, where, when. Empty filters mean "all"."""

    name: str
    channel: str
    """Name of a file in notifier/channels/: mailbox, email, webhook, wecom, dingtalk, feishu, slack …"""
    address: str
    """Where the channel sends: mail addresses, a URL, or the name of a secret that holds it."""
    provinces: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    """Words of which one must stand in the commitment."""
    kinds: tuple[Kind, ...] = (Kind.NEW, Kind.DROPPED, Kind.STRENGTHENED, Kind.WEAKENED, Kind.MIXED)
    dimensions: tuple[Dimension, ...] = ()
    minimum_confidence: Confidence = Confidence.MEDIUM
    incidents: bool = False
    after_review: bool = False
    urgency: Urgency = Urgency.INSTANT
    hour: int = 9
    """Local hour of a daily or weekly digest."""
    urgent: tuple[UrgentRule, ...] = ()
    """What a daily or weekly subscription is told at once."""
    quiet_from: str | None = None
    """"22:00"; None: no quiet hours."""
    quiet_to: str | None = None
    working_days_only: bool = False
    time_zone: str = "Asia/Shanghai"
    language: str = "zh"
    secret: str | None = None
    """Name of the environment secret used to sign; never the secret itself."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Alert:
    """告警: one thing to tell one subscription. ``key`` is unique with the subscription: told once."""

    key: str
    subscription: str
    kind: AlertKind
    subject: str
    text: str
    """Plain text body."""
    html: str
    data: str
    """The same as JSON, for machines."""
    province: str | None = None
    plan_year: int | None = None
    change_keys: tuple[str, ...] = ()
    not_before: datetime | None = None
    """Aware UTC; None: at once."""
    held: bool = False
    """True: wait for review."""
    gathered: bool = False
    """True: at ``not_before`` it is told together with what else the subscription gathered by then."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """投递: a claimed attempt. ``idempotency_key`` stays the same over all attempts."""

    id: int
    alert: Alert
    channel: str
    address: str
    attempt: int
    """1 for the first attempt."""
    idempotency_key: str
    lease_until: datetime | None = None
    repeated: bool = False
    """True when an earlier attempt may have reached the recipient (a claim without a receipt)."""
    secret: str | None = None
    """Name of the secret, as in the subscription."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """回执: proof that a delivery left."""

    channel: str
    at: datetime
    reference: str
    """The platform's message id, the .eml path, the SMTP reply."""
    detail: str = ""

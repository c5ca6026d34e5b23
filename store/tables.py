"""Every table, once. Rows become records in store/rows.py; the session never leaves store/."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}; the archive keeps aware times only")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back on the way out."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can speak of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class BlobRow(Base):
    """The bytes of a page, once, compressed with zstd."""

    __tablename__ = "blobs"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class CheckRow(Base):
    """One visit. Append-only."""

    __tablename__ = "checks"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    status: Mapped[int | None]
    page_sha256: Mapped[str | None]
    detail: Mapped[str]
    seconds: Mapped[float | None]


class PageRow(Base):
    """One capture: an address answered with bytes that differ from the last time. Append-only."""

    __tablename__ = "pages"
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), index=True)
    url: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[Any]]
    url_chain: Mapped[list[Any]]
    fetched_at: Mapped[datetime]


class ReadingRow(Base):
    """What one normaliser read from one capture. Append-only."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("page_id", "normaliser"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    normaliser: Mapped[str]
    outcome: Mapped[str]
    title: Mapped[str]
    published: Mapped[datetime | None]
    source_name: Mapped[str | None]
    cms: Mapped[str | None]
    refused: Mapped[str | None]
    detail: Mapped[str]
    origins: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class AnnouncementRow(Base):
    """One version of what a page says for one province and plan year. Append-only."""

    __tablename__ = "announcements"
    __table_args__ = (Index("ix_announcements_edition", "province", "plan_year", "rank", "page_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"), index=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    province: Mapped[str | None]
    plan_year: Mapped[int | None]
    rank: Mapped[int]
    source: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    year_evidence: Mapped[str]
    held_on: Mapped[date | None]
    city: Mapped[str | None]
    published: Mapped[datetime | None]
    source_name: Mapped[str | None]
    links: Mapped[list[Any]]
    flags: Mapped[list[Any]]
    quarantine: Mapped[str | None]
    quarantine_evidence: Mapped[list[Any]]
    quarantine_period: Mapped[str | None]
    quarantine_detail: Mapped[str]
    content_hash: Mapped[str]
    normaliser: Mapped[str]
    technical: Mapped[bool]
    known_at: Mapped[datetime]


class DirectiveRow(Base):
    """One directive of an announcement version. Append-only."""

    __tablename__ = "directives"
    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    no: Mapped[int]
    marker: Mapped[str]
    heading: Mapped[str]


class CommitmentRow(Base):
    """One commitment, with its offsets into the announcement's body. Append-only."""

    __tablename__ = "commitments"
    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id"), index=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    label: Mapped[str]
    text: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    boundary: Mapped[str]


class TargetRow(Base):
    """One number a commitment binds itself to. Append-only."""

    __tablename__ = "targets"
    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    quote: Mapped[str]
    comparator: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    object: Mapped[str]
    deadline: Mapped[str | None]
    start: Mapped[int]
    end: Mapped[int]


class DiffRow(Base):
    """One comparison of two announcement versions with one lexicon. ``earlier_id`` 0: a baseline. Append-only."""

    __tablename__ = "diffs"
    __table_args__ = (
        UniqueConstraint("earlier_id", "later_id", "instrument"),
        Index("ix_diffs_edition", "province", "year_new"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    province: Mapped[str]
    year_old: Mapped[int]
    year_new: Mapped[int]
    outcome: Mapped[str]
    earlier_id: Mapped[int]
    later_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"))
    instrument: Mapped[str]
    """Lexicon and differ version it was made with."""
    old_units: Mapped[list[Any]]
    new_units: Mapped[list[Any]]
    evidence_period: Mapped[str | None]
    rewritten: Mapped[bool]
    gap: Mapped[bool]
    detail: Mapped[str]
    provenance: Mapped[dict[str, Any]]
    technical: Mapped[bool]
    made_at: Mapped[datetime]


class ChangeRow(Base):
    """One change of a diff. Append-only."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    diff_id: Mapped[int] = mapped_column(ForeignKey("diffs.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    old: Mapped[list[Any]]
    new: Mapped[list[Any]]
    old_text: Mapped[str]
    new_text: Mapped[str]
    structure: Mapped[list[Any]]
    confidence: Mapped[str]
    score: Mapped[float | None]
    margin: Mapped[float | None]
    old_highlights: Mapped[list[Any]]
    new_highlights: Mapped[list[Any]]
    runner_up: Mapped[list[Any]]
    notes: Mapped[list[Any]]


class FindingRow(Base):
    """One rule's reason for a change. Append-only."""

    __tablename__ = "findings"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    rule: Mapped[str]
    dimension: Mapped[str]
    direction: Mapped[str]
    old_quote: Mapped[str]
    new_quote: Mapped[str]
    note: Mapped[str]
    hard: Mapped[bool]
    confidence: Mapped[str]
    spans: Mapped[list[Any]]


class AlertRow(Base):
    """One thing to tell one subscription; unique, so it is told once."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("key", "subscription"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    subscription: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    data: Mapped[str]
    province: Mapped[str | None]
    plan_year: Mapped[int | None]
    change_keys: Mapped[list[Any]]
    not_before: Mapped[datetime | None]
    made_at: Mapped[datetime]


class ToldRow(Base):
    """A change that an alert carries to a subscription: never carried twice."""

    __tablename__ = "told"
    subscription: Mapped[str] = mapped_column(primary_key=True)
    change_key: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))


class DeliveryRow(Base):
    """Where one alert stands on its way to its recipient."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "next_attempt_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), unique=True)
    channel: Mapped[str]
    address: Mapped[str]
    secret: Mapped[str | None]
    state: Mapped[str]
    attempt: Mapped[int]
    repeated: Mapped[bool]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    relayed_at: Mapped[datetime | None]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    made_at: Mapped[datetime]


class ReceiptRow(Base):
    """Proof that a delivery left. Append-only."""

    __tablename__ = "receipts"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    attempt: Mapped[int]
    channel: Mapped[str]
    at: Mapped[datetime]
    reference: Mapped[str]
    detail: Mapped[str]


class IncidentRow(Base):
    """One tracked trouble. At most one open for the same kind, source and address."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ix_incidents_open",
            "kind",
            "source",
            "url",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    province: Mapped[str | None]
    url: Mapped[str]
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    checks: Mapped[int]
    detail: Mapped[str]
    closed_at: Mapped[datetime | None]
    closing_detail: Mapped[str]


class VerdictRow(Base):
    """What an analyst decided. Append-only."""

    __tablename__ = "verdicts"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_key: Mapped[str] = mapped_column(index=True)
    decision: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    machine_kind: Mapped[str]
    kind: Mapped[str | None]
    reason: Mapped[str]
    old_units: Mapped[list[Any]]
    new_units: Mapped[list[Any]]
    old_text: Mapped[str]
    new_text: Mapped[str]


class HeartbeatRow(Base):
    """When a process last proved that it works."""

    __tablename__ = "heartbeats"
    process: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TickRow(Base):
    """One scheduled moment of one job; unique, so that two calendars make one run."""

    __tablename__ = "ticks"
    job: Mapped[str] = mapped_column(primary_key=True)
    scheduled: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]


class BucketRow(Base):
    """Moments at which a robot was sent something, as ISO times of the last minute."""

    __tablename__ = "buckets"
    robot: Mapped[str] = mapped_column(primary_key=True)
    moments: Mapped[list[Any]]
    paused_until: Mapped[datetime | None]


APPEND_ONLY = (
    "blobs",
    "checks",
    "pages",
    "readings",
    "announcements",
    "directives",
    "commitments",
    "targets",
    "diffs",
    "changes",
    "findings",
    "receipts",
    "verdicts",
)

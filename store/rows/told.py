"""Alerts, deliveries and incidents: rows to records and back."""

from __future__ import annotations

from datetime import datetime

from schema.alerts import Alert, AlertKind, Delivery
from schema.incidents import Incident, IncidentKind
from store import tables as t


def alert_row(alert: Alert, made_at: datetime) -> t.AlertRow:
    """An alert to keep."""
    return t.AlertRow(
        key=alert.key,
        subscription=alert.subscription,
        kind=alert.kind.value,
        subject=alert.subject,
        text=alert.text,
        html=alert.html,
        data=alert.data,
        province=alert.province,
        plan_year=alert.plan_year,
        change_keys=list(alert.change_keys),
        not_before=alert.not_before,
        made_at=made_at,
    )


def delivery_record(row: t.DeliveryRow, alert: t.AlertRow) -> Delivery:
    """A kept delivery with its alert."""
    told = Alert(
        key=alert.key,
        subscription=alert.subscription,
        kind=AlertKind(alert.kind),
        subject=alert.subject,
        text=alert.text,
        html=alert.html,
        data=alert.data,
        province=alert.province,
        plan_year=alert.plan_year,
        change_keys=tuple(alert.change_keys),
        not_before=alert.not_before,
    )
    return Delivery(
        id=row.id,
        alert=told,
        channel=row.channel,
        address=row.address,
        attempt=row.attempt,
        idempotency_key=row.idempotency_key,
        lease_until=row.lease_until,
        repeated=row.repeated,
        secret=row.secret,
    )


def incident_record(row: t.IncidentRow) -> Incident:
    """A kept incident."""
    return Incident(
        id=row.id,
        kind=IncidentKind(row.kind),
        source=row.source,
        province=row.province,
        url=row.url or None,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        checks=row.checks,
        detail=row.detail,
        closed_at=row.closed_at,
        closing_detail=row.closing_detail,
    )

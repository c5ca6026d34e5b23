"""When a subscription may be told: digests, quiet hours, working days of the Chinese calendar."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday

from schema.alerts import Subscription, Urgency

_MONDAY = 0
_LONGEST_BREAK = 14
"""Days; no holiday lasts longer."""


def not_before(subscription: Subscription, now: datetime) -> datetime | None:
    """The first permitted moment, aware UTC; None when that is now."""
    local = now.astimezone(ZoneInfo(subscription.time_zone))
    moment = _not_quiet(subscription, _digest_hour(subscription, local))
    for _ in range(_LONGEST_BREAK):
        if not subscription.working_days_only or _is_working(moment):
            break
        moment = datetime.combine(moment.date() + timedelta(days=1), time(subscription.hour), moment.tzinfo)
    return None if moment <= local else moment.astimezone(UTC)


def _digest_hour(subscription: Subscription, local: datetime) -> datetime:
    if subscription.urgency is Urgency.INSTANT:
        return local
    moment = local.replace(hour=subscription.hour, minute=0, second=0, microsecond=0)
    if moment <= local:
        moment += timedelta(days=1)
    if subscription.urgency is Urgency.WEEKLY:
        moment += timedelta(days=(_MONDAY - moment.weekday()) % 7)
    return moment


def _not_quiet(subscription: Subscription, moment: datetime) -> datetime:
    if not subscription.quiet_from or not subscription.quiet_to:
        return moment
    start, end = time.fromisoformat(subscription.quiet_from), time.fromisoformat(subscription.quiet_to)
    at = moment.time().replace(tzinfo=None)
    inside = start <= at < end if start <= end else at >= start or at < end
    if not inside:
        return moment
    wake = datetime.combine(moment.date(), end, moment.tzinfo)
    return wake if wake > moment else wake + timedelta(days=1)


def _is_working(moment: datetime) -> bool:
    """By the State Council's holiday calendar; a year it does not know yet goes by the weekday."""
    try:
        return bool(is_workday(moment.date()))
    except NotImplementedError:
        return moment.weekday() < 5

"""The embedded driver: sends what is due, without a broker."""

from __future__ import annotations

from notifier.compose import incident_alerts
from notifier.deliver import deliver_due
from schema.incidents import Incident
from workflow.house import House
from workflow.settling import settle


def deliver_all(house: House) -> int:
    """Settle what is held or gathered, then send everything that is due; how many were sent."""
    settle(house)
    return deliver_due(house.ledger, house.channels(), house.clock)


def queue_incidents(house: House, incidents: tuple[Incident, ...]) -> int:
    """Queue alerts about incidents opened or closed; how many were new."""
    return house.ledger.queue(incident_alerts(incidents, house.subscriptions(), house.clock()))

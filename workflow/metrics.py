"""Prometheus metrics, asked of the database at every scrape: right for any number of processes, lost in no restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from schema.alerts import DeliveryState
from schema.incidents import IncidentKind
from workflow.house import House


def exposition(house: House) -> bytes:
    """The metrics page, text format 0.0.4. Raises StoreError when the database cannot be asked."""
    registry = CollectorRegistry()
    registry.register(_Figures(house))
    return generate_latest(registry)


class _Figures(Collector):
    def __init__(self, house: House) -> None:
        self._house = house

    def describe(self) -> list[Metric]:
        """Nothing beforehand: registering asks no question of the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Every figure once."""
        pulse, now = self._house.pulse, self._house.clock()

        def age(moment: datetime) -> float:
            return max(0.0, (now - moment).total_seconds())

        oldest = pulse.oldest_unsent()
        yield GaugeMetricFamily(
            "chengnuo_oldest_unsent_alert_seconds",
            "How long the alert that waits longest could have been sent; 0: none waits",
            value=age(oldest) if oldest else 0.0,
        )
        yield _family(
            "deliveries", "Deliveries by state and channel", ("channel", "state"), _all_states(pulse.deliveries())
        )
        incidents = {(kind.value,): 0 for kind in IncidentKind} | {(k,): n for k, n in pulse.open_incidents().items()}
        yield _family("open_incidents", "Open incidents by kind", ("kind",), incidents)
        visits = {(source,): age(at) for source, at in pulse.visits().items()}
        yield _family("crawl_age_seconds", "Since the newest check of each source", ("source",), visits)
        beats = {(process,): age(at) for process, at in pulse.beats().items()}
        yield _family("heartbeat_age_seconds", "Since each process proved that it works", ("process",), beats)


def _all_states(counts: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """With zeroes, so that an alarm on a state that never came has a figure to look at."""
    channels = {channel for channel, _ in counts}
    return {(channel, state.value): 0 for channel in channels for state in DeliveryState} | counts


def _family(name: str, about: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"chengnuo_{name}", about, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family

"""What a subscription would have received from diffs that are kept: composed anew, as if nothing had been told."""

from __future__ import annotations

from collections.abc import Iterator

from notifier.compose import Context, compose_alerts
from notifier.section import Place
from schema.alerts import Alert, Subscription
from schema.errors import UsageError
from store.comparisons import KeptYearlyDiff
from workflow.house import House, place_of


def named(house: House, name: str) -> Subscription:
    """The subscription of that name. UsageError that lists all names when there is none."""
    found = house.subscriptions()
    for one in found:
        if one.name == name:
            return one
    raise UsageError(f"{name}: 没有这个订阅 no such subscription; there are {', '.join(one.name for one in found)}")


def preview(
    house: House, subscription: Subscription, province: str | None = None, year: int | None = None
) -> Iterator[Alert]:
    """Alerts from the chosen diff; by default from every province's newest."""
    for kept in _kept(house, province, year):
        context = Context(house.clock(), _place(house, kept), doubt=house.links().doubt)
        yield from compose_alerts(kept.diff, (subscription,), context=context)


def _kept(house: House, province: str | None, year: int | None) -> Iterator[KeptYearlyDiff]:
    newest = dict(house.archive.editions())  # in order of year: the last stays
    if province is not None:
        newest = {province: year or newest.get(province, 0)}
    for slug, plan_year in newest.items():
        kept = house.comparisons.diff(slug, plan_year)
        if kept is not None:
            yield kept
            yield from house.comparisons.revisions(slug, plan_year)
        elif province is not None:
            raise UsageError(f"{slug} {plan_year}: 没有这一份对照 no such diff; `chengnuo compare` makes it")


def _place(house: House, kept: KeptYearlyDiff) -> Place:
    later = house.archive.version(kept.later_id)
    assert later is not None
    return place_of(house.settings.base_url, later, house.archive.version(kept.earlier_id))

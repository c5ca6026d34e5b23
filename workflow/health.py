"""Is a process alive, and is the house ready? Answers come from heartbeat rows and checks, not from process lists."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from schema.errors import ChengnuoError
from workflow.house import House, open_house
from workflow.settings import Settings

LIMITS = {"worker": 180, "relay": 60, "beat": 120}
"""Seconds after which a heartbeat is too old. A task writes the worker's, so it proves consumption."""
CRAWLER_LIMIT = 240
"""Seconds: the calendar nudges a crawling worker every minute, and a running crawl beats by itself."""
CRAWL_LIMIT = 26 * 3600
"""Seconds: a daily crawl, and two hours of patience."""
PROCESSES = (*LIMITS, "web", "crawl")
_WEB_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: its name, whether it is well, and a line for a person."""

    name: str
    good: bool
    zh: str
    en: str


def health(settings: Settings, process: str) -> Sign:
    """How one of PROCESSES is doing; a database that cannot be asked is a bad sign, not an error."""
    if process == "web":
        return _web(settings)
    try:
        with open_house(settings) as house:
            return _crawl(house) if process == "crawl" else _heart(house, process, house.pulse.last_beat(process))
    except ChengnuoError as error:
        return Sign(process, False, str(error), str(error))


def readiness(house: House) -> tuple[Sign, ...]:
    """The database, its schema, and with a broker the heartbeats of worker, relay and calendar."""
    try:
        return tuple(_readiness(house))
    except ChengnuoError as error:
        return (Sign("database", False, str(error), str(error)),)


def _readiness(house: House) -> Iterator[Sign]:
    standing, wanted = house.pulse.schema()
    yield Sign("database", True, house.database.dialect, house.database.dialect)
    yield Sign("schema", standing == wanted, f"{standing}，需要 {wanted}", f"{standing}, wanted {wanted}")
    if house.settings.broker_url:
        yield from (_heart(house, process, house.pulse.last_beat(process)) for process in LIMITS)


def _heart(house: House, process: str, last: datetime | None) -> Sign:
    if last is None:
        return Sign(process, False, "还没有心跳", "no heartbeat yet")
    age, limit = (house.clock() - last).total_seconds(), LIMITS.get(process, CRAWLER_LIMIT)
    return Sign(
        process, age <= limit, f"心跳在 {age:.0f} 秒前，限 {limit}", f"heartbeat {age:.0f} s ago, limit {limit}"
    )


def _crawl(house: House) -> Sign:
    beat = house.pulse.last_beat("crawl")
    if beat is not None:
        return _heart(house, "crawl", beat)
    newest = max(house.pulse.visits().values(), default=None)
    if newest is None:
        return Sign("crawl", False, "还没有抓取过", "nothing crawled yet")
    hours, limit = (house.clock() - newest).total_seconds() / 3600, CRAWL_LIMIT / 3600
    return Sign(
        "crawl",
        hours <= limit,
        f"最近一次检查在 {hours:.1f} 小时前，限 {limit:.0f}",
        f"newest check {hours:.1f} h ago, limit {limit:.0f}",
    )


def _web(settings: Settings) -> Sign:
    """Asks /healthz at the address the pages are served on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=_WEB_PATIENCE)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Sign("web", False, f"{host}:{settings.port} {error}", f"{host}:{settings.port} {error}")
    finally:
        connection.close()
    return Sign("web", status == 200, f"HTTP {status}", f"HTTP {status}")

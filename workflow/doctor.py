"""Says what works here: data folder, database, broker, sources, subscriptions, mail."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import redis

from schema.errors import ChengnuoError
from workflow.house import all_sources, open_house
from workflow.settings import Settings

PATIENCE = 5.0
"""Seconds to wait for a server."""


@dataclass(frozen=True, slots=True)
class Report:
    """One thing looked at."""

    what: str
    good: bool
    zh: str
    en: str


def findings(settings: Settings) -> Iterator[Report]:
    """Look at everything once; nothing is changed but the data folder, which is made."""
    yield from _house(settings)
    yield _sources(settings)
    yield _broker(settings)
    yield _mail(settings)


def _house(settings: Settings) -> Iterator[Report]:
    try:
        with open_house(settings) as house:
            yield Report("database", True, f"{house.database.dialect}，可写", f"{house.database.dialect}, writable")
            names = "、".join(one.name for one in house.subscriptions())
            yield Report("subscriptions", True, names, names)
    except ChengnuoError as error:
        yield Report("database", False, str(error), str(error))


def _sources(settings: Settings) -> Report:
    try:
        found = all_sources(settings)
    except ChengnuoError as error:
        return Report("sources", False, str(error), str(error))
    unverified = sum(not one.verified for one in found)
    return Report(
        "sources",
        True,
        f"{len(found)} 个，其中 {unverified} 个栏目未核实",
        f"{len(found)}, {unverified} columns unverified",
    )


def _broker(settings: Settings) -> Report:
    if not settings.broker_url:
        return Report("broker", True, "未设置；用 chengnuo deliver 投递", "not set; `chengnuo deliver` sends")
    try:
        redis.Redis.from_url(settings.broker_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE).ping()
    except redis.RedisError as error:
        return Report("broker", False, f"连不上：{error}", f"no connection: {error}")
    return Report("broker", True, "可连接", "reachable")


def _mail(settings: Settings) -> Report:
    if not settings.smtp_url:
        return Report("mail", True, "未设置", "not set")
    url = urlsplit(settings.smtp_url)
    try:
        with socket.create_connection((url.hostname or "", url.port or 25), timeout=PATIENCE):
            return Report("mail", True, "可连接", "reachable")
    except (OSError, smtplib.SMTPException) as error:
        return Report("mail", False, f"连不上：{error}", f"no connection: {error}")

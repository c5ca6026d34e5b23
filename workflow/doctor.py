"""Says what works here and what to do about what does not. The house: data, processes, sources, subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from notifier.channel import channel_names
from schema.alerts import Subscription
from schema.errors import ChengnuoError
from store.search import Search
from workflow.calendar import load_calendar
from workflow.doctor_machine import machine
from workflow.health import Sign, readiness
from workflow.house import House, all_sources, open_house
from workflow.settings import PREFIX, Settings

RECENT = timedelta(days=7)
SOON = 3
"""How many of the next visits are named."""


WAYS_OUT = {
    "database": ("核对 CHENGNUO_DATA、CHENGNUO_DATABASE_URL", "look at CHENGNUO_DATA and CHENGNUO_DATABASE_URL"),
    "schema": ("运行 chengnuo db upgrade", "run `chengnuo db upgrade`"),
    "worker": ("启动 chengnuo worker，再看它的日志", "start `chengnuo worker`, then look at its log"),
    "relay": ("启动 chengnuo relay，再看它的日志", "start `chengnuo relay`, then look at its log"),
    "beat": ("启动 chengnuo beat，再看它的日志", "start `chengnuo beat`, then look at its log"),
    "subscriptions": ("改好后用 chengnuo subscriptions check 核对", "mend it, then `chengnuo subscriptions check`"),
    "channel": ("设好后再运行 chengnuo doctor", "set it, then run `chengnuo doctor` again"),
    "calendar": (
        "改 calendar.toml；自带的用 chengnuo calendar --write",
        "see calendar.toml, or `chengnuo calendar --write`",
    ),
    "jobs": ("按原因修好，下一次到点会再做", "mend the reason; the next moment does it again"),
    "sources": ("改好那个文件，用 chengnuo sources check 核对", "mend that file, then `chengnuo sources check`"),
    "broker": ("启动 Valkey，或核对 CHENGNUO_BROKER_URL", "start Valkey, or look at CHENGNUO_BROKER_URL"),
    "clock": ("校准本机时钟（NTP）", "set this machine's clock (NTP)"),
    "mail": ("核对 CHENGNUO_SMTP_URL", "look at CHENGNUO_SMTP_URL"),
    "disk": ("腾出空间，或把 CHENGNUO_DATA 移到别处", "make room, or move CHENGNUO_DATA"),
    "python": ("需要 3.11 以上", "needs 3.11 or newer"),
}
"""What to do about each thing that can be unwell; a line that says so itself is not here."""


def findings(settings: Settings) -> Iterator[Sign]:
    """Look at everything once; nothing is changed but the data folder, which is made, and the schema, upgraded.

    Whatever is not good says what to do about it.
    """
    for sign in (*_house(settings), _sources(settings), *machine(settings)):
        yield sign if sign.good or sign.name not in WAYS_OUT else _with_way_out(sign)


def _with_way_out(sign: Sign) -> Sign:
    zh, en = WAYS_OUT[sign.name]
    return replace(sign, zh=f"{sign.zh} → {zh}", en=f"{sign.en} → {en}")


def _house(settings: Settings) -> Iterator[Sign]:
    try:
        with open_house(settings) as house:
            yield from readiness(house)
            yield from _asked("subscriptions", lambda: _subscriptions(house))
            yield from _asked("calendar", lambda: _calendar(house))
            yield _jobs(house)
            yield _search(house)
    except ChengnuoError as error:
        yield Sign("database", False, str(error), str(error))


def _asked(what: str, look) -> Iterator[Sign]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a closure just above
    """What a look says; a file it complains of is named, the other looks go on."""
    try:
        yield from look()
    except ChengnuoError as error:
        yield Sign(what, False, str(error), str(error))


def _subscriptions(house: House) -> Iterator[Sign]:
    standing, known = house.in_force(), channel_names()
    if standing.problem:
        yield Sign("subscriptions", False, standing.problem, standing.problem)
    found = standing.subscriptions
    names = "、".join(f"{one.name}（{one.channel}）" for one in found)
    yield Sign("subscriptions", bool(found), names or "一个也没有", names or "there are none")
    for one in found:
        if one.channel not in known:
            told = f"{one.name}: {one.channel}: {', '.join(known)}"
            yield Sign("channel", False, f"没有这个渠道 {told}", f"no such channel {told}")
        for secret in _secrets(one):
            if not house.settings.secret(f"SECRET_{secret}"):
                key = f"{PREFIX}SECRET_{secret}"
                yield Sign("channel", False, f"{one.name} 要用 {key}，没有设置", f"{one.name} needs {key}: not set")


def _secrets(one: Subscription) -> list[str]:
    """The names of secrets a subscription leans on: its signing secret, and an address that is none itself."""
    plain = one.channel in ("mailbox", "email", "apprise") or "://" in one.address
    return [name for name in (one.secret, None if plain else one.address) if name]


def _calendar(house: House) -> Iterator[Sign]:
    now, calendar = house.clock(), load_calendar(house.settings.calendar)
    upcoming: list[tuple[datetime, str]] = []
    for source in all_sources(house.settings):
        moment = calendar.following(source.slug, now) if source.urls else None
        if moment is not None:
            upcoming.append((moment, source.slug))
    soon = "，".join(
        f"{slug} {moment.astimezone(calendar.zone):%m-%d %H:%M}" for moment, slug in sorted(upcoming)[:SOON]
    )
    yield Sign(
        "calendar",
        bool(upcoming),
        f"{len(upcoming)} 个来源会去看；接着是 {soon}" if upcoming else "一个来源也不去看",
        f"{len(upcoming)} sources are visited; next {soon}" if upcoming else "no source is visited",
    )


def _jobs(house: House) -> Sign:
    failed = house.jobs.failures(house.clock() - RECENT)
    last = "；".join(f"{kind.value} {subject}: {reason}" for kind, subject, _, reason in failed[-SOON:])
    return Sign(
        "jobs",
        not failed,
        f"七天里 {len(failed)} 件没有做成 {last}".strip(),
        f"{len(failed)} given up within seven days {last}".strip(),
    )


def _search(house: House) -> Sign:
    if Search(house.database).indexed():
        return Sign("search", True, "有三字索引", "has its trigram index")
    way = "CREATE EXTENSION pg_trgm; CREATE INDEX commitments_searchable ON commitments USING gin (text gin_trgm_ops)"
    return Sign(
        "search",
        False,
        f"没有 pg_trgm 索引，检索要读遍全文，结果不变；以管理员身份执行：{way}",
        f"no pg_trgm index: a search reads every text and finds the same; as the database's administrator run: {way}",
    )


def _sources(settings: Settings) -> Sign:
    try:
        found = all_sources(settings)
    except ChengnuoError as error:
        return Sign("sources", False, str(error), str(error))
    unverified, unknown = sum(not one.verified for one in found), sum(not one.urls for one in found)
    return Sign(
        "sources",
        True,
        f"{len(found)} 个，其中 {unverified} 个栏目未核实，{unknown} 个栏目未知",
        f"{len(found)}, {unverified} columns unverified, {unknown} unknown",
    )

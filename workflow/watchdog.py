"""Looks after the house itself: silent processes, dead letters, a broken subscriptions file, suspicious diffs.

Each process is watched from another one: the relay looks after worker and calendar, the worker after the relay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from notifier.choosing import is_suspicious
from schema.alerts import DeliveryState
from schema.changes import DiffOutcome, Kind
from schema.incidents import Incident, IncidentKind
from schema.verdicts import standing
from store.pulse import kind_of
from workflow.delivering import queue_incidents
from workflow.health import LIMITS
from workflow.house import House
from workflow.trouble import Trouble

SILENT = {
    "worker": IncidentKind.WORKER_SILENT,
    "beat": IncidentKind.CALENDAR_SILENT,
    "relay": IncidentKind.RELAY_SILENT,
}
LETTERS = "deliveries"
FILE = "subscriptions"
BACK = "恢复正常 back to normal"
LEFT = "该进程已不再运行，其余在运行 this process is there no more, others are"
GONE = 3600
"""Seconds after which a silent worker is not expected back, while another one works."""


def look(house: House, processes: Sequence[str]) -> tuple[Incident, ...]:
    """Open and close what concerns these processes, the ledger and the file, and tell who asked; what was new."""
    if "worker" in processes:
        _forget_the_gone(house)
    kinds = {SILENT[process] for process in processes} | {IncidentKind.DEAD_LETTERS, IncidentKind.CONFIGURATION}
    troubles = [*_silent(house, processes), *_dead(house), *_file(house)]
    return _told(house, troubles, kinds)


def look_at_diffs(house: House) -> tuple[Incident, ...]:
    """Open an incident for every newest diff in which most of an edition is called dropped and nobody decided."""
    return _told(house, list(_suspicious(house)), {IncidentKind.SUSPICIOUS_DIFF})


def _told(house: House, troubles: Sequence[Trouble], kinds: Iterable[IncidentKind]) -> tuple[Incident, ...]:
    now = {trouble.key for trouble in troubles}
    opened = [
        house.incidents.observe(t.kind, t.source, t.detail, url=t.url, province=t.province, seen_at=t.seen_at)
        for t in troubles
    ]
    over = [i for i in house.incidents.open() if i.kind in set(kinds) and (i.kind, i.source, i.url or "") not in now]
    beats = house.pulse.beats()
    left = [i.kind in SILENT.values() and i.source not in beats for i in over]
    closed = [
        house.incidents.recover(i.kind, i.source, LEFT if gone else BACK, url=i.url or "")
        for i, gone in zip(over, left, strict=True)
    ]
    changed = tuple(incident for incident in (*opened, *closed) if incident is not None)
    if changed:
        queue_incidents(house, changed)
    return changed


def _silent(house: House, processes: Sequence[str]) -> Iterator[Trouble]:
    """A process that never was there is not missed; of several workers each is looked at by itself."""
    now, beats = house.clock(), house.pulse.beats()
    for name, last in sorted(beats.items()):
        process = kind_of(name)
        if process in processes and (now - last).total_seconds() > LIMITS[process]:
            detail = f"最后心跳 last heartbeat {last:%Y-%m-%d %H:%M:%S} UTC"
            yield Trouble(SILENT[process], name, "", None, detail, last)


def _forget_the_gone(house: House) -> None:
    """A worker silent for long while another works was taken away; the last one of all stays missed."""
    now, beats = house.clock(), house.pulse.beats()
    ages = {name: (now - at).total_seconds() for name, at in beats.items() if kind_of(name) == "worker"}
    if min(ages.values(), default=GONE) <= LIMITS["worker"]:
        for name in [name for name, age in ages.items() if age > GONE]:
            house.pulse.forget(name)


def _dead(house: House) -> Iterator[Trouble]:
    found = [row for row in house.ledger.failures() if row[1] == DeliveryState.DEAD.value]
    if found:
        counts = Counter(channel for _, _, channel, _ in found)
        number, _, channel, reason = found[-1]
        many = "，".join(f"{name} {count}" for name, count in sorted(counts.items()))
        detail = f"死信 dead letters {len(found)}（{many}）；#{number} {channel}: {reason}; chengnuo deliver --replay"
        yield Trouble(IncidentKind.DEAD_LETTERS, LETTERS, "", None, detail, house.clock())


def _file(house: House) -> Iterator[Trouble]:
    found = house.in_force()
    for line in (found.problem, *found.overlay.problems()):
        if line:
            yield Trouble(IncidentKind.CONFIGURATION, FILE, "", None, line, house.clock())
            return


def _suspicious(house: House) -> Iterator[Trouble]:
    editions = house.archive.editions()
    newest = max((year for _, year in editions), default=0)
    for province, year in editions:
        kept = house.comparisons.diff(province, year) if year >= newest - 1 else None
        if kept is None or kept.diff.outcome is not DiffOutcome.OK or not is_suspicious(kept.diff):
            continue
        dropped = [change.key for change in kept.diff.changes if change.kind is Kind.DROPPED]
        verdicts = house.verdicts.of_diff(kept.diff)
        left = sum(standing(verdicts.get(key, ())) is None for key in dropped)
        if left:
            detail = (
                f"{year} 对 {kept.diff.year_old}：{len(dropped)}/{len(kept.diff.old_units)} 条消失，"
                f"{left} 条待复核 dropped, {left} to review"
            )
            yield Trouble(IncidentKind.SUSPICIOUS_DIFF, province, "", province, detail, kept.made_at)

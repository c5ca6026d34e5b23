"""Turns of a robot, kept in the database: every process together stays below what a platform allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from notifier.channel import utc_now
from store.database import Database
from store.tables import BucketRow

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
PER_SECOND = 5
"""Feishu's second limit; nobody minds it elsewhere."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A moment that was used (``sent``) or promised to the delivery with this key."""

    at: datetime
    key: str
    sent: bool


class Tokens:
    """One row a robot. Every ask is one transaction, so two workers never take the same turn."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def take(self, robot: str, key: str, per_minute: int) -> float:
        """0: send now. Otherwise how many seconds to wait for the turn that is promised to ``key``."""
        try:
            return self._take(robot, key, per_minute)
        except IntegrityError:  # another process wrote the robot's first row in the same moment
            return self._take(robot, key, per_minute)

    def _take(self, robot: str, key: str, per_minute: int) -> float:
        now = self._clock()
        with self._database.writing(alone=False) as session:
            row = session.get(BucketRow, robot, with_for_update=True)
            if row is None:
                row = BucketRow(robot=robot, moments=[], paused_until=None)
                session.add(row)
            turns = [Turn(datetime.fromisoformat(at), name, sent) for at, name, sent in row.moments]
            start = max(now, row.paused_until) if row.paused_until else now
            kept, turn = next_turn(turns, key, (now, start), per_minute)
            row.moments = [[one.at.isoformat(), one.key, one.sent] for one in (*kept, turn)]
        return (turn.at - now).total_seconds()

    def pause(self, robot: str, seconds: float) -> None:
        """The platform asked for silence."""
        until = self._clock() + timedelta(seconds=seconds)
        with self._database.writing(alone=False) as session:
            row = session.get(BucketRow, robot, with_for_update=True)
            if row is None:
                session.add(BucketRow(robot=robot, moments=[], paused_until=until))
            else:
                row.paused_until = until


def next_turn(
    turns: Sequence[Turn], key: str, now_and_start: tuple[datetime, datetime], per_minute: int
) -> tuple[list[Turn], Turn]:
    """The turns still to be remembered, and the one ``key`` gets: at ``now``, or later.

    In no sliding minute are more than ``per_minute`` sent. Those who wait are given turns apart from each other, so
    that a long queue asks once or twice each and not once a minute each.
    """
    now, start = now_and_start
    mine = next((turn for turn in turns if not turn.sent and turn.key == key), None)
    kept = [turn for turn in turns if turn.at > now - MINUTE and (turn.sent or turn.key != key)]
    kept.sort(key=lambda turn: turn.at)
    sent = [turn for turn in kept if turn.sent]
    if mine is not None and mine.at > now and mine.at >= start:
        return kept, mine  # asked too early: the promise stands, else who asks often would wait for ever
    taken = len(sent) if mine is not None and mine.at <= now else len(kept)
    hurried = sum(turn.at > now - SECOND for turn in sent) >= PER_SECOND
    if start <= now and taken < per_minute and not hurried:
        return kept, Turn(now, key, sent=True)
    earliest = [start, now + SECOND]
    if len(kept) >= per_minute:
        earliest += [kept[-1].at + MINUTE / per_minute, kept[-per_minute].at + MINUTE]
    return kept, Turn(max(earliest), key, sent=False)

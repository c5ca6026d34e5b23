"""One attempt after the other: claimed with a lease, proven by a receipt, retried, given back or given up.

Only a receipt is appended and sealed; everything else locks its own rows alone, so that on PostgreSQL many workers
claim at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from schema.alerts import Delivery, DeliveryState, Receipt
from store import rows
from store import tables as t
from store.archive import utc_now
from store.database import Database

LEASE = timedelta(seconds=120)
"""A claim without a receipt is taken over after this."""
RELAY_PAUSE = timedelta(minutes=1)
"""The relay hands the same row to the broker at most this often."""


class Attempts:
    """What happens to deliveries between due and sent. Each method is one transaction."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def due(self, limit: int = 100, *, for_relay: bool = False) -> list[int]:
        """Numbers of deliveries to attempt now; for the relay, without those it just handed over.

        One of each recipient in turn, each recipient's oldest first: a long queue for one never hides another's.
        """
        return [number for group in self.due_groups(limit, 1, for_relay=for_relay) for number in group]

    def due_groups(self, limit: int, size: int, *, for_relay: bool = False) -> list[tuple[int, ...]]:
        """The same by recipient, at most ``size`` together and ``limit`` in all, in the order of the fair turns."""
        row, now = t.DeliveryRow, self._clock()
        turn = func.row_number().over(partition_by=(row.channel, row.address), order_by=row.id).label("turn")
        query = select(row.id, row.channel, row.address, turn).where(claimable(now))
        if for_relay:
            query = query.where(or_(row.relayed_at.is_(None), row.relayed_at < now - RELAY_PAUSE))
        fair = query.subquery()
        with self._database.reading() as session:
            found = session.execute(
                select(fair.c.id, fair.c.channel, fair.c.address).order_by(fair.c.turn, fair.c.id).limit(limit)
            ).all()
        return _in_groups(((number, (channel, address)) for number, channel, address in found), size)

    def due_by_channel(self, size: int, limit: int = 1000) -> dict[str, list[tuple[int, ...]]]:
        """Due groups apart by channel, so that each channel can be served without waiting for the others."""
        row, found = t.DeliveryRow, dict[str, list[tuple[int, tuple[str, str]]]]()
        query = select(row.channel, row.address, row.id).where(claimable(self._clock())).order_by(row.id)
        with self._database.reading() as session:
            for channel, address, number in session.execute(query):
                waiting = found.setdefault(channel, [])
                if len(waiting) < limit:
                    waiting.append((number, (channel, address)))
        return {channel: _in_groups(waiting, size) for channel, waiting in found.items()}

    def still_due(self, numbers: Sequence[int]) -> set[int]:
        """Those of them that may be claimed now."""
        query = select(t.DeliveryRow.id).where(t.DeliveryRow.id.in_(numbers), claimable(self._clock()))
        with self._database.reading() as session:
            return set(session.scalars(query))

    def mark_relayed(self, numbers: Sequence[int]) -> None:
        """Remember that these were handed to the broker just now; what a worker holds already needs no mark."""
        with self._database.writing(alone=False) as session:
            _set(session, t.DeliveryRow.id.in_(numbers), relayed_at=self._clock())

    def claim(self, number: int) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, or someone else has it."""
        return next(iter(self.claim_some([number], frozenset())), None)

    def claim_some(self, numbers: Sequence[int], together: AbstractSet[str]) -> list[Delivery]:
        """Take the first of these that is due; of a channel in ``together``, all that stand as it does.

        ``repeated`` is set when an earlier attempt ended without a receipt: it may have reached the recipient. Such a
        one is taken alone, for it may be what its process died of.
        """
        now = self._clock()
        with self._database.writing(alone=False) as session:
            taken = _alike(_locked(session, t.DeliveryRow.id.in_(numbers) & claimable(now)), together)
            for row in taken:
                row.repeated = row.repeated or row.state == DeliveryState.SENDING.value
                row.state, row.attempt, row.lease_until = DeliveryState.SENDING.value, row.attempt + 1, now + LEASE
            alerts = select(t.AlertRow).where(t.AlertRow.id.in_([row.alert_id for row in taken]))
            told = {alert.id: alert for alert in session.scalars(alerts)} if taken else {}
            return [rows.delivery_record(row, told[row.alert_id]) for row in taken]

    def sent(self, delivery: Delivery, receipt: Receipt) -> None:
        """Keep the proof. A second receipt for the same delivery is not kept."""
        self.sent_all([(delivery, receipt)])

    def sent_all(self, proofs: Sequence[tuple[Delivery, Receipt]]) -> None:
        """Keep several proofs under one seal."""
        by_number = {delivery.id: (delivery, receipt) for delivery, receipt in proofs}
        with self._database.writing() as session:
            chosen = select(t.DeliveryRow).where(t.DeliveryRow.id.in_(by_number)).order_by(t.DeliveryRow.id)
            for row in session.scalars(chosen.with_for_update()).all():
                if row.state != DeliveryState.SENT.value:
                    row.state, row.lease_until, row.reason = DeliveryState.SENT.value, None, ""
                    session.add(_receipt_row(*by_number[row.id]))

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Claimed, and not begun: due again at once, and no attempt counted."""
        attempts = {delivery.id: delivery.attempt for delivery in deliveries}
        with self._database.writing(alone=False) as session:
            for row in _locked(session, t.DeliveryRow.id.in_(attempts)):
                if row.state == DeliveryState.SENDING.value and row.attempt == attempts[row.id]:
                    row.state, row.lease_until, row.relayed_at = DeliveryState.PENDING.value, None, None
                    row.attempt -= 1

    def hand_back(self, numbers: Sequence[int]) -> None:
        """A task ends before it came to these: the relay may hand them over again without its pause."""
        waiting = t.DeliveryRow.id.in_(numbers) & (t.DeliveryRow.state == DeliveryState.PENDING.value)
        with self._database.writing(alone=False) as session:
            _set(session, waiting, relayed_at=None)

    def postpone(self, delivery: Delivery, until: datetime, reason: str, *, whole_channel: bool) -> int:
        """Nobody answers there: what else waits for the same address (or channel) waits as well; how many."""
        row = t.DeliveryRow
        same = (row.channel == delivery.channel) & (row.state == DeliveryState.PENDING.value)
        same &= row.next_attempt_at < until
        if not whole_channel:
            same &= row.address == delivery.address
        with self._database.writing(alone=False) as session:
            return _set(session, same, next_attempt_at=until, reason=reason)

    def retry(self, delivery: Delivery, reason: str, next_attempt_at: datetime) -> None:
        """The attempt failed and will be repeated at that time."""
        self._end(delivery, DeliveryState.PENDING, reason, next_attempt_at)

    def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up; the reason stays visible and the delivery replayable."""
        self._end(delivery, DeliveryState.DEAD, reason, None)

    def _end(self, delivery: Delivery, state: DeliveryState, reason: str, when: datetime | None) -> None:
        with self._database.writing(alone=False) as session:
            row = session.get_one(t.DeliveryRow, delivery.id, with_for_update=True)
            if row.state != DeliveryState.SENDING.value or row.attempt != delivery.attempt:
                return  # someone took it over after the lease ran out; their word counts
            row.state, row.lease_until, row.relayed_at, row.reason = state.value, None, None, reason
            if when is not None:
                row.next_attempt_at = when


def claimable(now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN201 - the type is SQLAlchemy's own
    """Due, or claimed by someone whose lease ran out."""
    pending = (t.DeliveryRow.state == DeliveryState.PENDING.value) & (t.DeliveryRow.next_attempt_at <= now)
    left_behind = (t.DeliveryRow.state == DeliveryState.SENDING.value) & (t.DeliveryRow.lease_until < now)
    return or_(pending, left_behind)


def _locked(session: Session, condition) -> Sequence[t.DeliveryRow]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as above
    """These rows without those another transaction holds: nobody here ever waits while holding a row."""
    chosen = select(t.DeliveryRow).where(condition).order_by(t.DeliveryRow.id)
    return session.scalars(chosen.with_for_update(skip_locked=True)).all()


def _set(session: Session, condition, **values: object) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as above
    """The same without reading them; how many."""
    free = select(t.DeliveryRow.id).where(condition).with_for_update(skip_locked=True)
    change = update(t.DeliveryRow).where(t.DeliveryRow.id.in_(free)).values(**values).returning(t.DeliveryRow.id)
    return len(session.scalars(change, execution_options={"synchronize_session": False}).all())


def _alike(free: Sequence[t.DeliveryRow], together: AbstractSet[str]) -> Sequence[t.DeliveryRow]:
    if not free or free[0].channel not in together:
        return free[:1]
    fresh = [row for row in free if not row.repeated and row.state == DeliveryState.PENDING.value]
    return [row for row in fresh if row.channel == fresh[0].channel] if fresh else free[:1]


def _in_groups(found: Iterable[tuple[int, tuple[str, str]]], size: int) -> list[tuple[int, ...]]:
    groups: list[list[int]] = []
    growing: dict[tuple[str, str], list[int]] = {}
    for number, recipient in found:
        group = growing.get(recipient)
        if group is None or len(group) >= size:
            group = growing[recipient] = []
            groups.append(group)
        group.append(number)
    return [tuple(group) for group in groups]


def _receipt_row(delivery: Delivery, receipt: Receipt) -> t.ReceiptRow:
    return t.ReceiptRow(
        delivery_id=delivery.id,
        attempt=delivery.attempt,
        channel=receipt.channel,
        at=receipt.at,
        reference=receipt.reference,
        detail=receipt.detail,
    )

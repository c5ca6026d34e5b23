"""Visits of one moment are kept together; none is read before it is kept."""

import asyncio
from datetime import UTC, datetime

import pytest

from crawler.together import Together
from schema.announcements import Check, CheckOutcome, Page, Visit
from schema.errors import StoreError

AT = datetime(2026, 1, 20, tzinfo=UTC)


def visit(number: int, size: int = 10) -> Visit:
    page = Page(f"https://a.gov.cn/{number}", "a", 200, b"x" * size, AT)
    return page, Check("a", page.url, AT, CheckOutcome.NEW, 200)


def test_what_ends_within_a_moment_is_one_group() -> None:
    """One call for all, in their order, and everyone hears of their own outcome; the next moment is a new group."""
    groups: list[list[str]] = []

    def keep(visits):
        groups.append([check.url[-1] for _, check in visits])
        return [CheckOutcome.UNCHANGED if check.url.endswith("1") else CheckOutcome.NEW for _, check in visits]

    async def main() -> list[CheckOutcome]:
        together = Together(keep)
        told = await asyncio.gather(*(together.keep(visit(number)) for number in range(3)))
        return [*told, await together.keep(visit(3))]

    assert asyncio.run(main()) == [CheckOutcome.NEW, CheckOutcome.UNCHANGED, CheckOutcome.NEW, CheckOutcome.NEW]
    assert groups == [["0", "1", "2"], ["3"]]


def test_large_bodies_do_not_wait_in_memory() -> None:
    """Two pages of 3 MB are kept at once, not when the moment is over."""
    groups: list[int] = []

    def keep(visits):
        groups.append(len(visits))
        return [check.outcome for _, check in visits]

    async def main() -> list[int]:
        together = Together(keep)
        waiting = [asyncio.ensure_future(together.keep(visit(number, 3 << 20))) for number in range(2)]
        await asyncio.sleep(0)
        soon = list(groups)
        await asyncio.gather(*waiting)
        return soon

    assert asyncio.run(main()) == [2]


def test_a_refusing_archive_is_told_to_every_visit() -> None:
    """Nobody goes on to read what was not kept."""

    def keep(_visits):
        raise StoreError("disk full")

    async def main() -> list[object]:
        together = Together(keep)
        return await asyncio.gather(*(together.keep(visit(number)) for number in range(2)), return_exceptions=True)

    told = asyncio.run(main())
    assert [type(one) for one in told] == [StoreError, StoreError]
    with pytest.raises(StoreError):
        asyncio.run(Together(keep).keep(visit(0)))


def test_a_cancelled_visit_is_kept_and_stops_nobody() -> None:
    """Its bytes are in the archive all the same, and the others of its group hear their outcomes."""
    kept: list[str] = []

    def keep(visits):
        kept.extend(check.url[-1] for _, check in visits)
        return [check.outcome for _, check in visits]

    async def main() -> CheckOutcome:
        together = Together(keep)
        gone, stays = (asyncio.ensure_future(together.keep(visit(number))) for number in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        return await asyncio.wait_for(stays, timeout=10)

    assert asyncio.run(main()) is CheckOutcome.NEW
    assert kept == ["0", "1"]

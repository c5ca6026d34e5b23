"""Provinces, years and the matrix of a year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from fastapi import FastAPI

from review.api.routing import Bare, Year, attach, reading_router
from review.api.shapes import ProvinceShape, province_shape
from review.matrix import Cell
from review.site import Site
from schema.changes import Kind
from schema.provinces import PROVINCES


@dataclass(frozen=True, slots=True)
class CellShape:
    """What is known of one province in one year; ``counts`` by kind when the years were compared."""

    province: str
    year: int
    state: str
    counts: dict[Kind, int]
    baseline_commitments: int
    waiting: int
    reason: str
    why: str


def add_places(app: FastAPI, site: Site) -> None:
    """`/provinces`, `/years`, `/years/{year}`."""
    router, desk = reading_router("places"), site.desk

    @router.get("/provinces")
    def provinces(_: Bare) -> list[ProvinceShape]:
        """All 31 in the order of their codes."""
        known: dict[str, list[int]] = defaultdict(list)
        for slug, year in desk.archive.editions():
            known[slug].insert(0, year)
        return [province_shape(one, tuple(known[one.slug])) for one in PROVINCES]

    @router.get("/years")
    def all_years(_: Bare) -> list[int]:
        """Plan years that any province has an announcement for, newest first."""
        return desk.years()

    @router.get("/years/{year}")
    def matrix(year: Year, _: Bare) -> list[CellShape]:
        """The matrix of one year: a cell for each of the 31, none without a reason."""
        return [_cell(one) for one in desk.matrix(year)]

    attach(app, router)


def _cell(cell: Cell) -> CellShape:
    return CellShape(
        province=cell.province.slug,
        year=cell.year,
        state=cell.state.value,
        counts=dict(cell.counts),
        baseline_commitments=cell.number,
        waiting=cell.waiting,
        reason=cell.reason,
        why=cell.why,
    )

"""Editions: the standing text of a province and plan year, today or as it was known at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict

from review.api.routing import Bare, Slug, Year, attach, missing, reading_router, slug_of
from review.api.shapes import EditionHead, EditionShape, edition_head
from review.site import Site


class AsOf(BaseModel):
    """A moment; without one, now."""

    model_config = ConfigDict(extra="forbid")
    as_of: AwareDatetime | None = None


Moment = Annotated[AsOf, Query()]


@dataclass(frozen=True, slots=True)
class Known:
    """A province and plan year with a standing text."""

    province: str
    plan_year: int


def add_editions(app: FastAPI, site: Site) -> None:
    """`/editions`, `/editions/{province}/{year}` and its versions."""
    router, archive = reading_router("editions"), site.desk.archive

    @router.get("/editions")
    def editions(_: Bare) -> list[Known]:
        """Every province and plan year that has a standing text."""
        return [Known(province, year) for province, year in archive.editions()]

    @router.get("/editions/{province}/{year}")
    def edition(province: Slug, year: Year, moment: Moment) -> EditionShape:
        """The standing text, with its directives, commitments and targets."""
        found = archive.edition(slug_of(province), year, moment.as_of)
        if found is None:
            raise missing("no edition of this province and year")
        return EditionShape(edition_head(found), found.announcement)

    @router.get("/editions/{province}/{year}/versions")
    def versions(province: Slug, year: Year, _: Bare) -> list[EditionHead]:
        """Every kept version that could stand, oldest first."""
        return [edition_head(one) for one in archive.versions(slug_of(province), year)]

    attach(app, router)

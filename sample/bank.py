"""Announcements for provinces without a text file of their own, composed from sentences written for this project."""

from __future__ import annotations

from schema.provinces import Province


def banked_text(_province: Province, _year: int) -> str | None:
    """The announcement of a province and plan year in the text files' form, or None where there is none."""
    return None

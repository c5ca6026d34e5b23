"""The numbers a commitment binds itself to, as targets of the announcement."""

from __future__ import annotations

from schema.announcements import Target


def targets_in(text: str, offset: int) -> tuple[Target, ...]:
    """Targets of one commitment; ``offset`` is where its text stands in the body."""
    del text, offset
    return ()

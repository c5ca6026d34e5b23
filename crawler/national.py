"""The ministry's conference is the nation's: never an edition of a province, whatever place its text names."""

from __future__ import annotations

from dataclasses import replace

from schema.announcements import Reading, Source, SourceKind


def as_told_by(reading: Reading, source: Source) -> Reading:
    """A reading as its source may be believed: of a national page no announcement has a province."""
    if source.kind is not SourceKind.NATIONAL:
        return reading
    return replace(reading, announcements=tuple(replace(a, province=None) for a in reading.announcements))

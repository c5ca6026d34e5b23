"""Which fields of an article a page gave in a place made for them, and which were pieced together."""

from __future__ import annotations

from collections.abc import Mapping

from schema.announcements import FieldOrigin

FIELDS = ("title", "published", "source_name", "body")
_PLACES = {
    "title": ("meta ", "heading"),
    "published": ("meta", "epoch", "label", "time label"),
    "source_name": ("meta ", "label"),
}
_PIECED = frozenset({"heading above the article", "density", "body", "none"})


def structured(origins: Mapping[str, FieldOrigin]) -> frozenset[str]:
    """The fields that stood in a meta tag, behind their label, in the heading, or in a container known for articles."""
    return frozenset(field for field in FIELDS if field in origins and _has_place(field, origins[field].method))


def _has_place(field: str, method: str) -> bool:
    bare = method.removeprefix("mended ")
    return bare not in _PIECED and (field == "body" or bare.startswith(_PLACES[field]))

"""A long list a page at a time, and whole numbers out of an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """One page of a list: its number from 1, how many there are, and what stands on it."""

    number: int
    pages: int
    items: Sequence[T]


def page_of(items: Sequence[T], number: int, size: int) -> Part[T]:
    """The page with this number; a number outside is the nearest one there is."""
    pages = max(1, -(-len(items) // size))
    at = min(max(number, 1), pages)
    return Part(at, pages, items[(at - 1) * size : at * size])


def whole_number(text: str) -> int:
    """A number of at most six digits; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0

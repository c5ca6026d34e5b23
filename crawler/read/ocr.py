"""The text of scanned pages, with the extra ``pip install chengnuo[ocr]``; the one file that knows the recogniser.

The models come inside the package: nothing is downloaded, and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

MOST_PAGES = 30
"""Pages of one file; each takes seconds."""
_SCALE = 200 / 72
"""Pictures are drawn at 200 dots an inch."""
LEAST_SURE = 0.5
"""Lines the recogniser is less sure of are left out."""


class NotInstalled(Exception):
    """The extra is not here."""


class Line(NamedTuple):
    """One recognised line: its words, and how sure the recogniser is (0…1)."""

    words: str
    sure: float


def recognised(pdf: bytes) -> list[Line]:
    """The lines of a scanned PDF, page by page from the top. NotInstalled without the extra."""
    try:
        from pypdfium2 import PdfDocument
    except ImportError as error:
        raise NotInstalled from error
    engine = _engine()
    with PdfDocument(pdf) as document:
        pictures = (document[n].render(scale=_SCALE).to_numpy() for n in range(min(len(document), MOST_PAGES)))
        return [line for picture in pictures for line in _lines(engine(picture))]


@cache
def _engine() -> Any:
    """Loaded once: its models take a second and some hundred megabytes."""
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise NotInstalled from error
    return RapidOCR(params={"Global.log_level": "critical"})  # what is wrong with a file is an outcome


def _lines(found: Any) -> Iterator[Line]:
    """The boxes in reading order, those on one height joined."""
    if found.boxes is None:
        return
    told = sorted(zip(found.boxes, found.txts, found.scores, strict=True), key=lambda one: _top(one[0]))
    row: list[tuple[float, str, float]] = []
    at = -1.0
    for box, words, sure in told:
        middle, height = _top(box), float(box[3][1] - box[0][1])
        if row and middle - at > height / 2:
            yield _joined(row)
            row = []
        if sure >= LEAST_SURE:
            row.append((float(box[0][0]), words, float(sure)))
            at = middle
    if row:
        yield _joined(row)


def _top(box: Any) -> float:
    return float(box[0][1] + box[3][1]) / 2


def _joined(row: list[tuple[float, str, float]]) -> Line:
    ordered = sorted(row)
    return Line("".join(words for _, words, _ in ordered), min(sure for *_, sure in ordered))

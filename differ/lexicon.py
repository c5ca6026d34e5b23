"""The words strength is judged by, reviewed data with a version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Compiled word lists."""

    version: str


def load_lexicon(path: Path | None = None) -> Lexicon:
    """The lexicon shipped with the program, or another file of its form."""
    return Lexicon("0" if path is None else path.stem)

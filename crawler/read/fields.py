"""Which fields of work a clause speaks of: fields.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

FIELDS = Path(__file__).parent / "fields.toml"
TALK = frozenset({"accountability", "accidents", "informing"})
"""Fields whose words attitudes use as well: 扛牢责任, 防事故."""


@cache
def _fields() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(words) for name, words in tomllib.loads(FIELDS.read_text(encoding="utf-8")).items()}


@lru_cache(maxsize=8192)
def fields(clause: str) -> frozenset[str]:
    """The fields of work a clause speaks of."""
    return frozenset(name for name, words in _fields().items() if words.search(clause))

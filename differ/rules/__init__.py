"""One function a dimension of strength; each returns findings with their quotes."""

from __future__ import annotations

from differ.lexicon import Lexicon
from differ.pair import Pair
from schema.changes import Finding


def judge(_pair: Pair, _lexicon: Lexicon) -> tuple[Finding, ...]:
    """Every rule's findings about one pair."""
    return ()

"""One item of a deployment, as the outline finds it and the splitter takes it apart."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.read.markers import Marker
from language.sentences import Span


@dataclass(slots=True)
class Item:
    """One deployment item: where its words stand (half-open spans of the copy), and what it hangs under."""

    marker: Marker | None
    spans: list[Span] = field(default_factory=list)
    parent: Item | None = None
    own_line: bool = False
    """True when the first span is a heading on a line of its own."""
    aim: bool = False
    container: bool = False
    """True when other items hang under it."""

"""The words strength is judged by: reviewed data in lexicon.toml, compiled once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from language.terms import TermIndex, words_of
from schema.errors import LexiconError

DEFAULT = Path(__file__).parent / "lexicon.toml"


class Cue(NamedTuple):
    """A lexicon term where it stands; ``level`` orders it inside its section, ``group`` names its class."""

    start: int
    end: int
    term: str
    level: int
    group: str


@dataclass(frozen=True, eq=False)
class Section:
    """One dimension's words."""

    index: TermIndex
    groups: Mapping[str, tuple[int, str]]

    def find(self, text: str) -> tuple[Cue, ...]:
        """The section's terms in ``text``, longest first, in order."""
        return tuple(Cue(*found, *self.groups[found.term]) for found in self.index.find(text))


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Compiled word lists; ``version`` is stored on every diff made with them."""

    version: str
    sections: Mapping[str, Section]

    def __getitem__(self, name: str) -> Section:
        """The section of that name; KeyError for one the program does not use."""
        return self.sections[name]


@cache
def load_lexicon(path: Path | None = None) -> Lexicon:
    """The lexicon shipped with the program, or another file of its form. LexiconError names what is wrong."""
    file = path or DEFAULT
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        version = str(tables.pop("version"))
        return Lexicon(version, {name: _section(table) for name, table in tables.items()})
    except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
        problem = "not a lexicon; it needs a version and sections of groups with level and terms"
        raise LexiconError(file, repr(error), problem) from error


def _section(table: dict[str, Any]) -> Section:
    exceptions = words_of(table.pop("exceptions"))
    groups: dict[str, tuple[int, str]] = {}
    for group, entry in table.items():
        for term in entry["terms"].split():
            if groups.setdefault(term, (int(entry["level"]), group))[1] != group:
                message = f"{term} stands in {groups[term][1]} and in {group}"
                raise ValueError(message)
    return Section(TermIndex(frozenset(groups), exceptions - frozenset(groups)), groups)

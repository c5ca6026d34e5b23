"""Copies of a wording for the matcher: what is the same commitment should look the same. Never shown."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_QUOTES = dict.fromkeys(map(ord, "“”\"'‘’「」『』《》〈〉〝〞＂＇"))
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NOT_WORD = re.compile(r"[^\w#%‰]+")
_LEADING = re.compile(r"^(?:要|将|应)(?=\w{4})")
_WITHIN = re.compile(
    r"在?(?:[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十]{1,3}|半)个?(?:小时|分钟|刻钟|天|日)(?:之|以)?内"
)
"""1小时内 and 在60分钟之内: how soon is the rules' affair, here they are one."""
_MODAL = re.compile(r"(?<=[\u4e00-\u9fff][^主重需必摘概纪首只还也都就])要(?=[在把将按达于逐全持认接提做])")
_SHORTEST = 6
"""Characters that must remain when purpose clauses are cut off."""
_SHORTEST_OBJECT = 3


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Compiled tables of vocabulary.toml."""

    frames: re.Pattern[str]
    tails: re.Pattern[str]
    rituals: re.Pattern[str]
    synonyms: re.Pattern[str]
    stands_for: dict[str, str]


@cache
def vocabulary() -> Vocabulary:
    """The matcher's word lists, read once."""
    tables = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
    stands_for = {}
    for line in tables["synonyms"].split("\n"):
        names = [_plain(name) for name in line.split()]
        stands_for.update({name: names[0] for name in names if name not in stands_for})
    return Vocabulary(
        frames=_any_of(tables["frames"].split()),
        tails=re.compile(rf"(?: |^)(?:{_any_of(tables['tails'].split()).pattern})[^ ]*$"),
        rituals=_any_of(tables["rituals"].split()),
        synonyms=_any_of(stands_for),
        stands_for=stands_for,
    )


def _any_of(terms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(set(terms), key=lambda term: (-len(term), term))
    return re.compile("|".join(map(re.escape, longest_first)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_QUOTES)


@lru_cache(maxsize=8192)
def plain_copy(text: str) -> str:
    """Width, quotes, a leading 要 and manner words removed, numbers as #, synonyms as one word, punctuation as one
    space.
    """
    words = vocabulary()
    text = _LEADING.sub("", _plain(text))
    text = words.rituals.sub("", text) or text
    text = _WITHIN.sub("#内", _MODAL.sub("", text))
    text = words.synonyms.sub(lambda found: words.stands_for[found[0]], text)
    return _NOT_WORD.sub(" ", _NUMBER.sub("#", text)).strip()


@lru_cache(maxsize=8192)
def object_copy(text: str) -> str:
    """The plain copy without purpose clauses, verbs and genre words: what the commitment is about."""
    words, plain = vocabulary(), plain_copy(text)
    shorter = words.tails.sub("", plain)
    if len(shorter) >= _SHORTEST:
        plain = shorter
    bare = " ".join(words.frames.sub(" ", plain.replace("#", " ")).split())
    return bare if len(bare.replace(" ", "")) >= _SHORTEST_OBJECT else plain

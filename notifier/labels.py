"""How a message says things: Chinese or English."""

from __future__ import annotations

from schema.provinces import find_province


def say(language: str, pair: tuple[str, str]) -> str:
    """The Chinese or the English of a pair."""
    return pair[0] if language == "zh" else pair[1]


def province_name(language: str, slug: str) -> str:
    """湖北, or Hubei's slug in English."""
    return find_province(slug).short if language == "zh" else slug.capitalize()

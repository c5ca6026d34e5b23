"""Findings and notes in words; a page never shows a key where a person reads."""

from __future__ import annotations

from schema.changes import Finding
from schema.words import NOTES, RULES, reason


def why(finding: Finding, lang: str) -> str:
    """One finding as a sentence. A rule of another version has no words here; its two quotes speak for it."""
    quotes = (finding.old_quote, finding.new_quote)
    if finding.direction in RULES.get(finding.rule, {}):
        return reason(finding.rule, finding.direction, quotes, lang)
    return " → ".join(f"“{quote}”" if quote else "∅" for quote in quotes)


def note_words(note: str, lang: str) -> str:
    """Why the machine is less than sure; empty for a note that is not for people."""
    return NOTES.get(note, ("", ""))[0 if lang == "zh" else 1]

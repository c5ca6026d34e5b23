"""Page bytes → announcements: pure, no network, no clock."""

NORMALISER = "9"
"""The reader's version, stored on every reading; raising it makes every page unread again, technically."""

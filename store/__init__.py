"""Keeps every page, version, diff and delivery; the session never leaves this room."""

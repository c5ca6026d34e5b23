"""Tells people, once, in time, with the reason."""

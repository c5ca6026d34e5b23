"""Fetches pages and reads announcements out of them."""

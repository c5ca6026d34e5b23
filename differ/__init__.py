"""Compares two years: the same commitment found again and judged with reasons; pure."""

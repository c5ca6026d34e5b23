"""Conducts the house: command line, worker, calendar; the only reader of settings."""

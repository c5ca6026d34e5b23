"""Finds each old commitment again among the new ones."""

"""One function a dimension: each returns findings with both quotes."""

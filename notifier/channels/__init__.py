"""One file a channel; each has ``make(options) -> Channel``."""

"""How official Chinese prose is written; pure, used by crawler and differ."""

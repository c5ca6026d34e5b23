"""Every type that crosses a room's door; standard library only."""

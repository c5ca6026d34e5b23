"""What every command shares, and all that a pure command needs: settings read on first use, a voice."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from workflow.say import Voice, make_voice
from workflow.settings import Settings


class Invocation:
    """One invocation of the command."""

    def __init__(self, load: Callable[[], Settings]) -> None:
        self._load = load

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises ConfigurationError on first use."""
        return self._load()

    def voice(self, *, stderr: bool = False) -> Voice:
        """How this command speaks."""
        return make_voice(self.settings.lang, stderr=stderr)

"""What the commands share: settings read on first use, a voice, an open house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property

from workflow.house import House, open_house
from workflow.logs import start_log
from workflow.say import Voice, make_voice
from workflow.settings import Settings


class Context:
    """One invocation of the command."""

    def __init__(self, load: Callable[[], Settings]) -> None:
        self._load = load
        self._logging = False

    @cached_property
    def settings(self) -> Settings:
        """The settings; raises ConfigurationError on first use."""
        return self._load()

    def voice(self, *, stderr: bool = False) -> Voice:
        """How this command speaks."""
        return make_voice(self.settings.lang, stderr=stderr)

    def log(self, process: str) -> None:
        """Write events to standard error from now on, as a service does."""
        self._logging = True
        start_log(self.settings.log, process)

    @contextmanager
    def house(self) -> Iterator[House]:
        """An open house. With CHENGNUO_LOG=json every command tells its events, not only the services."""
        if self.settings.log == "json" and not self._logging:
            self.log("command")
        with open_house(self.settings) as house:
            yield house

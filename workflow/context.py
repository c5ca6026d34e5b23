"""What the commands share that keep something: an invocation that can open the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from workflow.house import House, open_house
from workflow.invocation import Invocation
from workflow.logs import start_log
from workflow.settings import Settings
from workflow.tracing import start_tracing


class Context(Invocation):
    """One invocation of a command that keeps something."""

    def __init__(self, load: Callable[[], Settings]) -> None:
        super().__init__(load)
        self._logging = False

    def log(self, process: str) -> None:
        """Write events to standard error from now on, as a service does."""
        self._logging = True
        start_log(self.settings.log, process)
        start_tracing(self.settings, process)

    @contextmanager
    def house(self) -> Iterator[House]:
        """An open house. With CHENGNUO_LOG=json every command tells its events, not only the services."""
        if self.settings.log == "json" and not self._logging:
            self.log("command")
        start_tracing(self.settings, "command")
        with open_house(self.settings) as house:
            yield house

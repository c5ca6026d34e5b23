"""How commands speak: Chinese by default, English with CHENGNUO_LANG=en; a progress bar on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

FILE_WIDTH = 120
"""Columns where nobody looks at a terminal: a file has room for every cell of the matrix."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A console and a language."""

    console: Console
    lang: str

    def tr(self, zh: str, en: str) -> str:
        """The wording in this voice's language."""
        return zh if self.lang == "zh" else en

    def line(self, zh: str, en: str, style: str | None = None) -> None:
        """Print one line; scraped text in it is never read as markup."""
        self.console.print(self.tr(zh, en), style=style, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def progress(self, zh: str, en: str, total: int | None = None) -> Iterator[Step]:
        """A bar on a terminal; elsewhere one line when the work is done."""
        title = self.tr(zh, en)
        if not self.console.is_terminal:
            step = Step(None, None)
            yield step
            self.line(f"{title}：{step.done}", f"{title}: {step.done}")
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=False) as bar:
            yield Step(bar, bar.add_task(title, total=total))


class Step:
    """One running piece of work; ``done`` counts its items."""

    def __init__(self, bar: Progress | None, task: object) -> None:
        self._bar, self._task, self.done = bar, task, 0

    def advance(self, count: int = 1) -> None:
        """``count`` more items are done."""
        self.done += count
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done)  # type: ignore[arg-type]

    def expect(self, total: int) -> None:
        """The number of items became known."""
        if self._bar is not None:
            self._bar.update(self._task, total=total)  # type: ignore[arg-type]


def make_voice(lang: str, *, stderr: bool = False) -> Voice:
    """The voice of one command; ``stderr`` keeps stdout for JSON."""
    stream = sys.stderr if stderr else sys.stdout
    return Voice(Console(stderr=stderr, width=None if stream.isatty() else FILE_WIDTH), lang)

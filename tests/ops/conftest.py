"""The command in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """``run("doctor", data=folder)`` in a bare environment."""

    def chengnuo(*arguments: str | Path, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workflow", "--data", str(data), *map(str, arguments)]
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CHENGNUO_LANG": "en", **more}
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)

    return chengnuo

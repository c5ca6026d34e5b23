"""The command in a process of its own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.source_file import source_toml
from sample.server import SampleWeb

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """``run("doctor", data=folder)`` in a bare environment."""

    def chengnuo(*arguments: str | Path, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workflow", "--data", str(data), *map(str, arguments)]
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CHENGNUO_LANG": "en", **more}
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)

    return chengnuo


@pytest.fixture
def once(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path):
    """``once(NAME="value")``: one round of `chengnuo run` over one province of the sample web; data is tmp_path/d."""
    data = tmp_path / "d"
    (data / "sources").mkdir(parents=True)
    (data / "calendar.toml").write_text('every = "never"\n[source.hubei]\nevery = "1h"\n', encoding="utf-8")

    def one_round(**more: str) -> subprocess.CompletedProcess[str]:
        with SampleWeb(season=2026) as web:
            (hubei,) = (source for source in web.sources() if source.slug == "hubei")
            (data / "sources" / "hubei.toml").write_text(source_toml(hubei, "sample"), encoding="utf-8")
            given = {"CHENGNUO_LOG": "json", "CHENGNUO_PRIVATE_HOSTS": "127.0.0.1", "CHENGNUO_CRAWL_DELAY": "0.1"}
            return run("run", "--once", data=data, **given, **more)

    return one_round

"""Crawling on two machines, told apart as network namespaces: shared work, kept manners, nothing lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DELAY = 0.6
needs_namespaces = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("ip") is None, reason="two machines were NOT tried: needs root and ip(8)"
)


def _crawl(*arguments: str) -> dict[str, float]:
    command = [sys.executable, str(ROOT / "tools/two_machines.py"), "--delay", str(DELAY), "--batch", "6", *arguments]
    told = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert told.returncode == 0, told.stderr[-3000:]
    sys.stdout.write(told.stdout)
    result: dict[str, float] = json.loads(told.stdout)
    return result


@pytest.mark.full
@needs_namespaces
def test_two_machines_share_the_work_and_keep_their_manners() -> None:
    """Four workers on two machines: every source once, no host asked twice at a time or sooner than the pause."""
    told = _crawl("--sources", "96", "--hosts", "32", "--workers", "2")
    assert told["visited"] == told["kept"] == 96
    assert told["visited_twice"] == 0
    assert told["overlaps"] == 0
    assert told["least_gap"] >= DELAY, "measured where requests arrive"


@pytest.mark.full
@needs_namespaces
def test_a_machine_that_dies_loses_nothing() -> None:
    """One machine's workers are killed a third of the way: the other takes over, still one at a time a host."""
    told = _crawl("--sources", "60", "--hosts", "30", "--workers", "2", "--kill")
    assert told["visited"] == told["kept"] == 60
    assert told["taken_over"] > 0, "the machine died with work in its hands"
    assert told["visited_most"] <= 2
    assert told["visited_twice"] <= 2 * 6, "no more than the two batches the dead machine held"
    assert told["overlaps"] == 0

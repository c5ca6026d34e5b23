"""Crawling on two machines against one worker, where pauses dominate: 2,000 sample sources on 500 hosts.

Needs root and ip(8). One worker is timed on an eighth of the sources: its pace does not depend on how many there are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "two_machines.py"
SOURCES, HOSTS, BATCH, DELAY = 2000, 500, 50, 2.0


def _crawl(sources: int, machines: int, workers: int) -> dict[str, float]:
    shape = {
        "sources": sources,
        "hosts": HOSTS,
        "batch": BATCH,
        "delay": DELAY,
        "machines": machines,
        "workers": workers,
    }
    options = [part for name, value in shape.items() for part in (f"--{name}", str(value))]
    told = subprocess.run([sys.executable, TOOL, *options, "--patience", "1800"], stdout=subprocess.PIPE, check=True)
    result: dict[str, float] = json.loads(told.stdout)
    return result


def measure() -> dict[str, float]:
    """Speed-up of four workers on two machines; sources a second; the share visited exactly once; overlaps."""
    alone, together = _crawl(SOURCES // 8, 1, 1), _crawl(SOURCES, 2, 2)
    return {
        "speed_up": together["per_second"] / alone["per_second"],
        "sources_per_second": together["per_second"],
        "visited_once": (together["visited"] - together["visited_twice"]) / SOURCES,
        "kept": together["kept"] / SOURCES,
        "one_at_a_time": float(together["overlaps"] == 0),
    }

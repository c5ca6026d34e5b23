"""Crawling on two machines against one worker, where pauses dominate: 2,000 sample sources on 500 hosts.

Needs root and ip(8). One worker is timed on 180 of the sources: six of its rounds, and each takes as long as the next,
however many follow. Ten minutes in all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[1] / "tools" / "two_machines.py"
SOURCES, ALONE, HOSTS = 2000, 180, 500
BATCH = 30
"""Just under the requests that one crawl has under way."""
DELAY = 6.0
"""Seconds between two requests to one host; a source takes three (robots.txt, list, article)."""
PATIENCE = 1200
_told: dict[str, dict[str, float]] = {}


def _crawl(sources: int, machines: int, workers: int) -> dict[str, float]:
    shape = {
        "sources": sources,
        "hosts": HOSTS,
        "batch": BATCH,
        "delay": DELAY,
        "machines": machines,
        "workers": workers,
        "patience": PATIENCE,
    }
    options = [part for name, value in shape.items() for part in (f"--{name}", str(value))]
    told = subprocess.run([sys.executable, TOOL, *options], stdout=subprocess.PIPE, check=True)
    result: dict[str, float] = json.loads(told.stdout)
    return result


def measure() -> dict[str, float]:
    """Speed-up of four workers on two machines; sources a second; the share visited exactly once; manners kept."""
    alone, together = _crawl(ALONE, 1, 1), _crawl(SOURCES, 2, 2)
    _told.update(alone=alone, together=together)
    return {
        "speed_up": together["per_second"] / alone["per_second"],
        "sources_per_second": together["per_second"],
        "visited_once": (together["visited"] - together["visited_twice"]) / SOURCES,
        "kept": together["kept"] / SOURCES,
        "one_at_a_time": float(together["overlaps"] == 0),
        "pauses_kept": float(min(alone["least_gap"], together["least_gap"]) >= DELAY),
    }


def report() -> str:
    """What each run told of itself."""
    return "\n".join(f"{name}: {json.dumps(one)}" for name, one in _told.items())

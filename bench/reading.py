"""How right, how fast and how lean reading is: on pages the project ships, and on judged real pages where they are.

The real pages lie beside the project (../shared/pages/real); without them their figures are absent, not wrong.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import trafilatura

from bench.captures import CAPTURES
from bench.shells import DAY, PARAGRAPHS, SHELLS, TITLE
from crawler.read.page import read_page
from schema.announcements import Page, Reading

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
REAL, SEED = SHARED / "pages" / "real", SHARED / "seed"
HUBEI = ["4小时之内", "不少于10人", "不少于8人", "不少于20人", "5个"]
_TOKEN = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9]+")
_ROUNDS = 3
_THOUSAND = 1_000
_READ_AND_TELL = """
import sys
from workflow.cli import run
run(sys.argv[1:])
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")), file=sys.stderr)
"""
"""The command, then the most memory it ever held, as the kernel says (kB)."""


def _page(url: str, body: bytes) -> Page:
    return Page(url, "bench", 200, body, datetime.now(UTC), (("Content-Type", "text/html"),))


@cache
def _shipped() -> tuple[Page, ...]:
    return tuple(_page(shell.url, shell.write().encode()) for shell in SHELLS)


@cache
def _judged() -> tuple[tuple[dict[str, Any], Page], ...]:
    if not REAL.is_dir():
        return ()
    cases = [json.loads(line) for line in (REAL / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    return tuple((case, _page((REAL / case["file"]).as_uri(), (REAL / case["file"]).read_bytes())) for case in cases)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text))


def _body_f1(truth: str, read: str) -> float:
    """F1 of the multisets of four tokens in a row."""
    one, other = (Counter(zip(*(found[n:] for n in range(4)), strict=False)) for found in map(_tokens, (truth, read)))
    shared = sum((one & other).values())
    return 2 * shared / max(1, sum(one.values()) + sum(other.values()))


def _lines(text: str) -> set[str]:
    return {"".join(_tokens(line)) for line in text.split("\n") if len(_tokens(line)) >= 4}


def _scores(case: dict[str, Any], reading: Reading) -> dict[str, float]:
    wanted = _lines(case["body"])
    found = {
        "body": _body_f1(case["body"], reading.body),
        "paragraphs": len(wanted & _lines(reading.body)) / max(1, len(wanted)),
        "title": float(re.sub(r"\W", "", case["title"]) == re.sub(r"\W", "", reading.title)),
    }
    if case.get("date"):
        found["date"] = float(reading.published is not None and f"{reading.published:%Y-%m-%d}" == case["date"])
    return found


def _real() -> dict[str, float]:
    """Means over the judged pages of each group; NaN where there are none."""
    names = [f"{group}_{key}" for group in ("gov", "news", "wechat") for key in ("body", "paragraphs", "title", "date")]
    rows: dict[str, list[float]] = defaultdict(list)
    for case, page in _judged():
        for key, value in _scores(case, read_page(page)).items():
            rows[f"{case['group']}_{key}"].append(value)
    return {f"real_{name}": sum(rows[name]) / len(rows[name]) if rows[name] else math.nan for name in names}


def _own() -> dict[str, float]:
    """Shares of the project's own shells that read right, and of captures with the right outcome."""
    readings = [read_page(page) for page in _shipped()]
    right = [one.title == TITLE and f"{one.published:%Y-%m-%d}" == DAY for one in readings]
    captures = [
        read_page(Page("http://a.invalid/", "bench", c.status, c.body, datetime.now(UTC), c.headers)).outcome
        is c.outcome
        for c in CAPTURES
    ]
    return {
        "shells_body": sum(_body_f1("\n".join(PARAGRAPHS), one.body) for one in readings) / len(readings),
        "shells_title_and_date": sum(right) / len(right),
        "captures": sum(captures) / len(captures),
    }


def _seed() -> dict[str, float]:
    """The real digest: 湖北's five targets and no other, 湖南 alone held back as stale, one original an entry."""
    if not SEED.is_dir():
        return dict.fromkeys(("seed_targets", "seed_stale", "seed_links"), math.nan)
    files = sorted(SEED.glob("*.html"))
    read = [{one.province: one for one in read_page(_page("", file.read_bytes())).announcements} for file in files]
    targets = [[t.quote for c in found["hubei"].commitments for t in c.targets] == HUBEI for found in read]
    stale = [[slug for slug, one in found.items() if one.quarantine] == ["hunan"] for found in read]
    links = [all(len(one.links) == 1 and one.links[0].url for one in found.values()) for found in read]
    return {
        "seed_targets": sum(targets) / len(files),
        "seed_stale": sum(stale) / len(files),
        "seed_links": sum(links) / len(files),
    }


def _ratio(pages: tuple[Page, ...]) -> float:
    """CPU time of trafilatura with its metadata over ours, the best of some rounds that take turns."""
    ours, theirs = [], []
    for _ in range(_ROUNDS if pages else 0):
        start = time.process_time()
        for page in pages:
            read_page(page)
        ours.append(time.process_time() - start)
        start = time.process_time()
        for page in pages:
            trafilatura.bare_extraction(page.body, with_metadata=True)
        theirs.append(time.process_time() - start)
    return min(theirs) / min(ours) if ours else math.nan


def _thousand_mb() -> float:
    """Peak resident memory of `chengnuo read` over a thousand files in one call, in MB."""
    pages = [page for _, page in _judged()] or list(_shipped())
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.html" for number in range(_THOUSAND)]
        for number, file in enumerate(files):
            file.write_bytes(pages[number % len(pages)].body)
        return read_and_tell(list(map(str, files)))[1]


def read_and_tell(files: list[str]) -> tuple[list[dict[str, Any]], float]:
    """What `chengnuo read --json` prints in one call, in a process of its own, and the most memory it held, in MB."""
    command = [sys.executable, "-c", _READ_AND_TELL, "read", "--json", *files]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
    printed = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return printed, int(done.stderr.split()[-2]) / 1024


def measure() -> dict[str, float]:
    """Figures for the ratchet; what needs pages that are not here is NaN."""
    return {
        **_own(),
        **_real(),
        **_seed(),
        "shells_speed_ratio": _ratio(_shipped()),
        "real_speed_ratio": _ratio(tuple(page for _, page in _judged())),
        "thousand_pages_mb": _thousand_mb(),
    }

"""kill -9 at random moments, again and again: nothing lost, nothing doubled."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schema.alerts import DeliveryState
from store.archive import Archive
from store.comparisons import Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.ledger import Ledger
from tests.conftest import own_sample_port

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHENGNUO_LANG": "en"}
pytestmark = pytest.mark.full


def _killed_after(command: list[str], seconds: float, folder: Path) -> bool:
    """Start in a session of its own, kill all of it; True when it was still running."""
    child = subprocess.Popen(
        command,
        env=ENVIRONMENT,
        cwd=folder,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    return child.returncode == -signal.SIGKILL


def _end(data: Path) -> dict[str, object]:
    """What must not depend on interruptions: editions, every change of every yearly diff, incidents, the ledger."""
    database = Database.open(f"sqlite:///{data / 'chengnuo.sqlite3'}")
    archive, counts = Archive(database), Ledger(database).counts()
    comparisons = Comparisons(database, archive)
    editions = archive.editions()
    kept = {edition: comparisons.diff(*edition) for edition in editions}
    incidents = sorted((one.kind.value, one.source, one.url or "") for one in IncidentBook(database).all())
    ledger = {"receipts": archive.count("receipts"), "deliveries": archive.count("deliveries")}
    database.close()
    return {
        "editions": editions,
        "changes": {edition: sorted(c.key for c in one.diff.changes) for edition, one in kept.items() if one},
        "incidents": incidents,
        "unsent": sum(n for state, n in counts.items() if state is not DeliveryState.SENT),
        "receipts missing": ledger["deliveries"] - ledger["receipts"],
        "letters missing": ledger["deliveries"] - len(list((data / "mailbox").glob("*.eml"))),
    }


def test_a_demo_killed_at_twenty_moments_ends_like_one_that_was_not(tmp_path: Path) -> None:
    """Crawl, read, compare, tell: whatever was interrupted, the end is the same archive and the same messages."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    for folder in (whole, broken):
        own_sample_port(folder / "data")
    demo = [sys.executable, "-m", "workflow", "demo", "--no-serve", "--folder"]
    subprocess.run([*demo, str(whole / "data")], env=ENVIRONMENT, cwd=whole, check=True, stdout=subprocess.DEVNULL)
    moments = random.Random(20260120)
    kills = sum(_killed_after([*demo, str(broken / "data")], moments.uniform(0.8, 6.0), broken) for _ in range(20))
    leases_run_out = [sys.executable, str(Path(__file__).parent / "killed.py"), "nowhere", str(broken / "data"), "60"]
    subprocess.run([*demo, str(broken / "data")], env=ENVIRONMENT, cwd=broken, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(leases_run_out, env=ENVIRONMENT, cwd=broken, check=True, stdout=subprocess.DEVNULL)
    assert kills >= 5
    assert _end(broken / "data") == _end(whole / "data")
    assert _end(whole / "data")["unsent"] == 0

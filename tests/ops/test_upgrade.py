"""From the previous release to this one: its code makes the data, this code takes it over; nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PREVIOUS = "5c6ac2c95b31"
"""The last commit whose schema was 0001. A release tag takes its place once there is one."""
KEPT = ("blobs", "checks", "pages", "readings", "announcements", "commitments", "diffs", "changes", "receipts")


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The previous code, as it was."""
    folder = tmp_path / "before"
    known = subprocess.run(["git", "cat-file", "-e", f"{PREVIOUS}^{{commit}}"], cwd=ROOT, check=False)
    if shutil.which("git") is None or known.returncode:
        pytest.skip("the upgrade was NOT tried: this checkout does not hold the previous release")
    folder.mkdir()
    packed = subprocess.run(["git", "archive", PREVIOUS], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    return folder


def _run(code: Path, *arguments: str, cwd: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(code), "CHENGNUO_LANG": "en"}
    command = [sys.executable, "-m", "workflow", *arguments]
    told = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert told.returncode in (0, 1), told.stderr
    return told.stdout


def _rows(data: Path) -> Counter[str]:
    connection = sqlite3.connect(data / "chengnuo.sqlite3")
    counts = Counter({table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in KEPT})
    connection.close()
    return counts


@pytest.mark.full
def test_the_previous_release_s_data_is_taken_over(before: Path, tmp_path: Path) -> None:
    """Its demo's archive: opened, read again, compared and delivered by this code. No row fewer, no letter more."""
    data = tmp_path / "data"
    _run(before, "demo", "--no-serve", "--folder", str(data), cwd=before)
    old, letters = _rows(data), len(list((data / "mailbox").iterdir()))
    assert min(old.values()) > 0
    assert "schema" in _run(ROOT, "--data", str(data), "doctor", cwd=tmp_path)
    opened = _rows(data)
    assert opened == old
    for command in ("read-again", "compare", "deliver"):
        _run(ROOT, "--data", str(data), command, cwd=tmp_path)
    new = _rows(data)
    assert [table for table in KEPT if new[table] < old[table]] == []
    assert new["pages"] == old["pages"]
    assert new["receipts"] == old["receipts"]
    assert len(list((data / "mailbox").iterdir())) == letters

"""A crawl that is killed, and started again: no page lost, none doubled, no half-read announcement."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest

from sample.server import SampleWeb
from store.archive import Archive
from store.database import Database
from workflow.collecting import read_kept
from workflow.crawling import CrawlTask, run_crawl
from workflow.house import open_house
from workflow.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
AT = "2025-02-28T09:00:00+00:00"
pytestmark = pytest.mark.full


def task_for(web: SampleWeb, settings: Settings) -> CrawlTask:
    return CrawlTask(settings.database_url, web.sources(), 1024, allow_loopback=True, delay=0.0, since=2024, at=AT)


def stopped_after(task: CrawlTask, checks: int, how: signal.Signals) -> int:
    """Start the child, send the signal after so many checks; its exit code."""
    command = [sys.executable, "-m", "workflow.crawl_child"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, env=environment, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(asdict(task)))
        child.stdin.close()
        for number, _line in enumerate(child.stdout, 1):
            if number == checks:
                child.send_signal(how)
        return child.wait(timeout=60)


def kept(settings: Settings, web: SampleWeb) -> tuple[Counter, Counter, set]:
    """Captures and announcements with how often each is there, and what every announcement says."""
    with open_house(settings) as house:
        read_kept(house, web.sources())
        archive = Archive(house.database)
        captures = Counter((page.page.url, page.page.sha256) for page in archive.unread("none yet", 5000))
        found = archive.announcements()
        said = {(a.url, a.announcement.province, a.announcement.body, len(a.announcement.commitments)) for a in found}
        return captures, Counter((a.url, a.announcement.province) for a in found), said


def test_twenty_kills_and_one_whole_crawl_end_like_one_whole_crawl(tmp_path: Path) -> None:
    """Kill -9 after a random number of checks, twenty times; then the same archive as without any."""
    moments = random.Random(20250228)
    whole, broken = (load_settings({}, data=tmp_path / name) for name in ("whole", "broken"))
    for settings in (whole, broken):
        settings.data.mkdir()
    with SampleWeb(season=2025) as web:
        checks = sum(run_crawl(task_for(web, whole), whole, lambda *_: None).outcomes.values())
        codes = [
            stopped_after(task_for(web, broken), moments.randint(1, checks - 20), signal.SIGKILL) for _ in range(20)
        ]
        run_crawl(task_for(web, broken), broken, lambda *_: None)
        assert codes == [-signal.SIGKILL] * 20
        assert kept(broken, web) == kept(whole, web)
        assert set(kept(broken, web)[0].values()) == {1}


def test_sigterm_ends_a_crawl_cleanly_with_everything_so_far_kept(tmp_path: Path) -> None:
    """Exit code 0, a closing line, every check that was told is in the archive."""
    settings = load_settings({}, data=tmp_path)
    with SampleWeb(season=2025) as web:
        assert stopped_after(task_for(web, settings), 10, signal.SIGTERM) == 0
    database = Database.open(settings.database_url)
    told = Archive(database).checks(limit=1000)
    database.close()
    assert 10 <= len(told) < 150

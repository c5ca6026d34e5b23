"""From a page on the web to a message in a mailbox, again and again, and through kills."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from schema.alerts import DeliveryState
from schema.changes import ALERT_KINDS, DiffOutcome
from schema.incidents import IncidentKind
from store.archive import Archive
from store.comparisons import Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.ledger import Ledger

ROOT = Path(__file__).parents[2]
SEED = ROOT.parent / "shared" / "seed"


def _open(data: Path) -> Database:
    return Database.open(f"sqlite:///{data / 'chengnuo.sqlite3'}")


def _letters(data: Path) -> list[str]:
    files = sorted((data / "mailbox").glob("*.eml"))
    return [str(message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]) for file in files]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a finished demo."""
    folder = tmp_path_factory.mktemp("demo")
    _demo(folder)
    return folder / "data"


def _demo(folder: Path) -> str:
    command = [sys.executable, "-m", "workflow", "demo", "--no-serve", "--folder", str(folder / "data")]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHENGNUO_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True, cwd=folder)
    return done.stdout


@pytest.fixture
def database(demo: Path) -> Iterator[Database]:
    opened = _open(demo)
    yield opened
    opened.close()


def test_the_trip_ends_in_diffs_and_one_message_each(demo: Path, database: Database) -> None:
    """Every province with both years has a yearly diff; every diff with something to tell has one message."""
    archive = Archive(database)
    comparisons = Comparisons(database, archive)
    years = Counter(province for province, _ in archive.editions())
    both = [province for province, number in years.items() if number > 1]
    diffs = [comparisons.diff(province, 2026) for province in both]
    assert len(both) >= 8
    assert {kept.diff.outcome for kept in diffs if kept} == {DiffOutcome.OK}
    assert sum("against 2025" in s or "对 2025" in s for s in _letters(demo)) == len(both)
    assert Ledger(database).counts()[DeliveryState.SENT] == len(_letters(demo))


def test_a_challenge_and_a_soft_404_are_incidents_and_change_nothing(database: Database) -> None:
    """湖南 answers 412, 广西's page is not there: an incident each, no edition, no dropped commitment."""
    open_now = {(incident.kind, incident.source) for incident in IncidentBook(database).open()}
    assert (IncidentKind.BLOCKED, "hunan") in open_now
    assert (IncidentKind.UNREADABLE, "guangxi") in open_now
    archive = Archive(database)
    assert archive.edition("hunan", 2026) is None
    assert archive.edition("guangxi", 2026) is None
    assert Comparisons(database, archive).diff("guangxi", 2026) is None


def test_an_incident_is_told_once_to_those_who_asked(demo: Path, database: Database) -> None:
    """One message an incident; the mailbox subscription asks for incidents."""
    told = [subject for subject in _letters(demo) if "incident" in subject or "故障" in subject]
    assert len(told) == len(IncidentBook(database).all())
    assert any("hunan" in subject for subject in told)


def test_the_quiet_edit_is_one_revision(database: Database) -> None:
    """吉林 edited its page after publication: one revision diff, with what changed."""
    archive = Archive(database)
    comparisons = Comparisons(database, archive)
    found = [(p, kept.diff) for p, y in archive.editions() for kept in comparisons.revisions(p, y)]
    assert [province for province, _ in found] == ["jilin"]
    changed = [c for c in found[0][1].changes if c.kind in ALERT_KINDS]
    assert any("8000吨" in c.old_text and "6000吨" in c.new_text for c in changed)


def test_every_quote_of_every_finding_stands_in_the_kept_text(database: Database) -> None:
    """No label without quotes that resolve to offsets in the edition."""
    archive = Archive(database)
    comparisons = Comparisons(database, archive)
    checked = 0
    for province, year in archive.editions():
        kept = comparisons.diff(province, year)
        sides = (archive.version(kept.earlier_id), archive.version(kept.later_id)) if kept else (None, None)
        for finding in (f for c in (kept.diff.changes if kept else ()) for f in c.findings):
            spans = ((sides[0], finding.old_span, finding.old_quote), (sides[1], finding.new_span, finding.new_quote))
            for edition, span, quote in spans:
                if quote:
                    assert edition is not None
                    assert span is not None
                    assert edition.announcement.body[slice(*span)] == quote
                    checked += 1
    assert checked > 50


def test_a_second_trip_tells_nobody_anything(demo: Path) -> None:
    """Nothing new is kept as new, nothing is sent."""
    before = _letters(demo)
    assert "nothing new: nothing was sent." in _demo(demo.parent)
    assert _letters(demo) == before


@pytest.mark.skipif(not SEED.is_dir(), reason="the real digest is not here")
def test_the_real_digest_can_be_imported(tmp_path: Path, run) -> None:
    """Three provinces; 湖南 is marked stale with its period."""
    answer = run("import", SEED / "digest-huazhong-2025.txt", data=tmp_path / "d")
    assert answer.returncode == 0, answer.stderr
    opened = _open(tmp_path / "d")
    kept = {a.announcement.province: a.announcement for a in Archive(opened).announcements(2025)}
    opened.close()
    assert set(kept) == {"henan", "hubei", "hunan"}
    assert [kept[slug].quarantine is None for slug in ("henan", "hubei", "hunan")] == [True, True, False]


@pytest.mark.parametrize("point", ["keep", "diff", "send"])
def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path, years: tuple[Path, Path], point: str) -> None:
    """Kill -9 after the page is kept, after the diff is committed, in the middle of sending; then run it again."""
    data = tmp_path / "d"
    command = [sys.executable, str(Path(__file__).parent / "killed.py")]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}

    def trip(at: str, minutes: int) -> int:
        arguments = [*command, at, str(data), str(minutes), *map(str, years)]
        return subprocess.run(arguments, env=environment, timeout=60, check=False).returncode

    assert trip(point, 0) == -signal.SIGKILL
    assert trip("nowhere", 10) == 0
    assert trip("nowhere", 20) == 0
    database = _open(data)
    archive, counts = Archive(database), Ledger(database).counts()
    assert archive.editions() == [("hubei", 2025), ("hubei", 2026)]
    assert archive.count("diffs") == 2
    assert counts[DeliveryState.SENT] == 2
    assert sum(counts.values()) == 2
    database.close()
    assert len(_letters(data)) == 2


def test_a_real_worker_delivers_through_a_real_broker(
    tmp_path: Path, years: tuple[Path, Path], run, valkey: str
) -> None:
    """The relay hands rows over, the Celery worker sends them; the ledger holds the receipts."""
    data = tmp_path / "d"
    for file in years:
        assert run("import", file, data=data).returncode == 0
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHENGNUO_BROKER_URL": valkey}
    command = [sys.executable, "-m", "workflow", "--data", str(data), "worker", "--concurrency", "1"]
    worker = subprocess.Popen(command, env=environment, cwd=tmp_path)
    try:
        assert run("relay", "--once", data=data, CHENGNUO_BROKER_URL=valkey).returncode == 0
        database = _open(data)
        deadline = time.monotonic() + 40
        while Ledger(database).counts()[DeliveryState.SENT] < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert Ledger(database).counts()[DeliveryState.SENT] == 2
        database.close()
    finally:
        worker.terminate()
        worker.wait(timeout=40)
    assert len(_letters(data)) == 2

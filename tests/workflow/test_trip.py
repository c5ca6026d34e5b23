"""From a page on the web to a message in a mailbox, again and again, and through kills."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from types import SimpleNamespace

import pytest

from sample.truth import Standing, truths
from schema.alerts import DeliveryState
from schema.changes import ALERT_KINDS, DiffOutcome
from schema.incidents import IncidentKind
from schema.provinces import find_province
from store.archive import Archive
from store.comparisons import Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.ledger import Ledger
from tests.conftest import own_sample_port
from workflow.matrix import matrix_cell
from workflow.say import make_voice

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
    own_sample_port(folder / "data")
    _demo(folder)
    return folder / "data"


def _demo(folder: Path) -> str:
    command = [sys.executable, "-m", "workflow", "demo", "--no-serve", "--folder", str(folder / "data")]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHENGNUO_LANG": "en"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300, check=True, cwd=folder)
    return done.stdout


@pytest.fixture
def database(demo: Path) -> Iterator[Database]:
    opened = _open(demo)
    yield opened
    opened.close()


def test_the_trip_ends_in_diffs_and_one_message_each(demo: Path, database: Database) -> None:
    """Every later year of a province has a yearly diff; every diff has one message."""
    archive = Archive(database)
    comparisons = Comparisons(database, archive)
    editions = archive.editions()
    later = [edition for edition in editions if archive.previous_year(*edition) is not None]
    diffs = [comparisons.diff(*edition) for edition in later]
    assert len({province for province, _ in later}) >= 28
    assert {kept.diff.outcome for kept in diffs if kept} == {DiffOutcome.OK}
    letters = _letters(demo)
    changed = [k for k in diffs if k and any(c.kind in ALERT_KINDS for c in k.diff.changes)]
    edited = 1  # 吉林's quiet edit changes its year against the one before as well
    assert sum("against 20" in s or "对 20" in s for s in letters) == len(changed) + edited
    assert Ledger(database).counts()[DeliveryState.SENT] == len(letters)


def test_the_demo_finds_every_announcement_and_no_lookalike(database: Database) -> None:
    """Recall and precision of the trip are 1.0 against the sample web's own list of truth."""
    archive, wanted = Archive(database), truths(2026)
    readable = {(t.province, t.plan_year) for t in wanted if t.standing is Standing.THERE}
    held_back = {(t.province, t.plan_year) for t in wanted if t.standing is Standing.HELD_BACK}
    assert len(readable) > 75
    assert set(archive.editions()) == readable
    kept = [a for a in archive.announcements() if a.announcement.province and not a.source.startswith("digest")]
    found = Counter((a.announcement.province, a.announcement.plan_year) for a in kept)
    assert set(found) == readable | held_back
    assert set(found.values()) == {1}
    paths = {t.path.rsplit("/", 1)[1] for t in wanted if t.path}
    lookalikes = [a.url for a in kept if a.url.rsplit("/", 1)[1] not in paths and not a.source.startswith("wechat")]
    assert lookalikes == []


def test_every_gap_of_the_matrix_says_why(database: Database) -> None:
    """Never published, overdue, blocked, not readable, stale and withdrawn each stand under their name."""
    house = SimpleNamespace(
        archive=Archive(database),
        comparisons=Comparisons(database, Archive(database)),
        incidents=IncidentBook(database),
    )
    voice = make_voice("en")
    words = {
        Standing.NEVER: "not published",
        Standing.NOT_YET: "overdue",
        Standing.BLOCKED: "not fetched (blocked)",
        Standing.SOFT_404: "not fetched (unreadable)",
        Standing.HELD_BACK: "held back",
    }
    told = {}
    for truth in truths(2026):
        cell = matrix_cell(house, voice, find_province(truth.province), truth.plan_year, 2026).plain
        told[truth.province, truth.plan_year] = (truth.standing, cell)
    stale = {key: told.pop(key) for key in (("hunan", 2025), ("hunan", 2026))}
    assert all("held back (stale_text" in cell for _, cell in stale.values())
    wrong = {key: pair for key, pair in told.items() if words.get(pair[0], "") not in pair[1]}
    assert wrong == {}
    assert not [cell for standing, cell in told.values() if standing is Standing.THERE and "not" in cell]
    assert (IncidentKind.WITHDRAWN, "yunnan") in {(i.kind, i.source) for i in IncidentBook(database).open()}


def test_incidents_close_when_the_page_comes(database: Database) -> None:
    """安徽 was late, 贵州 showed a challenge for a season: both incidents are over and say how."""
    closed = {(i.kind, i.source): i.closing_detail for i in IncidentBook(database).all() if i.closed_at}
    assert "it has come" in closed[IncidentKind.OVERDUE, "anhui"]
    assert "went by without it" in closed[IncidentKind.OVERDUE, "hainan"]
    assert "back to normal" in closed[IncidentKind.BLOCKED, "guizhou"]


def test_a_challenge_and_a_soft_404_are_incidents_and_change_nothing(database: Database) -> None:
    """湖南 answers 412, 广西's page is not there: an incident each, no edition, no dropped commitment."""
    open_now = {(incident.kind, incident.source) for incident in IncidentBook(database).open()}
    assert (IncidentKind.BLOCKED, "hunan") in open_now
    assert (IncidentKind.BLOCKED, "xizang") in open_now
    assert (IncidentKind.UNREADABLE, "guangxi") in open_now
    archive = Archive(database)
    assert archive.edition("hunan", 2026) is None
    assert archive.edition("guangxi", 2026) is None
    assert Comparisons(database, archive).diff("guangxi", 2026) is None


def test_an_incident_is_told_once_to_those_who_asked(demo: Path, database: Database) -> None:
    """One message when it opens, one when it is over; the mailbox subscription asks for incidents."""
    told = [subject for subject in _letters(demo) if "故障" in subject or "恢复" in subject]
    every = IncidentBook(database).all()
    assert len(told) == len(every) + sum(1 for incident in every if incident.closed_at)
    assert any("湖南" in subject for subject in told)


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
        deadline = time.monotonic() + 150
        while Ledger(database).counts()[DeliveryState.SENT] < 2 and time.monotonic() < deadline:
            time.sleep(0.2)
        assert Ledger(database).counts()[DeliveryState.SENT] == 2
        database.close()
    finally:
        worker.terminate()
        worker.wait(timeout=90)
    assert len(_letters(data)) == 2

"""Reading again on every core changes nothing that reads the same, tells nobody, and loses no verdict."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schema.changes import Kind
from schema.verdicts import Decision, Verdict
from store.verdicts import VerdictBook
from store.verifying import verify_database
from workflow import collecting, rereading
from workflow.comparing import compare_pending
from workflow.delivering import deliver_all
from workflow.house import open_house
from workflow.importing import import_all
from workflow.settings import load_settings


@pytest.fixture
def house(tmp_path: Path, years: tuple[Path, Path]):
    with open_house(load_settings({}, data=tmp_path / "d")) as opened:
        for file in years:
            collecting.import_files(opened, [file], province=None, year=None, url=None)
        compare_pending(opened)
        yield opened


def under(monkeypatch: pytest.MonkeyPatch, normaliser: str, change=lambda reading: reading) -> None:
    """Today's normaliser has another number, and reads as ``change`` says."""
    read = rereading.read_capture
    monkeypatch.setattr(rereading, "NORMALISER", normaliser)
    monkeypatch.setattr(rereading, "read_capture", lambda page, source: change(read(page, source)))


def test_the_same_reading_changes_nothing(house, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, no new version, no new diff, nothing to deliver; a second run reads nothing."""
    assert deliver_all(house) == 2  # the baseline and the change
    monkeypatch.setattr(rereading, "NORMALISER", "later")
    before = [house.archive.count(table) for table in ("announcements", "diffs", "alerts")]
    found = rereading.read_again(house, [], lambda _n: None, processes=2)
    assert (found.pages, found.changed, found.diffs, found.queued) == (2, 0, 0, 0)
    assert [house.archive.count(table) for table in ("announcements", "diffs", "alerts")] == before
    assert rereading.read_again(house, [], lambda _n: None, processes=1).pages == 0
    assert (compare_pending(house).queued, deliver_all(house)) == (0, 0)
    assert verify_database(house.database).problems == []


def test_a_better_reading_is_technical_and_keeps_the_verdict(house, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with fewer commitments: versions and diffs are new, nobody is told, and the verdict is still there."""
    from dataclasses import replace

    kept = house.comparisons.diff("hubei", 2026)
    [change] = [c for c in kept.diff.changes if c.kind is Kind.STRENGTHENED]
    book = VerdictBook(house.database)
    book.append(
        Verdict(
            change.key, Decision.CONFIRM, "wang", datetime.now(UTC), change.kind,
            old_text=change.old_text, new_text=change.new_text,
        )
    )  # fmt: skip

    def fewer(reading):
        told = tuple(
            replace(a, directives=tuple(replace(d, commitments=d.commitments[:1]) for d in a.directives))
            for a in reading.announcements
        )
        return replace(reading, announcements=told)

    assert deliver_all(house) == 2
    alerts = house.archive.count("alerts")
    under(monkeypatch, "later", fewer)
    found = rereading.read_again(house, [], lambda _n: None, processes=1)
    assert (found.changed, found.queued, house.archive.count("alerts")) == (2, 0, alerts)
    assert deliver_all(house) == 0
    assert dict(found.reasons) == {"new wording or structure": 2}
    again = house.comparisons.diff("hubei", 2026)
    assert (again.technical, again.id != kept.id) == (True, True)
    assert [v.by for history in book.of_diff(again.diff).values() for v in history] == ["wang"]
    assert any("file://" in line for line in rereading.summary_lines(found))


def test_killed_half_way_it_goes_on(house, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portion is kept whole or not at all; the next run reads the rest, and portions ahead of a kill cost nothing."""
    monkeypatch.setattr(rereading, "PORTION", 1)
    monkeypatch.setattr(rereading, "NORMALISER", "later")

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rereading.read_again(house, [], stop, processes=1)
    assert rereading.read_again(house, [], lambda _n: None, processes=1).pages == 1


def test_what_a_person_said_on_import_is_not_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Province and year given on import stand after reading again, though the text names neither."""
    file = tmp_path / "bare.txt"
    file.write_text(
        "会议要求，要抓好以下工作。\n（一）建强力量\n组建不少于8人的专职消防队。\n每月开展一次检查。\n",
        encoding="utf-8",
    )
    with open_house(load_settings({}, data=tmp_path / "d")) as house:
        collecting.import_files(house, [file], province="hubei", year=2024, url=None)
        monkeypatch.setattr(rereading, "NORMALISER", "later")
        found = rereading.read_again(house, [], lambda _n: None, processes=1)
        assert (found.changed, house.archive.editions()) == (0, [("hubei", 2024)])


def test_a_folder_with_everything_in_it(tmp_path: Path, years: tuple[Path, Path]) -> None:
    """Two announcements, a WARC with an older capture of one address, an empty file, a page about something else."""
    from schema.announcements import Page
    from store.warc import write_warc

    folder = tmp_path / "old" / "deep"
    folder.mkdir(parents=True)
    for file in years:
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "empty.html").write_bytes(b"")
    (folder / "notes.rtf").write_bytes(b"not looked at")
    (folder / "other.html").write_text("<html><body><p>今天天气很好。</p></body></html>", encoding="utf-8")
    text = years[0].read_text(encoding="utf-8").replace("湖北", "湖南").replace("武汉", "长沙")
    pages = [
        Page("http://yjt.hunan.gov.cn/a.html", "x", 200, f"<html><body><p>{body}</p></body></html>".encode(), at)
        for body, at in ((text, datetime(2025, 2, 1, tzinfo=UTC)), (text + "旧", datetime(2025, 1, 30, tzinfo=UTC)))
    ]
    (folder / "pages.warc").write_bytes(write_warc(pages))
    with open_house(load_settings({}, data=tmp_path / "d")) as house:
        found = import_all(house, [tmp_path / "old"], resume=False, advance=lambda _n: None)
        assert (found.files, found.pages, found.known) == (5, 5, 0)
        assert {("hubei", 2025), ("hubei", 2026)} <= found.editions
        assert len([line for line in found.troubles if "empty.html" in line or "other.html" in line]) == 2
        kept = house.archive.latest_page("http://yjt.hunan.gov.cn/a.html")
        assert kept.fetched_at == datetime(2025, 2, 1, tzinfo=UTC)
        again = import_all(house, [tmp_path / "old"], resume=True, advance=lambda _n: None)
        assert (again.pages, again.known, again.versions) == (0, 5, 0)

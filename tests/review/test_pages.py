"""Every page says what is known, why anything is missing, and never renders what was scraped."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.marks import pieces
from review.words import REASONS
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Outcome,
    Page,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
)
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, Structure, Unit, YearlyDiff
from schema.incidents import IncidentKind
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.incidents import IncidentBook

NOW = datetime(2026, 3, 3, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"
OLD, NEW = "专职消防队不少于8人", f"专职消防队不少于10人{EVIL}"


def _keep(archive: Archive, year: int, text: str, quarantine: Quarantine | None = None) -> None:
    province = "hunan" if quarantine else "hubei"
    source = Source(province, province, SourceKind.COLUMN, Rank.OFFICIAL, province)
    page = Page(f"http://site.invalid/{year}", province, 200, f"<p>{text}</p>{year}".encode(), NOW)
    archive.keep_visit(page, Check(province, page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    commitment = Commitment("1.1", text, 0, len(text))
    directive = Directive(1, "（一）", f"建强救援力量{EVIL}", (commitment,))
    told = Announcement(province, year, "given", f"通报{EVIL}", text, (directive,), url=page.url, quarantine=quarantine)
    (kept,) = archive.unread("1")
    archive.keep_reading(kept, Reading(Outcome.ARTICLE, body=text, announcements=(told,)), source, "1")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    archive = Archive(database, clock=lambda: NOW)
    _keep(archive, 2025, OLD)
    _keep(archive, 2026, NEW)
    _keep(archive, 2026, "旧文", Quarantine(QuarantineReason.STALE_TEXT, ("十三五",), "2015–2016"))
    comparisons = Comparisons(database, archive, clock=lambda: NOW)
    earlier, later = archive.edition("hubei", 2025), archive.edition("hubei", 2026)
    assert later is not None
    finding = Finding("target.raised", Dimension.TARGET, Direction.UP, "不少于8人", "不少于10人")
    change = Change(
        "abc123", Kind.STRENGTHENED, ("1.1",), ("1.1",), OLD, NEW, (Structure.MOVED,), score=0.91,
        findings=(finding,), old_highlights=((8, 9),), new_highlights=((8, 10),),
    )  # fmt: skip
    units = (Unit("1.1", OLD, 0, len(OLD), "建强救援力量", 1),), (Unit("1.1", NEW, 0, len(NEW), f"建强{EVIL}", 1),)
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, *units, (change,))
    comparisons.keep(Comparison(earlier, later), diff, "1/1")
    IncidentBook(database, clock=lambda: NOW).observe(
        IncidentKind.BLOCKED, "fujian", f"HTTP 412 {EVIL}", url="http://x.invalid/", province="fujian"
    )
    with TestClient(make_app(database)) as made:
        yield made
    database.close()


def test_the_matrix_has_all_31_and_no_blank(client: TestClient) -> None:
    """Compared, held back with its period, blocked with its reason, not published."""
    page = client.get("/year/2026").text
    assert page.count('<li class="tile') == 31
    assert "加强 1" in page
    assert "存疑（旧文 2015–2016 十三五）" in page
    assert "未取到（网站拦截）" in page
    assert "未发布" in page


def test_a_province_s_year_stands_beside_the_year_before(client: TestClient) -> None:
    """Both wordings, the number marked on both sides, the reason, where it stands."""
    page = client.get("/province/hubei/2026").text
    assert "不少于<del>8</del>人" in page
    assert "不少于<ins>10</ins>人" in page
    assert "指标 ↑ 更强" in page
    assert 'id="c-abc123"' in page
    assert "移动" in page
    assert "built-in" not in page


def test_english_is_complete(client: TestClient) -> None:
    """?lang=en: no Chinese word of ours is left on the overview's head."""
    page = client.get("/year/2026?lang=en").text
    assert "All provinces 2026" in page
    assert "strengthened 1" in page
    assert "not published" in page


@pytest.mark.parametrize(
    "path", ["/", "/year/2026", "/province/hubei/2026?kind=all", "/sources", "/province/hunan/2026"]
)
def test_scraped_text_is_escaped_and_the_policy_is_strict(client: TestClient, path: str) -> None:
    """No script of anyone else's; nothing inline; nothing from another host."""
    answer = client.get(path)
    assert answer.status_code == 200
    assert EVIL not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert "http://fonts" not in answer.text


def test_the_captured_page_is_text_and_its_bytes_a_download(client: TestClient, tmp_path: Path) -> None:
    """Hash, address, text; the raw bytes are never rendered."""
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    edition = Archive(database).edition("hubei", 2026)
    database.close()
    assert edition is not None
    shown = client.get(f"/page/{edition.page_sha256}")
    raw = client.get(f"/page/{edition.page_sha256}/raw")
    assert edition.page_sha256 in shown.text
    assert EVIL not in shown.text
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["X-Content-Type-Options"] == "nosniff"
    assert EVIL.encode() in raw.content


def test_what_is_not_there_is_a_404(client: TestClient) -> None:
    """An unknown province, page or path."""
    assert [client.get(path).status_code for path in ("/province/atlantis/2026", "/page/zz", "/page/" + "0" * 64)] == [
        404,
        404,
        404,
    ]


def test_every_reason_has_words() -> None:
    """Quarantine, incidents and empty outcomes are never shown as keys."""
    kinds = {*map(str, QuarantineReason), *map(str, IncidentKind), "no_directives", "unreadable", "stale_text"}
    assert kinds <= set(REASONS)


def test_pieces_put_together_are_the_text() -> None:
    """Nothing is lost between marks."""
    found = pieces("不少于10人", ((3, 5),))
    assert "".join(piece.text for piece in found) == "不少于10人"
    assert [piece.text for piece in found if piece.marked] == ["10"]

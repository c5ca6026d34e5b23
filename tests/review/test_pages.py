"""Every page says what is known, why anything is missing, and never renders what was scraped."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from review.captured import page_text
from review.labels import DECISIONS, REASONS
from review.marks import pieces
from review.words import REFUSALS, WORDS
from schema.announcements import Page, QuarantineReason
from schema.incidents import IncidentKind
from schema.verdicts import Decision
from store.archive import Archive
from store.database import Database

EVIL = "<script>alert(1)</script>"


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


def test_the_next_province_to_review_is_one_step_away(client: TestClient) -> None:
    """From the overview and from a province; with nothing left it is the overview again."""
    assert 'href="/next/2026"' in client.get("/year/2026").text
    assert 'href="/next/2026?after=hubei"' in client.get("/province/hubei/2026").text
    asked = ("/next/2026", "/next/2026?after=hubei", "/next/2026?lang=en", "/next/2019")
    found = [client.get(path, follow_redirects=False).headers["location"] for path in asked]
    assert found == ["/province/hubei/2026", "/province/hubei/2026", "/province/hubei/2026?lang=en", "/year/2019"]


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


def test_the_captured_page_is_text_and_its_bytes_a_download(client: TestClient, database: Database) -> None:
    """Hash, address, text; the raw bytes are never rendered."""
    edition = Archive(database).edition("hubei", 2026)
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


@pytest.mark.parametrize(
    ("encoding", "headers"),
    [
        ("gbk", (("Content-Type", "text/html; charset=GB2312"),)),
        ("gb18030", ()),
        ("utf-8", (("Content-Type", "text/html; charset=nonsense"),)),
        ("big5", (("content-type", "text/html;charset=big5"),)),
    ],
)
def test_captured_text_is_shown_in_the_page_s_own_encoding(encoding: str, headers: tuple[tuple[str, str], ...]) -> None:
    """Declared, undeclared and wrongly declared encodings; scripts and comments are not text."""
    markup = "<!-- x > y --><style>p{}</style><p>安全生產</p><script>var a=1</script><p>不少&lt;10&gt;人</p>"
    page = Page("http://site.invalid/", "s", 200, markup.encode(encoding), datetime(2026, 1, 1, tzinfo=UTC), headers)
    assert page_text(page) == "安全生產\n不少<10>人"


def test_every_word_is_there_in_both_languages() -> None:
    """Words, refusals and decisions are pairs, none empty."""
    assert set(Decision) == set(DECISIONS)
    assert all(
        all(pair) and len(pair) == 2 for words in (WORDS, REFUSALS, DECISIONS, REASONS) for pair in words.values()
    )

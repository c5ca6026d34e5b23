"""The desk in a real Chromium: every page, every width, both languages, by keyboard alone, and under attack."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from crawler.registry import load_sources
from review.app import make_app
from review.guard import Access
from review.subscriptions import Listed, SubscriptionDesk
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Outcome,
    Page,
    Rank,
    Reading,
    Source,
    SourceKind,
    Target,
)
from schema.changes import ALERT_KINDS, Change, DiffOutcome, Dimension, Direction, Finding, Kind, Unit, YearlyDiff
from schema.incidents import IncidentKind
from schema.signing import sign
from schema.verdicts import Decision, Verdict, standing
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.verdicts import VerdictBook
from tests.payloads import PAYLOADS
from tests.review.browser import CHROMIUM, Watched, chromium, served, watched
from workflow.house import open_house
from workflow.serving import feedback, subscription_desk
from workflow.settings import load_settings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium: make browser installs Debian's"),
]
ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 3, tzinfo=UTC)
WIDTHS = (390, 1280, 1920)
PROVINCE = "/province/hubei/2026"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a finished demo."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "workflow", "demo", "--no-serve", "--folder", str(folder / "data")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    subprocess.run(command, env=environment, cwd=folder, check=True, timeout=300, capture_output=True)
    return folder / "data"


@pytest.fixture(scope="module")
def database(data: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{data / 'chengnuo.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def home(data: Path) -> Iterator[str]:
    with open_house(load_settings({}, data=data)) as house:
        desk, access = subscription_desk(house), Access(single_user=True)
        app = make_app(house.database, load_sources(), access=access, subscription_desk=desk, feedback=feedback(house))
        with served(app) as address:
            yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def every_page(database: Database) -> list[str]:
    """One address of each kind of page."""
    archive = Archive(database)
    edition = archive.edition("hubei", 2026)
    kept = Comparisons(database, archive).diff("hubei", 2026)
    assert edition is not None
    assert kept is not None
    return [
        "/",
        "/year/2025",
        PROVINCE,
        PROVINCE + "?kind=all",
        "/province/hunan/2026",
        "/province/shandong/2026",
        "/changes",
        "/targets",
        "/sources",
        "/search?q=隐患",
        "/agreement",
        "/edition/hubei/2026",
        f"/change/{kept.diff.changes[0].key}",
        f"/page/{edition.page_sha256}",
        "/report/2026",
        "/verdicts/import",
        "/accounts",
        "/tokens",
        "/audit",
        "/sign-in",
        "/nowhere",
    ]


@pytest.fixture(scope="module")
def pages(data: Path, database: Database) -> list[str]:
    """One address of each kind of page, those of subscribers and recipients among them."""
    with open_house(load_settings({}, data=data)) as house:
        key, until = feedback(house).key, datetime.now(UTC) + timedelta(days=1)
    change = next(path for path in every_page(database) if path.startswith("/change/")).rpartition("/")[2]
    wrong, leave = sign(key, "wrong", ("demo", change), until), sign(key, "unsubscribe", ("demo",), until)
    own = ("/subscriptions", "/subscriptions/edit", f"/wrong/{wrong}", f"/unsubscribe/{leave}")
    return [*every_page(database), *own]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_and_is_quiet(browser: Browser, home: str, pages: list[str], width: int, lang: str) -> None:
    """No overflow, no console message, no request to another host; a 404 says so itself."""
    with watched(browser, home, width) as window:
        for path in pages:
            mark = "&" if "?" in path else "?"
            status = window.go(path + (f"{mark}lang=en" if lang == "en" else ""))
            assert (path, status) == (path, 404 if path == "/nowhere" else 200)
            assert (path, window.overflow()) == (path, 0)
        assert [one for one in window.troubles if "404" not in one] == []
        assert window.strange == []


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), ("en", "dark")])
def test_every_page_is_accessible(browser: Browser, home: str, pages: list[str], lang: str, scheme: str) -> None:
    """axe-core finds nothing serious or critical, in light and in dark."""
    with watched(browser, home, color_scheme=scheme) as window:
        found = []
        for path in pages:
            mark = "&" if "?" in path else "?"
            window.go(path + (f"{mark}lang=en" if lang == "en" else ""))
            found += [
                (path, one["id"], [node["html"][:160] for node in one["nodes"][:2]])
                for one in Axe().run(window.page).response["violations"]
                if one["impact"] in ("serious", "critical")
            ]
        assert found == []


def _settled(database: Database, slug: str) -> list[str | None]:
    """What stands for every change that needs a decision."""
    kept = Comparisons(database, Archive(database)).diff(slug, 2026)
    assert kept is not None
    book = VerdictBook(database).of_diff(kept.diff)
    now = [standing(book.get(one.key, ())) for one in kept.diff.changes if one.kind in ALERT_KINDS]
    return [one.decision.value if one else None for one in now]


def _saved(window: Watched, number: int) -> None:
    """Wait until the progress says so."""
    expect(window.page.locator("#progress b")).to_have_text(f"{number} / {_total(window)}")


def _total(window: Watched) -> str:
    return str(window.page.locator("#progress progress").get_attribute("max"))


def test_a_whole_province_is_reviewed_by_keyboard_alone(browser: Browser, home: str, database: Database) -> None:
    """Help, walk, confirm, override with a reason, comment, undo; at the end nothing waits. The mouse is never used."""
    with watched(browser, home) as window:
        page, press = window.page, window.page.keyboard.press
        window.go(PROVINCE)
        press("?")
        expect(page.locator("#help")).to_be_visible()
        press("Escape")
        press("j")
        press("j")
        press("k")
        expect(page.locator(".change").first).to_be_focused()
        press("x")
        press("1")
        page.keyboard.type("只是换了说法 j k c")
        press("Control+Enter")
        _saved(window, 1)
        press("c")
        _saved(window, 2)
        press("u")
        _saved(window, 1)
        press("m")
        page.keyboard.type("请再核对")
        press("Control+Enter")
        expect(page.locator(".change:focus")).to_contain_text("请再核对")
        total = int(_total(window))
        press("n")
        for number in range(2, total + 1):
            press("c")
            _saved(window, number)
        expect(page.locator("#status")).to_have_text("这一页已全部复核")
        assert window.troubles == []
    decided = _settled(database, "hubei")
    assert (decided.count("reclassify"), decided.count("confirm")) == (1, total - 1)


def test_without_a_script_the_same_buttons_work(browser: Browser, home: str, database: Database) -> None:
    """A form, a redirect, and the page again."""
    with watched(browser, home, java_script_enabled=False) as window:
        window.go("/province/tianjin/2026")
        before = sum(one is not None for one in _settled(database, "tianjin"))
        window.page.locator('button[data-key="c"]').first.click()
        assert "/province/tianjin/2026" in window.page.url
        assert sum(one is not None for one in _settled(database, "tianjin")) == before + 1


def test_the_second_of_two_windows_sees_the_conflict(browser: Browser, home: str) -> None:
    """The first one's verdict is shown; the second's is not written."""
    with watched(browser, home) as first, watched(browser, home) as second:
        for window in (first, second):
            window.go("/province/zhejiang/2026")
        for window in (first, second):
            window.page.keyboard.press("n")
            window.page.keyboard.press("c")
            if window is first:
                _saved(window, 1)
        expect(second.page.locator("dialog[open]")).to_contain_text("别人已先作出结论")


def test_what_is_typed_into_the_filter_hides_the_rest(browser: Browser, home: str) -> None:
    """At once, and the headings of empty parts go too."""
    with watched(browser, home) as window:
        window.go(PROVINCE + "?kind=all")
        window.page.keyboard.press("/")
        window.page.keyboard.type("隐患")
        shown = window.page.locator(".change:visible")
        assert 0 < shown.count() < window.page.locator(".change").count()
        assert all("隐患" in text for text in shown.all_inner_texts())


def test_a_page_prints_without_what_cannot_be_pressed(browser: Browser, home: str) -> None:
    """On paper: both years, the reasons; no menu, no buttons."""
    with watched(browser, home) as window:
        window.page.emulate_media(media="print")
        window.go(PROVINCE)
        assert window.page.locator(".site").is_hidden()
        assert window.page.locator(".decide button").first.is_hidden()
        assert window.page.locator(".sentence").first.is_visible()


def _evil_subscriptions(evil: str) -> SubscriptionDesk:
    """Two subscriptions whose every field is an attack, one of them made on the page."""
    table = {"channel": evil, "address": evil, "provinces": [evil], "kinds": [evil], "topics": [evil]}
    listed = [Listed(evil, table, own, own) for own in (True, False)]

    def nothing(*_: object) -> None:
        raise AssertionError("nothing is sent in this test")

    return SubscriptionDesk(lambda: listed, lambda: evil, nothing, nothing, nothing, ("mailbox",))


@pytest.fixture
def attacked(tmp_path: Path) -> Iterator[tuple[str, Database]]:
    """A desk on which every scraped and every typed field is an attack."""
    database = Database.open(f"sqlite:///{tmp_path / 'evil.sqlite3'}")
    archive, evil = Archive(database), " ".join(PAYLOADS)
    source = Source("hubei", evil, SourceKind.COLUMN, Rank.OFFICIAL, "hubei")
    for year in (2025, 2026):
        url = f"javascript:alert({year})//{evil}"
        body = f"{evil}{year}"
        page = Page(
            url, "hubei", 200, f"<p>{evil}</p>{year}".encode(), AT, ((evil, evil), ("Content-Type", "text/html"))
        )
        archive.keep_visit(page, Check("hubei", url, AT, CheckOutcome.NEW, 200, page.sha256, evil))
        target = Target(evil, ">=", 1, evil, evil, evil, 0, len(body))
        commitment = Commitment("1.1", body, 0, len(body), (target,))
        directive = Directive(1, evil, evil, (commitment,))
        announcement = Announcement("hubei", year, evil, evil, body, (directive,), url=url, source_name=evil, city=evil)
        for kept in archive.unread("1"):
            archive.keep_reading(kept, Reading(Outcome.ARTICLE, evil, announcements=(announcement,)), source, "1")
    earlier, later = archive.edition("hubei", 2025), archive.edition("hubei", 2026)
    assert later is not None
    finding = Finding("target.raised", Dimension.TARGET, Direction.UP, evil, evil, evil)
    unit = Unit("1.1", evil, 0, len(evil), evil, 1)
    change = Change("abc123", Kind.STRENGTHENED, ("1.1",), ("1.1",), evil, evil, findings=(finding,),
                    old_highlights=((0, 9),), new_highlights=((3, 30),), notes=(evil,))  # fmt: skip
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, (unit,), (unit,), (change,), detail=evil)
    Comparisons(database, archive).keep(Comparison(earlier, later), diff, evil)
    said = Verdict("abc123", Decision.COMMENT, evil, AT, Kind.STRENGTHENED, reason=evil)
    VerdictBook(database).append(replace(said, decision=Decision.CONFIRM), after=VerdictBook(database).append(said))
    IncidentBook(database).observe(IncidentKind.BLOCKED, evil, evil, url=evil, province="hubei")
    desk = _evil_subscriptions(evil)
    with served(make_app(database, [source], access=Access(single_user=True), subscription_desk=desk)) as address:
        yield address, database
    database.close()


def test_attacks_in_every_field_do_nothing(browser: Browser, attacked: tuple[str, Database]) -> None:
    """No dialog, no policy violation, no request to anywhere, on every page that shows them."""
    home, database = attacked
    with watched(browser, home) as window:
        typed = quote(" ".join(PAYLOADS)[:200])
        more = ("/subscriptions", "/changes?kind=all", f"/changes?q={typed}", f"/search?q={typed}&topic={typed}")
        for path in (*every_page(database), *more):
            assert window.go(path) in (200, 404)
            window.page.keyboard.press("j")
            window.page.keyboard.press("x")
        assert [one for one in window.troubles if "404" not in one] == []
        assert window.strange == []
        assert window.page.locator("a[href^='javascript:']").count() == 0

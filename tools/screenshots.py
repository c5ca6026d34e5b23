"""`make screenshots`: a picture of every page in docs/screenshots, from a fresh demo of the sample web."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crawler.registry import load_sources
from review.app import make_app
from review.guard import Access
from schema.changes import Kind
from store.archive import Archive
from store.comparisons import Comparisons
from store.database import Database
from tests.review.browser import Watched, chromium, served, watched

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 200_000
"""Bytes of a picture."""
PHONE, DESK, WALL = 390, 1280, 1920
HEIGHT = 780
Picture = tuple[str, str, int, str]
"""Name, address, width in pixels, colour scheme."""


def pictures(database: Database) -> Iterator[Picture]:
    """What is photographed; one province stands for all."""
    archive = Archive(database)
    kept = Comparisons(database, archive).diff("hubei", 2026)
    edition = archive.edition("hubei", 2026)
    assert kept is not None
    assert edition is not None
    telling = next(one for one in kept.diff.changes if one.kind is Kind.STRENGTHENED and one.findings)
    yield "overview", "/year/2026", DESK, "light"
    yield "overview-en-dark", "/year/2026?lang=en", WALL, "dark"
    yield "overview-phone", "/year/2026", PHONE, "light"
    yield "province", "/province/hubei/2026", DESK, "light"
    yield "province-phone", "/province/hubei/2026", PHONE, "light"
    yield "change", f"/change/{telling.key}", DESK, "light"
    yield "stream", "/changes?kind=strengthened", DESK, "light"
    yield "targets", "/targets?sort=trend", DESK, "light"
    yield "sources", "/sources", DESK, "light"
    yield "edition", "/edition/hubei/2026", DESK, "light"
    yield "evidence", f"/page/{edition.page_sha256}", DESK, "light"
    yield "report", "/report/2026", DESK, "light"
    yield "import", "/verdicts/import", DESK, "light"


def main() -> int:
    """Make them all; 1 when one is larger than a repository should hold."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    large = 0
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "data"
        command = [sys.executable, "-m", "workflow", "demo", "--no-serve", "--folder", str(demo)]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        subprocess.run(command, env=environment, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        database = Database.open(f"sqlite:///{demo / 'chengnuo.sqlite3'}")
        app = make_app(database, load_sources(), access=Access(single_user=True))
        with served(app) as home, chromium() as browser:
            for name, address, width, scheme in pictures(database):
                with watched(browser, home, width, color_scheme=scheme) as window:
                    large += _take(window, name, address)
        database.close()
    return 1 if large else 0


def _take(window: Watched, name: str, address: str) -> bool:
    width = (window.page.viewport_size or {"width": DESK})["width"]
    window.page.set_viewport_size({"width": width, "height": HEIGHT})
    window.go(address)
    if name == "province":  # as an analyst sees it: two decided, the third in hand
        for key in ("n", "c", "c"):
            window.page.keyboard.press(key)
            window.page.wait_for_timeout(700)
    file = FOLDER / f"{name}.png"
    window.page.screenshot(path=str(file))
    size = file.stat().st_size
    print(f"{file.relative_to(ROOT)}  {size // 1000} kB")
    return size > LARGEST


if __name__ == "__main__":
    sys.exit(main())

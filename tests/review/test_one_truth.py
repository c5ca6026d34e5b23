"""Every view tells the same after a verdict: the matrix, a province, the stream, the exports, the feeds, the API."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from review.app import make_app
from review.guard import Access
from schema.announcements import (
    Announcement,
    Commitment,
    Directive,
    Outcome,
    Page,
    Rank,
    Reading,
    Source,
    SourceKind,
)
from schema.changes import ALERT_KINDS, Change, DiffOutcome, Kind, Unit, YearlyDiff
from schema.verdicts import Decision, Verdict
from schema.words import KINDS
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.verdicts import VerdictBook

AT = datetime(2026, 3, 3, tzinfo=UTC)
TEXTS = {
    "o1": "组建20支专业队伍", "o2": "开展燃气安全排查", "o3": "推进隧道整治", "o4": "建设应急避难场所",
    "n1": "组建30支专业队伍", "n2": "开展燃气与餐饮安全排查", "n3": "推进公路隧道整治", "n4": "推进铁路隧道整治",
    "n5": "开展安全宣传",
}  # fmt: skip


def _change(key: str, kind: Kind, old: str, new: str) -> Change:
    texts = ("\n".join(TEXTS[one] for one in side.split()) for side in (old, new))
    return Change(key, kind, tuple(old.split()), tuple(new.split()), *texts, score=0.9)


CHANGES = (
    _change("aaaa1", Kind.STRENGTHENED, "o1", "n1"),
    _change("aaaa2", Kind.DROPPED, "o2", ""),
    _change("aaaa3", Kind.NEW, "", "n2"),
    _change("aaaa4", Kind.REWORDED, "o3", "n3 n4"),
    _change("aaaa5", Kind.DROPPED, "o4", ""),
    _change("aaaa6", Kind.NEW, "", "n5"),
)


def _units(side: str) -> tuple[Unit, ...]:
    return tuple(Unit(name, text, 0, len(text), "部署", 1) for name, text in TEXTS.items() if name.startswith(side))


def _keep(archive: Archive, year: int, texts: list[str]) -> None:
    source = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei")
    body = "\n".join(texts)
    archive.keep_page(Page(f"http://hubei.invalid/{year}", "hubei", 200, body.encode(), AT))
    starts = [body.index(text) for text in texts]
    found = tuple(
        Commitment(f"1.{n}", text, at, at + len(text)) for n, (text, at) in enumerate(zip(texts, starts, strict=True))
    )
    told = Announcement("hubei", year, "given", "通报", body, (Directive(1, "（一）", "部署", found),), url="http://x")
    (kept,) = archive.unread("1")
    archive.keep_reading(kept, Reading(Outcome.ARTICLE, body=body, announcements=(told,)), source, "1")


@pytest.fixture
def desk(database_url: str) -> Iterator[tuple[TestClient, VerdictBook]]:
    database = Database.open(database_url)
    archive = Archive(database, clock=lambda: AT)
    for year, side in ((2025, "o"), (2026, "n")):
        _keep(archive, year, [text for name, text in TEXTS.items() if name.startswith(side)])
    earlier, later = archive.edition("hubei", 2025), archive.edition("hubei", 2026)
    assert later is not None
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, _units("o"), _units("n"), CHANGES)
    Comparisons(database, archive, clock=lambda: AT).keep(Comparison(earlier, later), diff, "1/1")
    app = make_app(database, access=Access(single_user=True), now=lambda: AT)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)) as client:
        yield client, VerdictBook(database)
    database.close()


def _say(key: str, decision: Decision, kind: Kind | None = None, old: str = "", new: str = "") -> Verdict:
    machine = next(change for change in CHANGES if change.key == key)
    wanted = (tuple(TEXTS[one] for one in side.split()) for side in (old, new))
    return Verdict(key, decision, "li", AT + timedelta(days=1), machine.kind, kind, "理由", machine.old, machine.new,
                   machine.old_text, machine.new_text, *wanted)  # fmt: skip


VERDICTS: dict[str, tuple[Verdict | None, Counter[str], int]] = {
    "nothing said": (None, Counter(strengthened=1, dropped=2, new=2, reworded=1), 5),
    "reclassified": (
        _say("aaaa1", Decision.RECLASSIFY, Kind.REWORDED), Counter(dropped=2, new=2, reworded=2), 4,
    ),
    "no commitment": (
        _say("aaaa6", Decision.NOT_A_COMMITMENT), Counter(strengthened=1, dropped=2, new=1, reworded=1), 4,
    ),
    "merged": (
        _say("aaaa2", Decision.MERGE, Kind.STRENGTHENED, "o2", "n2"),
        Counter(strengthened=2, dropped=1, new=1, reworded=1), 3,
    ),
    "split": (_say("aaaa4", Decision.SPLIT), Counter(strengthened=1, dropped=3, new=4), 5),
    "re-matched": (
        _say("aaaa1", Decision.REMATCH, Kind.WEAKENED, "o1", "n5"),
        Counter(weakened=1, dropped=2, new=2, reworded=1), 3,
    ),
}  # fmt: skip
"""What is said, how many of each kind there are then, and how many changes still wait."""


@pytest.mark.parametrize("said", VERDICTS)
def test_every_view_tells_the_same(desk: tuple[TestClient, VerdictBook], said: str) -> None:
    """By kind, after any verdict; each view is asked before it as well, so that nothing old may be shown."""
    client, book = desk
    verdict, kinds, waiting = VERDICTS[said]
    assert {name: ask(client) for name, ask in VIEWS.items()} == _expected(VERDICTS["nothing said"][1])
    if verdict is not None:
        book.append(verdict)
    assert {name: ask(client) for name, ask in VIEWS.items()} == _expected(kinds)
    cell = next(one for one in client.get("/api/v1/years/2026").json() if one["province"] == "hubei")
    assert cell["waiting"] == waiting
    progress = re.search(r'<progress id="done" value="(\d+)" max="(\d+)"', client.get("/province/hubei/2026").text)
    assert progress is not None
    assert int(progress[2]) - int(progress[1]) == waiting
    assert client.get("/changes?year=2026&review=waiting&kind=all").text.count('class="where"') == waiting


@pytest.mark.parametrize("change", [change.key for change in CHANGES])
def test_every_change_keeps_its_page(desk: tuple[TestClient, VerdictBook], change: str) -> None:
    """Also one whose wordings were merged into another: it says where they are now, and that it does not count."""
    client, book = desk
    book.append(VERDICTS["merged"][0] or pytest.fail("no verdict"))
    page, told = client.get(f"/change/{change}"), client.get(f"/api/v1/changes/{change}").json()
    assert (page.status_code, told["key"]) == (200, change)
    assert ("不再单独计数" in page.text, told["counts"], told["regrouped_by"] == "aaaa2") == (
        change == "aaaa3", change != "aaaa3", change in ("aaaa2", "aaaa3"),
    )  # fmt: skip


WRITER = """
import sys, datetime
from schema.changes import Kind
from schema.verdicts import Decision, Verdict
from store.database import Database
from store.verdicts import VerdictBook
at = datetime.datetime(2026, 3, 4, tzinfo=datetime.UTC)
said = Verdict("aaaa6", Decision.NOT_A_COMMITMENT, "wang", at, Kind.NEW, reason="x")
VerdictBook(Database.open(sys.argv[1])).append(said)
"""


def test_what_another_process_writes_is_seen_by_the_next_request(
    desk: tuple[TestClient, VerdictBook], database_url: str
) -> None:
    """Nothing that was worked out before is shown once a verdict is committed, whoever wrote it."""
    client, _ = desk
    before = {name: ask(client) for name, ask in VIEWS.items()}
    subprocess.run([sys.executable, "-c", WRITER, database_url], check=True)
    assert before == _expected(VERDICTS["nothing said"][1])
    assert {name: ask(client) for name, ask in VIEWS.items()} == _expected(VERDICTS["no commitment"][1])


def _expected(kinds: Counter[str]) -> dict[str, Counter[str]]:
    told = Counter({kind: n for kind, n in kinds.items() if Kind(kind) in ALERT_KINDS})
    return {name: told if name in ("feed", "report") else kinds for name in VIEWS}


def _overview(client: TestClient) -> Counter[str]:
    found = re.findall(r'class="(\w+)"><b>\S+ (\d+)</b>', client.get("/year/2026").text)
    return Counter({kind: int(number) for kind, number in found if int(number)})


def _matrix(client: TestClient) -> Counter[str]:
    return Counter(next(c for c in client.get("/api/v1/years/2026").json() if c["province"] == "hubei")["counts"])


def _province(client: TestClient) -> Counter[str]:
    pills = re.findall(r"kind=(\w+)[^>]*><span aria-hidden=\"true\">[^<]*</span> \S+ (\d+)</a>",
                       client.get("/province/hubei/2026").text)  # fmt: skip
    return Counter({kind: int(number) for kind, number in pills if int(number)})


def _stream(client: TestClient) -> Counter[str]:
    pages = {kind.value: client.get(f"/changes?year=2026&kind={kind.value}").text for kind in Kind}
    counts = {kind: page.count('class="where"') for kind, page in pages.items()}
    return +Counter(counts)


def _api(client: TestClient) -> Counter[str]:
    return Counter(one["kind"] for one in client.get("/api/v1/changes?year=2026").json()["items"] if one["counts"])


def _json(client: TestClient) -> Counter[str]:
    provinces = json.loads(client.get("/export/2026.json").content)["provinces"]
    return Counter(one["kind"] for province in provinces for one in province["changes"] if one["counts"])


def _csv(client: TestClient) -> Counter[str]:
    rows = csv.DictReader(io.StringIO(client.get("/export/2026.csv").content.decode("utf-8-sig")))
    return _keys(row["计为"] for row in rows)


def _workbook(client: TestClient) -> Counter[str]:
    book = load_workbook(io.BytesIO(client.get("/export/2026.xlsx").content))
    return _keys(sheet.title for sheet in book.worksheets[1:] for _ in range(sheet.max_row - 1))


def _report(client: TestClient) -> Counter[str]:
    told = client.get("/report/2026").text.split('class="chapter"')[1]
    return Counter(re.findall(r'class="told"><p><span class="badge (\w+)"', told))


def _feed(client: TestClient) -> Counter[str]:
    return Counter(one["tags"][0] for one in client.get("/feeds/all.json").json()["items"])


def _keys(names) -> Counter[str]:
    by_name = {words[1]: kind.value for kind, words in KINDS.items()}
    return Counter(by_name[name] for name in names if name in by_name)


VIEWS = {
    "overview": _overview,
    "matrix": _matrix,
    "province": _province,
    "stream": _stream,
    "api": _api,
    "json": _json,
    "csv": _csv,
    "workbook": _workbook,
    "report": _report,
    "feed": _feed,
}

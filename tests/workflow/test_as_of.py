"""What was said on a day is said again: by the command, in an export and by the API, whatever came later."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.filters import Filters
from review.guard import Access
from schema.accounts import Role
from schema.announcements import Check, CheckOutcome, Page
from schema.changes import Kind
from schema.verdicts import Decision, Verdict
from store.api_tokens import TokenBook
from workflow.collecting import read_kept
from workflow.comparing import compare_pending
from workflow.exporting import Wanted, export_year
from workflow.house import House, all_sources, open_house
from workflow.moments import as_of
from workflow.settings import load_settings

FIRST, EDITED, JUDGED = (datetime(2026, month, 10, 4, tzinfo=UTC) for month in (1, 2, 3))
DAYS = ("2026-01-31", "2026-02-28", "2026-03-31")
"""After the first comparison; after the quiet edit; after an analyst overruled the machine."""
NUMBER = {DAYS[0]: "不少于10人", DAYS[1]: "不少于12人", DAYS[2]: "不少于12人"}
TEXT = """<html><head><title>湖北省应急管理工作会议在武汉召开</title></head><body>
<h1>湖北省应急管理工作会议在武汉召开</h1>
<p>1月20日，湖北省应急管理工作会议在武汉召开。会议总结{last}年工作，部署{year}年重点任务。</p>
<p>会议要求，{year}年要重点抓好以下工作。</p><p>（一）建强救援力量</p>
<p>国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。</p>
<p>（二）夯实基层基础</p><p>每个乡镇每月开展一次消防通道检查。</p></body></html>"""


class Clock:
    """A clock that is moved by hand."""

    now = FIRST

    def __call__(self) -> datetime:
        return self.now


def say(house: House, year: int, number: int) -> None:
    """The province's page of a year says so from now on; read and compared at once."""
    url, at = f"http://yjt.hubei.gov.cn/{year}.html", house.clock()
    body = TEXT.format(last=year - 1, year=year, number=number).encode()
    page = Page(url, "hubei", 200, body, at, (("Content-Type", "text/html; charset=utf-8"),), (url,))
    house.archive.keep_visit(page, Check("hubei", url, at, CheckOutcome.NEW, 200, page.sha256))
    read_kept(house, all_sources(house.settings))
    compare_pending(house)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """January: 8 people became 10. February: the page says 12. March: an analyst calls that a rewording."""
    clock = Clock()
    with open_house(load_settings({}, data=tmp_path / "d"), clock) as opened:
        say(opened, 2025, 8)
        say(opened, 2026, 10)
        clock.now = EDITED
        say(opened, 2026, 12)
        clock.now = JUDGED
        kept = opened.comparisons.diff("hubei", 2026)
        assert kept is not None
        [change] = [one for one in kept.diff.changes if one.kind is Kind.STRENGTHENED]
        told = Verdict(
            change.key, Decision.RECLASSIFY, "wang", JUDGED, change.kind, Kind.REWORDED, reason="口径不同",
            old_text=change.old_text, new_text=change.new_text,
        )  # fmt: skip
        opened.verdicts.append(told)
        clock.now = JUDGED + timedelta(days=60)
        yield opened


def test_the_command_says_it_again(house: House, run) -> None:
    """Compare as of each day: that day's number and that day's label; before anything was known, nothing."""
    for day in DAYS:
        told = run("compare", "hubei", "2026", "--as-of", day, data=house.settings.data).stdout
        assert NUMBER[day] in told
        assert {number for number in NUMBER.values() if number in told} == {NUMBER[day]}
    assert "no comparison then" in run("compare", "--as-of", "2025-12-31", data=house.settings.data).stdout


def test_an_export_says_it_again(house: House) -> None:
    """The JSON of each day: the number in the newer text, and the label that stood, the machine's or the analyst's."""
    kinds = []
    for day in DAYS:
        data, _, _ = export_year(house, Wanted(2026, "json", Filters(), as_of=as_of(day)), "en")
        assert {number for number in NUMBER.values() if number in data.decode()} == {NUMBER[day]}
        [told] = [one for one in json.loads(data)["provinces"] if one["province"] == "hubei"]
        [change] = [one for one in told["changes"] if NUMBER[day] in json.dumps(one, ensure_ascii=False)]
        kinds.append((change["machine_kind"], change["kind"]))
    assert kinds == [("strengthened", "strengthened")] * 2 + [("strengthened", "reworded")]


def test_the_api_says_it_again(house: House) -> None:
    """Edition and diff as of each day; before anything was known there is none."""
    app = make_app(house.database, access=Access(base_url="https://desk.example"), now=house.clock)
    _, secret = TokenBook(house.database).make("BI", Role.VIEWER, "local")
    with TestClient(app, base_url="https://desk.example", client=("203.0.113.9", 5)) as api:
        api.headers["Authorization"] = f"Bearer {secret}"
        kinds = []
        for day in DAYS:
            moment = {"as_of": f"{day}T23:59:59+08:00"}
            edition = api.get("/api/v1/editions/hubei/2026", params=moment).json()
            assert NUMBER[day] in json.dumps(edition, ensure_ascii=False)
            changes = api.get("/api/v1/diffs/hubei/2026", params=moment).json()["changes"]
            [change] = [one for one in changes if NUMBER[day] in one["new_text"]]
            kinds.append((change["machine_kind"], change["kind"]))
        assert kinds == [("strengthened", "strengthened")] * 2 + [("strengthened", "reworded")]
        early = api.get("/api/v1/editions/hubei/2026", params={"as_of": "2025-12-31T00:00:00+08:00"})
        assert early.status_code == 404

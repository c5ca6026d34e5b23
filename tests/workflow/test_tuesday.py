"""The promise, end to end: a department raises a number on a Tuesday, and by the next tick the group knows, once.

Everything is real: the tick, the crawl in its child process, the database, the message over HTTP, the pages. Only the
department and the group's robot are stand-ins on loopback; their texts are written for this test.
"""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.guard import Access
from schema.changes import Kind
from schema.incidents import IncidentKind
from schema.verdicts import Decision
from workflow.embedded import one_round
from workflow.house import House, open_house
from workflow.settings import Settings, load_settings

BASE = "http://127.0.0.1:8765"
TICK = timedelta(hours=2)
"""Longer than between any two of a source's hourly moments."""
OLD, NEW = "国家级重点镇组建不少于8人的政府专职消防队", "国家级重点镇组建不少于10人的政府专职消防队"
ARTICLE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>
<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day}"></head><body>
<h1>{title}</h1><div class="info">发布时间：{day} 来源：湖北省应急管理厅</div><div class="TRS_Editor">
<p>1月{date}日，湖北省应急管理工作会议在武汉召开。会议总结{last}年工作，部署{year}年重点任务。</p>
<p>会议要求，{year}年要重点抓好以下工作。</p>
<p>（一）建强救援力量</p><p>{wording}。完善应急物资储备库网络。</p>
<p>（二）夯实基层基础</p>
<p>每个乡镇每月开展一次消防通道检查。</p></div></body></html>"""
LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>动态要闻</title></head><body>
<ul class="list">{items}</ul>
</body></html>"""
ITEM = '<li><a href="/fbjd/dtyw/{month}/t{stamp}_{number}.shtml">{title}</a><span>{day}</span></li>'
TITLE = "湖北省应急管理工作会议在武汉召开 部署{year}年重点任务"
CHALLENGE = "<html><head><script>document.cookie='x='+eval('1+1');location.reload()</script></head></html>"
SUBSCRIPTION = """[[subscription]]
name = "华中组"
channel = "wecom"
address = "GROUP"
provinces = ["hubei"]
"""
SOURCE = """slug = "hubei"
name = "湖北省应急管理厅"
kind = "column"
rank = "official"
province = "hubei"
urls = ["{base}/fbjd/dtyw/"]
hosts = ["127.0.0.1"]
article_pattern = '/\\d{{6}}/t\\d{{8}}_\\d+\\.s?html?$'
cms = "trs_wcm"
"""


class Town:
    """The department's site and the robot of the group, on one loopback server."""

    def __init__(self) -> None:
        self.years: list[int] = [2025]
        self.challenged = False
        self.said: list[str] = []
        self.asked = 0
        town = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                town.asked += 1
                status, page = town.page(self.path)
                self._answer(status, "text/html; charset=utf-8", page.encode())

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                town.said.append(body["markdown"]["content"])
                self._answer(200, "application/json", b'{"errcode": 0, "errmsg": "ok"}')

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def page(self, path: str) -> tuple[int, str]:
        if self.challenged:
            return 412, CHALLENGE
        if path == "/fbjd/dtyw/":
            return 200, LIST.format(items="".join(_item(year) for year in reversed(self.years)))
        year = next((year for year in self.years if f"_{year}1.shtml" in path), None)
        return (404, "") if year is None else (200, _article(year))


def _item(year: int) -> str:
    return ITEM.format(month=f"{year}01", stamp=f"{year}0120", number=f"{year}1", title=TITLE.format(year=year),
                       day=f"{year}-01-20")  # fmt: skip


def _article(year: int) -> str:
    wording = OLD if year == 2025 else NEW
    return ARTICLE.format(
        title=TITLE.format(year=year), day=f"{year}-01-20 09:00", date=20, last=year - 1, year=year, wording=wording
    )


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def settings(tmp_path: Path, town: Town, monkeypatch: pytest.MonkeyPatch) -> Settings:
    data = tmp_path / "d"
    (data / "sources").mkdir(parents=True)
    (data / "sources" / "hubei.toml").write_text(SOURCE.format(base=town.url), encoding="utf-8")
    (data / "subscriptions.toml").write_text(SUBSCRIPTION, encoding="utf-8")
    (data / "calendar.toml").write_text('every = "never"\n[source.hubei]\nevery = "1h"\n', encoding="utf-8")
    monkeypatch.setenv("CHENGNUO_SECRET_GROUP", f"{town.url}/cgi-bin/webhook/send?key=sample")
    variables = {
        "CHENGNUO_BASE_URL": BASE,
        "CHENGNUO_ALLOW_NETWORKS": "127.0.0.0/8",
        "CHENGNUO_PRIVATE_HOSTS": "127.0.0.1",
        "CHENGNUO_CRAWL_DELAY": "0.1",
    }
    return load_settings(variables, data=data)


class Days:
    """Ticks of the house, an hour apart; the house between two of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.now = settings, datetime.now(UTC)

    def tick(self) -> None:
        self.now += TICK
        one_round(self.settings, lambda: self.now)

    def house(self):
        return open_house(self.settings, lambda: self.now)


def _stronger(house: House) -> str:
    """Key of the one change of 湖北 2026 that is stronger; everything else is unchanged."""
    kept = house.comparisons.diff("hubei", 2026)
    assert kept is not None
    assert sorted(c.kind for c in kept.diff.changes if c.kind is not Kind.UNCHANGED) == [Kind.STRENGTHENED]
    return next(c.key for c in kept.diff.changes if c.kind is Kind.STRENGTHENED)


def _confirm(client: TestClient) -> int:
    """What the key c does on the province's page: its own form's button."""
    page = client.get("/province/hubei/2026?kind=all").text
    form = re.search(r'<form method="post" action="/verdicts" class="quick">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    assert 'data-key="c"' in form[1]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    answer = client.post("/verdicts", data=fields | {"decision": "confirm"}, follow_redirects=False)
    return int(answer.status_code)


def test_tuesday(settings: Settings, town: Town, tmp_path: Path, run) -> None:
    """不少于8人 becomes 不少于10人: one message with both sentences, the reason and the page; then silence."""
    days = Days(settings)
    days.tick()
    assert (len(town.said), "首个版本" in town.said[0]) == (1, True)  # Monday: the baseline, no storm
    town.said.clear()

    town.years.append(2026)  # Tuesday
    days.tick()
    (message,) = town.said
    with days.house() as house:
        key = _stronger(house)
        edition = house.archive.edition("hubei", 2026)
        assert edition is not None
        assert f"{BASE}/page/{edition.page_sha256}" in message
    assert "  2025：国家级重点镇组建不少于［-8-］人的政府专职消防队\n" in message
    assert "  2026：国家级重点镇组建不少于［+10+］人的政府专职消防队\n" in message
    assert "指标 ↑ 更强：数量要求从“不少于8人”提高到“不少于10人”" in message

    asked = town.asked
    days.tick()
    assert (town.asked > asked, len(town.said)) == (True, 1)  # looked again, nothing to say

    town.challenged, asked = True, town.asked
    days.tick()
    assert (town.asked > asked, len(town.said)) == (True, 1)
    with days.house() as house:
        assert IncidentKind.BLOCKED in {incident.kind for incident in house.incidents.open()}
        assert (house.archive.editions(), _stronger(house)) == ([("hubei", 2025), ("hubei", 2026)], key)
        _at_the_desk(house, key)
    bundle = tmp_path / "evidence.zip"
    written = run("evidence", key, "--out", bundle, data=settings.data)
    assert (written.returncode, bundle.exists()) == (0, True), written.stderr
    _verified(run("verify", bundle, data=settings.data))
    _verified(run("verify", data=settings.data))


def _at_the_desk(house: House, key: str) -> None:
    """The matrix shows one stronger target, one POST confirms it, the yearly report prints it."""
    app = make_app(house.database, access=Access(single_user=True, base_url=BASE))
    with TestClient(app, base_url=BASE, client=("127.0.0.1", 1), headers={"Origin": BASE}) as client:
        map_of_tiles = client.get("/year/2026").text
        tile = re.search(r'<li class="tile[^>]*><a href="/province/hubei/2026[^"]*">.*?</li>', map_of_tiles, re.DOTALL)
        assert tile is not None
        assert re.search(r"▲\D*1(?!\d)", tile[0]), tile[0]
        assert _confirm(client) == 303
        assert [verdict.decision for verdict in house.verdicts.of_change(key)] == [Decision.CONFIRM]
        report = client.get("/report/2026").text
        plain = re.sub(r"<[^>]+>", "", report)
        assert "湖北" in plain
        assert OLD in plain
        assert NEW in plain


def _verified(answer: subprocess.CompletedProcess[str]) -> None:
    assert answer.returncode == 0, answer.stdout + answer.stderr

"""`chengnuo demo`: the whole trip on the sample web, from a page to a message in a mailbox."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from sample.server import SampleWeb, visit_day
from schema.alerts import DeliveryState
from schema.changes import Change, YearlyDiff
from schema.errors import UsageError
from schema.words import INCIDENTS
from store.archive import Archive
from store.incidents import IncidentBook
from workflow.comparing import CompareSummary, compare_pending
from workflow.delivering import deliver_all
from workflow.house import House, open_house
from workflow.matrix import print_matrix
from workflow.say import Voice, make_voice
from workflow.settings import Settings
from workflow.show import print_change, telling
from workflow.trip import Round, crawl_and_read

SEASONS = (2024, 2025, 2026)
PORT_FILE = "sample-port"
DONE_FILE = "sample-season"
"""Holds the last season whose round came to its end: a killed demo goes on there, a finished one looks again."""
FIRST_PORT = 8764


def run_demo(settings: Settings, *, serve: bool | None, port: int) -> int:
    """Run it; the exit code. ``serve`` None: serve only on a terminal."""
    voice = make_voice(settings.lang)
    stay = sys.stdout.isatty() if serve is None else serve
    settings = replace(settings, base_url=f"http://127.0.0.1:{port}", subscriptions=None)
    with open_house(settings) as house, _sample_web(settings.data) as web:
        voice.line(
            f"样例网（为本项目编写，不是真实通报）在 {web.base_url}",
            f"the sample web (written for this project, not real announcements) is at {web.base_url}",
            "bold",
        )
        news = [_season(house, web, voice, season) for season in _seasons_left(settings.data)]
        _conclude(house, voice, news)
        if stay:
            from workflow.serving import serve_review

            serve_review(house, settings.host, port, voice)
    return 0


def _seasons_left(folder: Path) -> tuple[int, ...]:
    """The seasons not lived through yet; the last one again when all are."""
    done = folder / DONE_FILE
    last = int(done.read_text()) if done.exists() else 0
    return tuple(season for season in SEASONS if season > last) or SEASONS[-1:]


def _sample_web(folder: Path) -> SampleWeb:
    """The sample web on the port of the last run, so that its addresses stay the same."""
    folder.mkdir(parents=True, exist_ok=True)
    remembered = folder / PORT_FILE
    port = int(remembered.read_text()) if remembered.exists() else FIRST_PORT
    try:
        web = SampleWeb(port=port, season=SEASONS[0])
    except OSError as error:
        if remembered.exists():
            raise UsageError(
                f"端口 {port} 被占用 port {port} is in use ({error.strerror}); is another demo running?"
            ) from error
        web = SampleWeb(port=0, season=SEASONS[0])
    remembered.write_text(web.base_url.rsplit(":", 1)[1])
    return web


def _season(house: House, web: SampleWeb, voice: Voice, season: int) -> CompareSummary:
    """One visit on the story's own day: this year's pages, last year's latecomers, and what was edited since."""
    voice.line(f"\n{season} 年度", f"\nplan year {season}", "bold cyan")
    web.season = season
    moment = datetime.combine(visit_day(season), time(9), UTC)
    since = max(SEASONS[0], season - 1)
    then = _in_story(house, moment)
    _tell_round(
        voice, crawl_and_read(then, web.sources(), voice, delay=0.0, sample=True, since=since, at=moment.isoformat())
    )
    made = _compare_and_tell(house, voice)
    (house.settings.data / DONE_FILE).write_text(str(season))
    return made


def _in_story(house: House, moment: datetime) -> House:
    """The same house with an archive and an incident book that live on the story's day; letters go out today."""
    return replace(
        house,
        archive=Archive(house.database, clock=lambda: moment),
        incidents=IncidentBook(house.database, clock=lambda: moment),
    )


def _tell_round(voice: Voice, made: Round) -> None:
    read, new = sum(made.read.outcomes.values()), len(made.read.versions)
    voice.line(f"  新读 {read} 页，{new} 份通报是新的", f"  {read} pages read, {new} announcements are new")
    for incident in made.watch.opened:
        where = f"{incident.source} {incident.url or ''}"
        zh, en = INCIDENTS[incident.kind]
        voice.line(f"  故障 {zh}：{where}", f"  incident, {en}: {where}", "yellow")
    for incident in made.watch.closed:
        zh, en = INCIDENTS[incident.kind]
        what = f"{incident.source} {incident.closing_detail}"
        voice.line(f"  已恢复 {zh}：{what}", f"  over, {en}: {what}", "green")


def _compare_and_tell(house: House, voice: Voice) -> CompareSummary:
    made = compare_pending(house)
    sent = deliver_all(house)
    voice.line(
        f"  新对照 {len(made.diffs)} 份，告警 {made.queued} 条，投递 {sent} 条",
        f"  {len(made.diffs)} new diffs, {made.queued} alerts queued, {sent} delivered",
    )
    return made


def _conclude(house: House, voice: Voice, news: list[CompareSummary]) -> None:
    print_matrix(house, voice, SEASONS)
    found = telling(_pairs(house))
    if found:
        voice.line("\n最值得看的五条变化", "\nthe five most telling changes", "bold")
    for diff, change in found[:5]:
        print_change(voice, diff, change)
    if not any(summary.diffs for summary in news):
        voice.line("\n没有新内容：什么也没有发送。", "\nnothing new: nothing was sent.", "bold green")
    settings, sent = house.settings, house.ledger.counts()[DeliveryState.SENT]
    voice.line(f"\n信箱 {settings.mailbox}（共 {sent} 封）", f"\nmailbox {settings.mailbox} ({sent} messages in all)")
    database = settings.database_url.removeprefix("sqlite:///")
    voice.line(f"数据库 {database}", f"database {database}")
    voice.line("复核页面：chengnuo --data data review", "review pages: chengnuo --data data review")


def _pairs(house: House) -> list[tuple[YearlyDiff, Change]]:
    kept = [house.comparisons.diff(province, year) for province, year in house.archive.editions()]
    return [(k.diff, change) for k in kept if k is not None for change in k.diff.changes]

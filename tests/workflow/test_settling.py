"""Held until judged, gathered until their moment, told once: through the whole house, with real rows."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from notifier.subscriptions import load_subscriptions
from schema.alerts import DeliveryState
from schema.changes import Change, Kind
from schema.errors import ChengnuoError
from schema.incidents import IncidentKind
from schema.verdicts import Decision, Verdict
from workflow.collecting import import_files
from workflow.comparing import compare_pending
from workflow.delivering import deliver_all
from workflow.house import House, open_house
from workflow.settings import Settings, load_settings
from workflow.settling import settle
from workflow.watchdog import look

START = datetime(2026, 3, 3, 3, tzinfo=UTC)  # Tuesday, 11:00 in Shanghai
TEXT = """{name}省应急管理工作会议在{city}召开
1月20日，{name}省应急管理工作会议在{city}召开。会议总结{last}年工作，部署{year}年重点任务。
会议要求，{year}年要重点抓好以下工作。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
（二）夯实基层基础
{more}
"""
USUAL = "每个乡镇每月开展一次消防通道检查。"
MANY = (
    "开展化工园区安全整治行动。建设森林火险监测站点12个。修订防汛抗旱应急预案。"
    "组织矿山企业安全培训。推进应急广播进村入户。完成老旧小区消防改造30处。"
)
OF_TEAM = 'name = "team"\nchannel = "mailbox"\naddress = ""\n'


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


class Desk:
    """A house with one subscription, years to import, and its mailbox."""

    def __init__(self, folder: Path, clock: _Clock) -> None:
        self.folder, self.clock = folder, clock
        self.file = folder / "subscriptions.toml"
        self.subscribe("")

    def subscribe(self, more: str) -> None:
        self.file.write_text(f"[[subscription]]\n{OF_TEAM}{more}\n", encoding="utf-8")

    @property
    def settings(self) -> Settings:
        found = load_settings({"CHENGNUO_SUBSCRIPTIONS": str(self.file)}, data=self.folder / "d")
        return replace(found, secret=lambda _name: "")

    def tell(
        self, house: House, year: int, number: int, more: str = USUAL, place: tuple[str, str] = ("湖北", "武汉")
    ) -> None:
        """Keep one year of a province, compared."""
        words = {"name": place[0], "city": place[1], "last": year - 1, "year": year, "number": number, "more": more}
        file = self.folder / f"{place[0]}-{year}.txt"
        file.write_text(TEXT.format(**words), encoding="utf-8")
        import_files(house, [file], province=None, year=None, url=f"http://site.invalid/{place[0]}/{year}")
        compare_pending(house)

    def subjects(self) -> list[str]:
        files = sorted((self.folder / "d" / "mailbox").glob("*.eml"))
        return [str(message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"]) for file in files]

    def body(self) -> str:
        newest = max((self.folder / "d" / "mailbox").glob("*.eml"))
        message = message_from_bytes(newest.read_bytes(), policy=policy.default)
        return str(message.get_body(("plain",)).get_content())  # type: ignore[union-attr]


@pytest.fixture
def desk(tmp_path: Path, clock: _Clock) -> Desk:
    return Desk(tmp_path, clock)


@pytest.fixture
def house(desk: Desk, clock: _Clock) -> Iterator[House]:
    with open_house(desk.settings, clock) as opened:
        yield opened


def _judge(house: House, change: Change, decision: Decision, kind: Kind | None = None) -> None:
    texts = {"old_text": change.old_text, "new_text": change.new_text}
    verdict = Verdict(change.key, decision, "王", START, change.kind, kind, "看过原文", **texts)
    history = house.verdicts.of_change(change.key)
    house.verdicts.append(verdict, after=history[-1].id if history else 0)


def _changes(house: House, year: int = 2026) -> dict[Kind, Change]:
    kept = house.comparisons.diff("hubei", year)
    assert kept is not None
    return {change.kind: change for change in kept.diff.changes if change.kind is not Kind.UNCHANGED}


def test_a_digest_is_one_message_at_its_moment(desk: Desk, house: House, clock: _Clock) -> None:
    """Two provinces and three notes, gathered over a day: one mail, the targets first, nothing before nine o'clock."""
    desk.subscribe('urgency = "daily"\nhour = 9')
    for place, numbers in (("湖南", "长沙"), (8, 8)), (("湖北", "武汉"), (8, 10)):
        for year, number in zip((2025, 2026), numbers, strict=True):
            desk.tell(house, year, number, USUAL if year == 2025 else USUAL + "开展示例专项行动。", place)
    assert (deliver_all(house), desk.subjects()) == (0, [])
    clock.now = datetime(2026, 3, 4, 0, 59, tzinfo=UTC)
    assert deliver_all(house) == 0
    clock.now = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    assert deliver_all(house) == 1
    (subject,) = desk.subjects()
    assert subject == "【承诺】摘要：2 省，加强 1，新增 2，通知 2"
    body = desk.body()
    assert body.index("■ 湖北 2026 对 2025") < body.index("■ 湖南 2026 对 2025") < body.index("首个版本")
    assert (deliver_all(house), house.ledger.counts()[DeliveryState.MERGED]) == (0, 4)


def test_what_is_urgent_leaves_at_once(desk: Desk, house: House, clock: _Clock) -> None:
    """A weakened target now, the rest in the digest; together every change once."""
    desk.subscribe('urgency = "daily"\nurgent = [{ kinds = ["weakened"], dimensions = ["target"] }]')
    desk.tell(house, 2025, 10)
    desk.tell(house, 2026, 8, USUAL + "开展示例专项行动。")
    assert deliver_all(house) == 1
    assert desk.subjects() == ["【承诺】湖北 2026 对 2025：减弱 1"]
    clock.now += timedelta(days=1)
    assert deliver_all(house) == 1
    assert desk.subjects()[-1] == "【承诺】摘要：1 省，新增 1，通知 1"


@pytest.mark.parametrize(
    ("decision", "kind", "subject"),
    [
        (Decision.CONFIRM, None, "【承诺】湖北 2026 对 2025：加强 1"),
        (Decision.RECLASSIFY, Kind.MIXED, "【承诺】湖北 2026 对 2025：升降并存 1"),
        (Decision.RECLASSIFY, Kind.REWORDED, ""),
        (Decision.NOT_A_COMMITMENT, None, ""),
        (Decision.COMMENT, None, ""),
    ],
)
def test_only_after_review(desk: Desk, house: House, decision: Decision, kind: Kind | None, subject: str) -> None:
    """Held until the verdict: sent with the analyst's kind, cancelled with the reason, or still waiting."""
    desk.subscribe("after_review = true")
    desk.tell(house, 2025, 8)
    desk.tell(house, 2026, 10)
    assert deliver_all(house) == 1  # the baseline
    _judge(house, _changes(house)[Kind.STRENGTHENED], decision, kind)
    assert deliver_all(house) == bool(subject)
    assert deliver_all(house) == 0
    assert desk.subjects()[1:] == ([subject] if subject else [])
    counts = house.ledger.counts()
    waiting = decision is Decision.COMMENT
    assert (counts[DeliveryState.HELD], counts[DeliveryState.CANCELLED]) == (waiting, not subject and not waiting)
    if subject:
        assert "分析员已复核" in desk.body()
    elif not waiting:
        assert ["看过原文" in reason for *_, reason in house.ledger.cancelled()] == [True]
        assert house.ledger.failures() == []


def _rearrange(house: House, change: Change, decision: Decision, **what: object) -> None:
    texts = {"old_text": change.old_text, "new_text": change.new_text}
    verdict = Verdict(change.key, decision, "王", START, change.kind, reason="看过原文", **texts, **what)
    house.verdicts.append(verdict, after=0)


def test_what_a_person_split_is_told_as_two(desk: Desk, house: House) -> None:
    """One strengthened change is two commitments, an analyst says: the old one went, the new one came."""
    desk.subscribe("after_review = true")
    desk.tell(house, 2025, 8)
    desk.tell(house, 2026, 10)
    deliver_all(house)
    change = _changes(house)[Kind.STRENGTHENED]
    _rearrange(house, change, Decision.SPLIT)
    assert (deliver_all(house), deliver_all(house)) == (1, 0)
    assert desk.subjects()[1:] == ["【承诺】湖北 2026 对 2025：消失 1，新增 1"]
    body = desk.body()
    assert body.count("分析员已复核") == 2
    assert change.old_text in body
    assert change.new_text in body
    assert house.gathering.held() == ()


def test_what_a_person_matched_is_told_once_and_not_with_the_other(desk: Desk, house: House) -> None:
    """A dropped and a new one are one commitment, stronger now: one message, and neither half of it is told."""
    desk.subscribe("after_review = true")
    desk.tell(house, 2025, 8, USUAL + "组织矿山企业负责人安全培训。")
    desk.tell(house, 2026, 8, USUAL + "建设森林火险监测站点12个。")
    deliver_all(house)
    changes = _changes(house)
    gone, came = changes[Kind.DROPPED], changes[Kind.NEW]
    assert len(house.gathering.held()) == 2
    wanted = {"wanted_old": (gone.old_text,), "wanted_new": (came.new_text,)}
    _rearrange(house, gone, Decision.REMATCH, kind=Kind.STRENGTHENED, **wanted)
    assert (deliver_all(house), deliver_all(house)) == (1, 0)
    assert desk.subjects()[1:] == ["【承诺】湖北 2026 对 2025：加强 1"]
    assert (gone.old_text in desk.body(), came.new_text in desk.body()) == (True, True)
    assert house.gathering.held() == ()
    assert [reason for *_, reason in house.ledger.cancelled()] == ["matched anew (told with another change)"]


def test_an_edition_mostly_dropped_is_held_and_said(desk: Desk, house: House) -> None:
    """Nothing about it is sent; an incident is; a verdict lets single changes go; all judged, the incident closes."""
    desk.subscribe("incidents = true")
    desk.tell(house, 2025, 8, MANY)
    desk.tell(house, 2026, 8, USUAL)
    assert [one.kind for one in house.incidents.open()] == [IncidentKind.SUSPICIOUS_DIFF]
    deliver_all(house)
    assert desk.subjects() == ["【承诺】湖北 2025：首个版本", "【承诺】故障：湖北 消失过多"]
    held = house.gathering.held()
    assert len(held) >= 6
    kept = house.comparisons.diff("hubei", 2026)
    assert kept is not None
    dropped = [change for change in kept.diff.changes if change.kind is Kind.DROPPED]
    _judge(house, dropped[0], Decision.CONFIRM)
    deliver_all(house)
    assert desk.subjects()[-1] == "【承诺】湖北 2026 对 2025：消失 1"
    for change in dropped[1:]:
        _judge(house, change, Decision.NOT_A_COMMITMENT)
    compare_pending(house)
    assert house.incidents.open() == ()


def test_a_verdict_before_the_digest_counts(desk: Desk, house: House, clock: _Clock) -> None:
    """What an analyst called no commitment meanwhile is not told."""
    desk.subscribe('urgency = "daily"')
    desk.tell(house, 2025, 8)
    desk.tell(house, 2026, 10)
    _judge(house, _changes(house)[Kind.STRENGTHENED], Decision.NOT_A_COMMITMENT)
    clock.now += timedelta(days=1)
    deliver_all(house)
    assert desk.subjects() == ["【承诺】湖北 2025：首个版本"]


def test_a_page_that_goes_back_and_forth_tells_each_edit_once(desk: Desk, house: House, clock: _Clock) -> None:
    """8 → 10 → 8 → 10 → 8 at one address: every change key is told once, then there is silence."""
    desk.tell(house, 2025, 6)
    for number in (8, 10, 8, 10, 8):
        clock.now += timedelta(hours=1)
        desk.tell(house, 2026, number)
        deliver_all(house)
    told = [key for part in _sent_keys(house) for key in part]
    assert len(told) == len(set(told))
    subjects = desk.subjects()
    assert subjects.count("【承诺】湖北 2026 年通报被修改：加强 1") == 1
    assert subjects.count("【承诺】湖北 2026 年通报被修改：减弱 1") == 1


def _sent_keys(house: House) -> list[list[str]]:
    with house.database.reading() as session:
        from sqlalchemy import text

        return [json.loads(row[0]) for row in session.execute(text("SELECT change_keys FROM alerts"))]


def test_a_broken_file_leaves_the_last_good_one_in_force(desk: Desk, house: House) -> None:
    """Refused with file, line and key; who was told before still is; an incident says it and closes on repair."""
    desk.tell(house, 2025, 8)
    desk.subscribe('provinces = ["胡北"]')
    with pytest.raises(ChengnuoError, match=r"subscriptions.toml:5: provinces: .*胡北"):
        load_subscriptions(desk.file)
    desk.tell(house, 2026, 10)
    assert deliver_all(house) == 2
    assert "last good" in house.in_force().problem
    look(house, ())
    assert [one.kind for one in house.incidents.open()] == [IncidentKind.CONFIGURATION]
    desk.subscribe("")
    look(house, ())
    assert house.incidents.open() == ()


def test_the_pages_subscriptions_lie_over_the_files(desk: Desk, house: House) -> None:
    """Made, changed and switched by name; the file's can only be switched off; every step stands in the history."""
    overlay = house.in_force().overlay
    overlay.create({"name": "second", "channel": "mailbox", "address": "", "provinces": ["hubei"]}, "admin")
    overlay.switch("team", "admin", on=False)
    desk.tell(house, 2025, 8)
    deliver_all(house)
    assert house.ledger.counts()[DeliveryState.SENT] == 1
    assert {e.subscription.name: (e.subscription.enabled, e.own) for e in house.in_force().entries} == {
        "team": (False, False), "second": (True, True),
    }  # fmt: skip
    for wrong, words in (
        ({"name": "x", "channel": "pigeon", "address": ""}, "mailbox"),
        ({"name": "team", "channel": "mailbox", "address": ""}, "taken"),
        ({"name": "y", "channel": "mailbox", "address": "", "quiet_from": "25:00", "quiet_to": "07:00"}, "quiet_from"),
    ):
        with pytest.raises(ChengnuoError, match=words):
            overlay.create(wrong, "admin")
    with pytest.raises(ChengnuoError, match="reviewed file"):
        overlay.update("team", {"channel": "mailbox", "address": ""}, "admin")
    overlay.switch("team", "admin", on=True)
    assert [(e.name, e.action, e.by) for e in reversed(house.book.history())] == [
        ("second", "create", "admin"), ("team", "disable", "admin"), ("team", "remove", "admin"),
    ]  # fmt: skip


def test_a_switched_off_subscription_gets_nothing_that_waits(desk: Desk, house: House, clock: _Clock) -> None:
    """Its parts are cancelled with the reason."""
    desk.subscribe('urgency = "daily"')
    desk.tell(house, 2025, 8)
    desk.subscribe('urgency = "daily"\nenabled = false')
    clock.now += timedelta(days=1)
    assert settle(house).cancelled == 1
    assert deliver_all(house) == 0


def test_preview_says_what_would_have_come(desk: Desk, house: House, run) -> None:
    """From any kept diff, with nothing sent; an unknown name lists those there are."""
    desk.tell(house, 2025, 8)
    desk.tell(house, 2026, 10)
    data, file = desk.folder / "d", str(desk.file)
    answer = run("subscriptions", "preview", "team", "--diff", "湖北", "2026", data=data, CHENGNUO_SUBSCRIPTIONS=file)
    assert "at once" in answer.stdout, answer.stderr
    assert "不少于[+10+]人" in answer.stdout
    assert answer.stdout.endswith("1 in all\n")
    wrong = run("subscriptions", "preview", "nobody", data=data, CHENGNUO_SUBSCRIPTIONS=file)
    assert (wrong.returncode, "team" in wrong.stderr) == (2, True)

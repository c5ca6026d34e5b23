"""Each subscription is told what it asked for, once, with both sentences and the reason."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from notifier.compose import Context, compose_alerts, incident_alerts
from notifier.section import Place
from schema.alerts import AlertKind, Subscription, Urgency
from schema.changes import Change, Confidence, DiffOutcome, Dimension, Direction, Finding, Kind, Unit, YearlyDiff
from schema.incidents import Incident, IncidentKind

NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
PLACE = Place("http://127.0.0.1:8765/province/hubei/2026", "http://site.invalid/2026", "http://127.0.0.1:8765/page/b")
OLD, NEW = "每个乡镇专职消防队不少于8人", "每个乡镇专职消防队不少于10人"
RAISED = Change(
    "k1",
    Kind.STRENGTHENED,
    ("o1",),
    ("n1",),
    OLD,
    NEW,
    findings=(Finding("target.raised", Dimension.TARGET, Direction.UP, "不少于8人", "不少于10人"),),
    old_highlights=((12, 13),),
    new_highlights=((12, 14),),
)
DROPPED = Change("k2", Kind.DROPPED, ("o2",), (), "修订《示例》<b>预案</b>", "", old_highlights=((0, 15),))
DOUBTFUL = Change("k3", Kind.NEW, (), ("n3",), "", "开展示例行动", confidence=Confidence.LOW)
SAME = Change("k4", Kind.UNCHANGED, ("o4",), ("n4",), "加强值守", "加强值守")
UNITS = tuple(Unit(f"o{n}", "x", 0, 1) for n in range(1, 9))
DIFF = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, UNITS, UNITS, (SAME, DOUBTFUL, DROPPED, RAISED))
TEAM = Subscription("team", "mailbox", "box")
CONTEXT = Context(NOW, PLACE)


def test_one_message_with_both_sentences_the_number_marked_and_the_reason() -> None:
    """Strengthened first; low confidence and unchanged stay out; the page is linked; scraped text is escaped."""
    (alert,) = compose_alerts(DIFF, (TEAM,), context=CONTEXT)
    assert alert.subject == "【承诺】湖北 2026 对 2025：加强 1，消失 1"
    assert alert.change_keys == ("k1", "k2")
    assert "不少于[-8-]人" in alert.text
    assert "不少于[+10+]人" in alert.text
    assert "指标 ↑ 更强：数量要求从“不少于8人”提高到“不少于10人”" in alert.text
    assert "http://127.0.0.1:8765/page/b" in alert.text
    assert "&lt;b&gt;预案" in alert.html
    assert "<b>" not in alert.html
    assert [one["kind"] for one in json.loads(alert.data)["changes"]] == ["strengthened", "dropped"]


def test_the_same_changes_have_the_same_key_and_told_ones_are_left_out() -> None:
    """Composing twice gives one key; what was told before is not told again."""
    (first,) = compose_alerts(DIFF, (TEAM,), context=CONTEXT)
    (again,) = compose_alerts(DIFF, (TEAM,), context=CONTEXT)
    told = Context(NOW, PLACE, {"team": frozenset({"k1", "k2"})})
    assert again.key == first.key
    assert compose_alerts(DIFF, (TEAM,), context=told) == ()


def test_filters() -> None:
    """Province, region, kind, dimension, topic, confidence, language."""

    def keys(**wishes: object) -> list[tuple[str, ...]]:
        return [a.change_keys for a in compose_alerts(DIFF, (replace(TEAM, **wishes),), context=CONTEXT)]

    assert keys(provinces=("hunan",)) == []
    assert keys(regions=("华中",)) == [("k1", "k2")]
    assert keys(kinds=(Kind.DROPPED,)) == [("k2",)]
    assert keys(dimensions=(Dimension.TARGET,)) == [("k1",)]
    assert keys(topics=("消防",)) == [("k1",)]
    assert keys(minimum_confidence=Confidence.LOW) == [("k1", "k2", "k3")]
    assert keys(enabled=False) == []
    (english,) = compose_alerts(DIFF, (replace(TEAM, language="en"),), context=CONTEXT)
    assert english.subject == "[chengnuo] Hubei 2026 against 2025: strengthened 1, dropped 1"


def test_a_first_edition_is_one_note() -> None:
    """No storm of "new"."""
    diff = replace(DIFF, outcome=DiffOutcome.BASELINE, year_old=0)
    (alert,) = compose_alerts(diff, (TEAM,), context=CONTEXT)
    assert (alert.kind, alert.change_keys) == (AlertKind.BASELINE, ())


def test_outcomes_without_a_claim_tell_nobody() -> None:
    """Results only, a stale text, an unreadable side."""
    for outcome in (DiffOutcome.NO_DIRECTIVES, DiffOutcome.STALE_TEXT, DiffOutcome.UNREADABLE):
        assert compose_alerts(replace(DIFF, outcome=outcome), (TEAM,), context=CONTEXT) == ()


def test_an_edition_that_is_mostly_dropped_waits_for_a_person() -> None:
    """More than half dropped is suspicious."""
    gone = tuple(replace(DROPPED, key=f"d{n}", old=(f"o{n}",)) for n in range(1, 6))
    held = compose_alerts(replace(DIFF, changes=gone), (TEAM,), context=CONTEXT)
    assert [(alert.held, alert.change_keys) for alert in held] == [(True, (f"d{n}",)) for n in range(1, 6)]
    (usual,) = compose_alerts(DIFF, (TEAM,), context=CONTEXT)
    assert not usual.held


def test_quiet_hours_and_digests_wait() -> None:
    """11:00 in Shanghai on a Tuesday."""

    def moment(**wishes: object) -> datetime | None:
        return compose_alerts(DIFF, (replace(TEAM, **wishes),), context=CONTEXT)[0].not_before

    assert moment() is None
    assert moment(urgency=Urgency.DAILY) == datetime(2026, 3, 4, 1, tzinfo=UTC)
    assert moment(urgency=Urgency.WEEKLY) == datetime(2026, 3, 9, 1, tzinfo=UTC)
    assert moment(quiet_from="10:00", quiet_to="13:30") == datetime(2026, 3, 3, 5, 30, tzinfo=UTC)


def test_incidents_go_to_those_who_asked() -> None:
    """Opened once, closed once, to subscriptions with incidents = true."""
    opened = Incident(7, IncidentKind.BLOCKED, "fujian", "fujian", "http://x.invalid/", NOW, NOW, 1, "HTTP 412")
    closed = replace(opened, closed_at=NOW, closing_detail="恢复正常")
    asked = replace(TEAM, incidents=True)
    found = [alert.key for alert, _ in incident_alerts((opened, closed), (TEAM, asked), NOW)]
    assert found == ["incident-7", "recovery-7"]


GOLDEN_ZH = """【承诺】湖北 2026 对 2025：加强 1，消失 1

▲ 加强（把握：高） · 二、夯实基层
  2025：每个乡镇专职消防队不少于[-8-]人
  2026：每个乡镇专职消防队不少于[+10+]人
  指标 ↑ 更强：数量要求从“不少于8人”提高到“不少于10人”
  http://127.0.0.1:8765/province/hubei/2026#c-k1

－ 消失（把握：高）
  2025：修订《示例》<b>预案</b>
  http://127.0.0.1:8765/province/hubei/2026#c-k2

新一版原文：http://site.invalid/2026
  留存页面：http://127.0.0.1:8765/page/b"""
GOLDEN_EN = """[chengnuo] Hubei 2026 against 2025: strengthened 1, dropped 1

▲ strengthened (confidence: high) · 二、夯实基层
  2025: 每个乡镇专职消防队不少于[-8-]人
  2026: 每个乡镇专职消防队不少于[+10+]人
  target ↑ stronger: the number rises from “不少于8人” to “不少于10人”
  http://127.0.0.1:8765/province/hubei/2026#c-k1

－ dropped (confidence: high)
  2025: 修订《示例》<b>预案</b>
  http://127.0.0.1:8765/province/hubei/2026#c-k2

newer original: http://site.invalid/2026
  captured page: http://127.0.0.1:8765/page/b"""


def test_golden_messages() -> None:
    """The whole message in both languages: province, years, directive, sentences, reason, confidence, proof."""
    units = (Unit("n1", NEW, 0, len(NEW), "二、夯实基层", 2), *UNITS)
    for language, wanted in (("zh", GOLDEN_ZH), ("en", GOLDEN_EN)):
        diff = replace(DIFF, new_units=units)
        (alert,) = compose_alerts(diff, (replace(TEAM, language=language),), context=CONTEXT)
        assert alert.text == wanted


def test_marked_words_are_escaped_too() -> None:
    """A page's own markup inside a highlight stays text."""
    change = replace(
        RAISED, old_text="<i>旧</i>句", new_text="<b>新</b>句", old_highlights=((0, 8),), new_highlights=((0, 8),)
    )
    (alert,) = compose_alerts(replace(DIFF, changes=(change,)), (TEAM,), context=CONTEXT)
    assert "&lt;i&gt;旧&lt;/i&gt;</del>句" in alert.html
    assert "&lt;b&gt;新&lt;/b&gt;</ins>句" in alert.html
    assert "<b>" not in alert.html


def test_an_edit_after_publication_is_called_one() -> None:
    """Same year on both sides: before and after, not two years."""
    diff = replace(DIFF, outcome=DiffOutcome.REVISION, year_old=2026)
    (alert,) = compose_alerts(diff, (TEAM,), context=CONTEXT)
    assert alert.kind is AlertKind.REVISION
    assert alert.subject == "【承诺】湖北 2026 年通报被修改：加强 1，消失 1"
    assert "  修改前：每个乡镇" in alert.text
    assert "  修改后：每个乡镇" in alert.text

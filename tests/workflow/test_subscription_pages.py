"""Subscriptions made on the pages: the file's checks, the file's own untouched, administrators only."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.guard import Access
from workflow.house import House, open_house
from workflow.serving import subscription_desk
from workflow.settings import load_settings

BASE = "http://127.0.0.1:8765"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(load_settings({}, data=tmp_path)) as opened:
        yield opened


@pytest.fixture
def admin(house: House) -> Iterator[TestClient]:
    """The one person at this machine."""
    app = make_app(
        house.database, access=Access(single_user=True, base_url=BASE), subscription_desk=subscription_desk(house)
    )
    with TestClient(app, base_url=BASE, client=("127.0.0.1", 1), headers={"Origin": BASE}) as client:
        yield client


def _post(client: TestClient, path: str, **fields: str):
    token = re.search(r'name="token" value="([^"]+)"', client.get("/subscriptions/edit").text)
    assert token is not None
    return client.post(path, data={"token": token[1], **fields}, follow_redirects=False)


def test_one_is_made_changed_and_switched(house: House, admin: TestClient) -> None:
    """By form; what is in force follows at once; the history names who did it."""
    wishes = {"name": "值班室", "channel": "mailbox", "provinces": "湖北，河南", "kinds_dropped": "1", "incidents": "1"}
    assert _post(admin, "/subscriptions/edit", **wishes).status_code == 303
    one = next(s for s in house.subscriptions() if s.name == "值班室")
    assert (one.provinces, one.kinds, one.incidents) == (("hubei", "henan"), ("dropped",), True)
    assert "值班室" in admin.get("/subscriptions").text
    assert 'value="hubei' not in admin.get("/subscriptions").text
    assert "湖北，河南" in admin.get("/subscriptions/edit?name=值班室").text
    changed = {"known": "值班室", "channel": "mailbox", "urgency": "daily", "hour": "8"}
    assert _post(admin, "/subscriptions/edit", **changed).status_code == 303
    assert _post(admin, "/subscriptions/switch", name="值班室", do="disable").status_code == 303
    one = next(s for s in house.subscriptions() if s.name == "值班室")
    assert (one.urgency, one.hour, one.enabled, one.provinces) == ("daily", 8, False, ())
    assert [event.action for event in reversed(house.book.history())] == ["create", "update", "disable"]


def _form(page: str) -> dict[str, str]:
    """What a browser would post of the form as it stands."""
    form = page[page.index('action="/subscriptions/edit') :]
    fields = dict(re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"(?![^>]* type="checkbox")', form))
    boxes = re.findall(r'<input type="checkbox" name="([^"]+)" value="1"( checked)?>', form)
    fields = {name: value for name, value in fields.items() if name not in dict(boxes)}
    fields |= {name: "1" for name, checked in boxes if checked}
    chosen = re.findall(
        r'name="([^"]+)"><option value=""></option>(?:<option>[^<]*</option>)*<option selected>([^<]*)<', form
    )
    return fields | dict(chosen)


def test_a_form_saved_as_it_stands_changes_nothing(house: House, admin: TestClient) -> None:
    """Urgent rules, time zone and working days have their fields; open, save, and all is as before."""
    made = {
        "name": "远方",
        "channel": "mailbox",
        "address": "x",
        "time_zone": "Asia/Urumqi",
        "hour": 7,
        "urgency": "daily",
        "working_days_only": True,
        "regions": ["华中"],
        "urgent": [
            {"kinds": ["dropped", "weakened"], "dimensions": ["target"], "minimum_confidence": "high"},
            {"topics": ["消防", "森林"]},
        ],
    }
    house.in_force().overlay.create(made, "local")
    before = next(s for s in house.subscriptions() if s.name == "远方")
    fields = _form(admin.get("/subscriptions/edit?name=远方").text)
    assert _post(admin, "/subscriptions/edit", **fields).status_code == 303
    after = next(s for s in house.subscriptions() if s.name == "远方")
    assert after == before
    assert len(after.urgent) == 2


def test_an_urgent_rule_is_made_and_taken_away_by_form(house: House, admin: TestClient) -> None:
    """And refused with the reason where it makes no sense."""
    wishes = {"name": "值班", "channel": "mailbox", "urgency": "weekly", "time_zone": "Asia/Urumqi"}
    assert _post(admin, "/subscriptions/edit", **wishes, urgent1_kinds_dropped="1").status_code == 303
    one = next(s for s in house.subscriptions() if s.name == "值班")
    assert ([rule.kinds for rule in one.urgent], one.time_zone) == ([("dropped",)], "Asia/Urumqi")
    changed = {"known": "值班", "channel": "mailbox", "urgency": "weekly"}
    assert _post(admin, "/subscriptions/edit", **changed).status_code == 303
    one = next(s for s in house.subscriptions() if s.name == "值班")
    assert (one.urgent, one.time_zone) == ((), "Asia/Shanghai")
    for wrong, words in (
        ({"urgency": "instant", "urgent1_topics": "消防"}, "urgent"),
        ({"urgency": "weekly", "time_zone": "Mars/Base"}, "time_zone"),
    ):
        answer = _post(admin, "/subscriptions/edit", known="值班", channel="mailbox", **wrong)
        assert (answer.status_code, words in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"name": "x", "channel": "mailbox", "provinces": "胡北"}, "胡北"),
        ({"name": "x", "channel": "pigeon"}, "mailbox"),
        ({"name": "x", "channel": "mailbox", "hour": "25"}, "hour"),
        ({"name": "x", "channel": "mailbox", "quiet_from": "22:00"}, "quiet_to"),
        ({"name": "mailbox", "channel": "mailbox"}, "taken"),
        ({"name": "", "channel": "mailbox"}, "name"),
        ({"known": "mailbox", "channel": "mailbox"}, "reviewed file"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_kept(
    house: House, admin: TestClient, wishes: dict[str, str], words: str
) -> None:
    """The key and the allowed values, in the page."""
    answer = _post(admin, "/subscriptions/edit", **wishes)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert house.book.all() == {}


def test_the_files_own_can_only_be_switched(house: House, admin: TestClient) -> None:
    """No form for it; off and on again."""
    assert admin.get("/subscriptions/edit?name=mailbox").status_code == 404
    assert _post(admin, "/subscriptions/switch", name="mailbox", do="disable").status_code == 303
    assert [s.enabled for s in house.subscriptions()] == [False]
    assert _post(admin, "/subscriptions/switch", name="mailbox", do="enable").status_code == 303
    assert [s.enabled for s in house.subscriptions()] == [True]
    assert _post(admin, "/subscriptions/switch", name="nobody", do="enable").status_code == 404


def test_a_stranger_is_sent_to_the_door(house: House) -> None:
    """From another machine nothing of it is seen."""
    app = make_app(house.database, access=Access(base_url=BASE), subscription_desk=subscription_desk(house))
    with TestClient(app, base_url=BASE, client=("203.0.113.9", 1)) as client:
        for path in ("/subscriptions", "/subscriptions/edit"):
            assert client.get(path, follow_redirects=False).status_code in (303, 401)

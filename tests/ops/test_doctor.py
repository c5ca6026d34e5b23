"""init writes what a person begins with; doctor says what works and what to do about the rest."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.calendar import load_calendar
from workflow.doctor import WAYS_OUT, findings
from workflow.health import Sign
from workflow.house import now
from workflow.init import init
from workflow.settings import load_settings

Looked = Callable[..., dict[str, list[Sign]]]


@pytest.fixture
def looked(tmp_path: Path) -> Looked:
    def look(**environment: str) -> dict[str, list[Sign]]:
        found: dict[str, list[Sign]] = {}
        for report in findings(load_settings({f"CHENGNUO_{k}": v for k, v in environment.items()}, data=tmp_path)):
            found.setdefault(report.name, []).append(report)
        return found

    return look


def test_a_fresh_house_is_well(looked: Looked, tmp_path: Path) -> None:
    """After init everything is good, and every part is looked at."""
    assert all(new for _, new in init(load_settings({}, data=tmp_path)))
    found = looked()
    assert [one for reports in found.values() for one in reports if not one.good] == []
    wanted = {"database", "schema", "subscriptions", "calendar", "jobs", "sources", "broker", "mail", "disk", "python"}
    assert wanted | {"fonts", "extras"} <= set(found)


def test_init_never_overwrites(tmp_path: Path) -> None:
    """The second time nothing is written; what a person changed stays."""
    settings = load_settings({}, data=tmp_path)
    files = [file for file, _ in init(settings)]
    files[1].write_text("# mine\n", encoding="utf-8")
    assert not any(new for _, new in init(settings))
    assert files[1].read_text(encoding="utf-8") == "# mine\n"


def test_what_init_writes_is_read_back(tmp_path: Path) -> None:
    """The calendar and the subscriptions are the settings' own at once."""
    list(init(load_settings({}, data=tmp_path)))
    settings = load_settings({}, data=tmp_path)
    assert settings.calendar == tmp_path / "calendar.toml"
    assert settings.subscriptions == tmp_path / "subscriptions.toml"
    assert load_calendar(settings.calendar).following("hubei", now()) is not None


def test_a_missing_secret_and_a_wrong_channel_are_named(looked: Looked, tmp_path: Path) -> None:
    """The variable to set is in the line; with it set the line is gone."""
    (tmp_path / "subscriptions.toml").write_text(
        '[[subscription]]\nname = "team"\nchannel = "wecom"\naddress = "ROOM"\n', encoding="utf-8"
    )
    (bad,) = looked()["channel"]
    assert "CHENGNUO_SECRET_ROOM" in bad.en
    assert not bad.good


def test_a_broker_that_is_away_and_one_that_answers(looked: Looked, valkey: str) -> None:
    """Reachable, its clock compared; away, said so; and without processes the heartbeats are missing."""
    found = looked(BROKER_URL=valkey)
    assert found["broker"][0].good
    assert found["clock"][0].good
    assert not found["worker"][0].good
    assert not looked(BROKER_URL="redis://127.0.0.1:1/0")["broker"][0].good


def test_a_broken_file_is_named_and_the_rest_is_still_looked_at(looked: Looked, tmp_path: Path) -> None:
    """calendar.toml is wrong: its line says so, disk and sources are still reported."""
    (tmp_path / "calendar.toml").write_text('every = "often"', encoding="utf-8")
    found = looked()
    assert not found["calendar"][0].good
    assert "calendar.toml: every" in found["calendar"][0].en
    assert found["disk"][0].good


def test_everything_that_can_be_unwell_names_a_way_out(looked: Looked, tmp_path: Path) -> None:
    """No line without an arrow: a house where nothing is right, and every name a good house shows has its way out."""
    list(init(load_settings({}, data=tmp_path)))
    by_themselves = {"fonts", "extras", "search"}  # never bad, or their line is the way out
    assert set(looked()) - set(WAYS_OUT) <= by_themselves
    (tmp_path / "calendar.toml").write_text('every = "never"', encoding="utf-8")
    (tmp_path / "subscriptions.toml").write_text("[[subscription", encoding="utf-8")
    ill = looked(BROKER_URL="redis://127.0.0.1:1/0", SMTP_URL="smtp://127.0.0.1:1")
    bad = {name: signs[0] for name, signs in ill.items() if not signs[0].good}
    assert {"calendar", "subscriptions", "broker", "mail", "worker", "relay", "beat"} <= set(bad)
    assert [name for name, sign in bad.items() if " → " not in sign.en or " → " not in sign.zh] == []


def test_the_command_prints_a_link_for_the_first_admin(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    """`chengnuo init` ends with the link and what to do next; `doctor` exits 0."""
    told = run("init", data=tmp_path / "d")
    assert told.returncode == 0, told.stderr
    assert "/welcome/" in told.stdout
    assert run("doctor", data=tmp_path / "d").returncode == 0

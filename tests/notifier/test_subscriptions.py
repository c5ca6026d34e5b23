"""A subscriptions file is taken whole, or refused with file, line, key and what is allowed."""

from pathlib import Path

import pytest

from notifier.subscriptions import default_subscriptions, load_subscriptions
from schema.alerts import Urgency
from schema.changes import Confidence, Kind
from schema.errors import ChengnuoError

GOOD = """
[[subscription]]
name = "华中组"
channel = "email"
address = "team@example.invalid"
provinces = ["湖北", "410000"]
kinds = ["strengthened", "dropped"]
minimum_confidence = "high"
urgency = "daily"
quiet_from = "22:00"
quiet_to = "07:30"
"""


def test_a_good_file(tmp_path: Path) -> None:
    """Provinces in any spelling become slugs; words become enums."""
    file = tmp_path / "s.toml"
    file.write_text(GOOD, encoding="utf-8")
    (one,) = load_subscriptions(file)
    assert one.provinces == ("hubei", "henan")
    assert one.kinds == (Kind.STRENGTHENED, Kind.DROPPED)
    assert (one.minimum_confidence, one.urgency) == (Confidence.HIGH, Urgency.DAILY)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('"湖北"', '"胡北"', 6, "provinces"),
        ('"email"', '"pigeon"', 4, "mailbox"),
        ('"dropped"', '"lost"', 7, "unchanged"),
        ('"22:00"', '"10 pm"', 10, "22:00"),
        ("urgency", "urgensy", 9, "known keys"),
        ('"high"', '"sure"', 8, "medium"),
        ('address = "team@example.invalid"\n', "", 2, "address"),
    ],
)
def test_a_mistake_names_line_key_and_way_out(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    """One line for a person."""
    file = tmp_path / "s.toml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ChengnuoError) as problem:
        load_subscriptions(file)
    assert f"{file}:{line}" in str(problem.value)
    assert words in str(problem.value)


def test_without_a_file_everything_goes_to_the_mailbox(tmp_path: Path) -> None:
    """The demo's default."""
    (one,) = default_subscriptions(tmp_path)
    assert (one.channel, one.address, one.incidents) == ("mailbox", str(tmp_path), True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subscription = [1]", "[[subscription]]"),
        ('subscription = [{ name = "a", chanel = "email" }]', "known keys"),
        ('other = "x"', "[[subscription]]"),
        (GOOD.replace('quiet_to = "07:30"\n', ""), "needs quiet_to"),
        (GOOD + "hour = true\n", "hour"),
        (GOOD + GOOD, "stands twice"),
        ("[[subscription]", "line 1"),
    ],
)
def test_no_shape_of_a_file_ends_in_anything_but_one_line(tmp_path: Path, text: str, words: str) -> None:
    """Inline arrays, wrong types, half a pair, a name twice, no TOML at all."""
    file = tmp_path / "s.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ChengnuoError) as problem:
        load_subscriptions(file)
    assert words in str(problem.value)
    assert "\n" not in str(problem.value)

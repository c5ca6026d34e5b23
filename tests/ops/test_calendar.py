"""The calendar: dense in the season, sparse outside, jittered, never on the hour or the half, caught up once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler.registry import load_sources
from schema.errors import ConfigurationError
from workflow.calendar import SHIPPED, Calendar, load_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SLUGS = [source.slug for source in load_sources()]


def _visits(calendar: Calendar, slug: str, since: datetime, until: datetime) -> list[datetime]:
    found = []
    moment = calendar.following(slug, since)
    while moment is not None and moment < until:
        found.append(moment)
        moment = calendar.following(slug, moment)
    return found


def _per_day(month: int) -> float:
    since = datetime(2026, month, 1, tzinfo=SHANGHAI)
    days = 20
    visits = [_visits(load_calendar(), slug, since, since + timedelta(days=days)) for slug in SLUGS]
    return sum(map(len, visits)) / len(SLUGS) / days


def test_the_shipped_calendar_is_dense_in_the_season_and_sparse_outside() -> None:
    """Every two hours from 5 January, every four in December and March, every two days in July."""
    assert _per_day(1) == pytest.approx((4 * 6 + 16 * 12) / 20, abs=0.3)
    assert _per_day(12) == pytest.approx(6, abs=0.3)
    assert _per_day(3) == pytest.approx(6, abs=0.3)
    assert _per_day(7) == pytest.approx(0.5, abs=0.1)


def test_nobody_comes_on_the_hour_or_the_half_and_sources_are_spread() -> None:
    """A winter's day: no visit at :00 or :30, and no minute holds more than a handful of sources."""
    since = datetime(2026, 1, 20, tzinfo=SHANGHAI)
    visits = [v for slug in SLUGS for v in _visits(load_calendar(), slug, since, since + timedelta(days=1))]
    minutes = [visit.minute for visit in visits]
    assert not {0, 30} & set(minutes)
    assert max(minutes.count(minute) for minute in set(minutes)) < len(visits) / 10


def test_moments_follow_from_names_alone() -> None:
    """Two calendars, two processes: the same moments; two sources: different ones."""
    now = datetime(2026, 1, 20, 3, tzinfo=UTC)
    assert load_calendar().latest("hubei", now) == load_calendar().latest("hubei", now)
    assert len({load_calendar().latest(slug, now) for slug in SLUGS}) == len(SLUGS)


@pytest.mark.parametrize("month", range(1, 13))
def test_the_last_moment_and_the_next_one_meet(month: int) -> None:
    """At any time of the year the next moment after the last one is the next one: none is skipped, none is doubled."""
    calendar = load_calendar()
    for day in (1, 5, 25, 28):
        now = datetime(2026, month, day, 4, 17, tzinfo=UTC)
        for slug in SLUGS[::6]:
            last, following = calendar.latest(slug, now), calendar.following(slug, now)
            assert last is not None
            assert following is not None
            assert last <= now < following
            assert calendar.following(slug, last) == following


def test_a_source_of_its_own_and_one_that_is_never_visited(tmp_path: Path) -> None:
    """[source.slug] wins over the seasons."""
    file = tmp_path / "calendar.toml"
    file.write_text('every = "never"\n[source.hubei]\nevery = "1h"\n', encoding="utf-8")
    calendar, now = load_calendar(file), datetime(2026, 1, 20, 3, 20, tzinfo=UTC)
    assert calendar.latest("hunan", now) is None
    assert calendar.following("hunan", now) is None
    last = calendar.latest("hubei", now)
    assert last is not None
    assert now - last < timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("every = ", "TOML"),
        ('evry = "2h"', "evry"),
        ('every = "30m"', "1h"),
        ('every = "2h"\ntime_zone = "Mars/Base"', "Mars/Base"),
        ('every = "2h"\n[[season]]\nfrom = "12-41"\nto = "03-31"\nevery = "4h"', "12-41"),
        ('every = "2h"\n[[season]]\nfrom = "12-01"', "from, to and every"),
        ('every = "2h"\n[source.hubei]\nevery = 5', "source.hubei.every"),
    ],
)
def test_a_wrong_line_is_named_with_the_way_out(tmp_path: Path, text: str, names: str) -> None:
    """File, key, what is allowed."""
    file = tmp_path / "calendar.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_calendar(file)
    assert names in str(caught.value)
    assert str(file) in str(caught.value)


def test_the_shipped_file_is_a_calendar() -> None:
    """What `calendar --write` copies loads as it stands."""
    assert load_calendar(SHIPPED).zone == SHANGHAI

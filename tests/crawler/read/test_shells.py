"""One announcement in the shells of many content systems: always the same body, title, day and commitments."""

from datetime import UTC, datetime

import pytest

from bench.shells import DAY, PARAGRAPHS, SHELLS, TITLE, Shell
from crawler.read.page import read_page
from schema.announcements import Outcome, Page


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell.name)
def test_a_shell_changes_nothing(shell: Shell, encoding: str) -> None:
    """Body to the paragraph, title without the site's name, the day it was published, five tasks, one target."""
    page = Page(shell.url, "sample", 200, shell.write().encode(encoding), datetime(2026, 2, 1, tzinfo=UTC))
    reading = read_page(page)
    assert reading.outcome is Outcome.ARTICLE
    assert reading.title == TITLE
    assert reading.body.split("\n") == list(PARAGRAPHS)
    assert reading.published is not None
    assert f"{reading.published:%Y-%m-%d}" == DAY
    (announcement,) = reading.announcements
    assert (announcement.province, announcement.plan_year, announcement.quarantine) == ("hubei", 2026, None)
    assert [len(one.commitments) for one in announcement.directives] == [2, 2]
    assert [target.quote for one in announcement.commitments for target in one.targets] == [
        "不少于10人",
        "每月开展一次",
    ]

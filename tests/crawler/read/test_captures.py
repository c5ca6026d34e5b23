"""Whatever a site answers instead of an article has its outcome and its evidence, and makes no announcement."""

from datetime import UTC, datetime

import pytest

from bench.captures import CAPTURES, Capture
from crawler.read.page import read_page
from schema.announcements import Outcome, Page


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda capture: capture.name)
def test_an_answer_that_is_no_article_says_what_it_is(capture: Capture) -> None:
    """The outcome, with the words that gave it away."""
    now = datetime(2026, 2, 1, tzinfo=UTC)
    page = Page("http://yjt.example.invalid/a.html", "sample", capture.status, capture.body, now, capture.headers)
    reading = read_page(page)
    assert (reading.outcome, reading.announcements) == (capture.outcome, ())
    assert reading.detail or capture.outcome is Outcome.LIST


def test_every_outcome_has_its_capture() -> None:
    """Nothing is left out but the article itself."""
    assert {capture.outcome for capture in CAPTURES} == set(Outcome) - {Outcome.ARTICLE}

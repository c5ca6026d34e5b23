"""Tampered texts are held back with the words that show it; honest texts that look odd are not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.poison import Sample, is_told, samples
from crawler.read.announcements import read_body
from crawler.read.page import read_page
from sample.texts import all_texts
from schema.announcements import Page

REAL = Path(__file__).parents[4] / "shared" / "pages" / "real"
GOLD = sorted((Path(__file__).parents[3] / "bench" / "gold").glob("*.t[sx][vt]"))
TASKS = "全省应急管理工作会议召开。会议要求，2026年要组建不少于10人的专职消防队，每季度通报一次进展情况。"


def _page(words: str) -> Page:
    body = f"<div class='TRS_UEDITOR'><p>{TASKS}</p><p>{words}</p></div>".encode()
    return Page("http://127.0.0.1/a.html", "sample", 200, body, datetime(2026, 2, 1, tzinfo=UTC))


def test_there_are_samples_enough_of_both_kinds() -> None:
    """At least 25 tampered texts and 60 honest ones."""
    assert sum(one.poisoned for one in samples()) >= 25
    assert sum(not one.poisoned for one in samples()) >= 60


@pytest.mark.parametrize("sample", samples(), ids=lambda one: one.text[:12])
def test_tampering_is_told_from_odd_but_honest_prose(sample: Sample) -> None:
    """5G, 12350, VOCs, Φ500, 棋牌室, bullets and check boxes pass; injected words, letters, advertising do not."""
    assert is_told(sample.text) is sample.poisoned


@pytest.mark.parametrize("sample", [one for one in samples() if one.poisoned], ids=lambda one: one.text[:12])
def test_a_tampered_announcement_is_held_back_with_its_words(sample: Sample) -> None:
    """Poison is named before anything else, with evidence."""
    held = read_body(f"{TASKS}\n{sample.text}", "hubei", 2026).quarantine
    assert held is not None
    assert held.reason.value == "poisoned"
    assert held.evidence
    assert held.detail


def test_what_splits_words_unseen_is_found_in_a_page_and_its_text_is_clean() -> None:
    """Entities count like characters; a few of them, as editors leave, are only taken out."""
    split = "&#8203;".join("会议强调要加强矿山监管完善应急预案")
    (held,) = read_page(_page(split)).announcements
    assert held.quarantine is not None
    assert held.quarantine.reason.value == "poisoned"
    assert "加强矿山监管" in held.body
    reading = read_page(_page("加&#8203;强矿山&#8203;监管。"))
    assert reading.announcements[0].quarantine is None
    assert "加强矿山监管" in reading.body


def test_no_text_of_the_project_is_held_for_poisoned() -> None:
    """Every sample announcement and labelled text that ships with the project."""
    assert [text.slug for text in all_texts() if is_told(text.body)] == []
    assert [file.name for file in GOLD if is_told(file.read_text(encoding="utf-8"))] == []


@pytest.mark.skipif(not REAL.is_dir(), reason="the real pages are not here")
def test_no_real_page_is_held_for_poisoned() -> None:
    """Government sites, newspapers, WeChat."""
    for file in sorted(REAL.glob("*.html")):
        page = Page("http://127.0.0.1/a.html", "sample", 200, file.read_bytes(), datetime(2027, 1, 1, tzinfo=UTC))
        reading = read_page(page)
        assert not is_told(reading.body)
        assert [one for one in reading.announcements if one.quarantine and one.quarantine.reason == "poisoned"] == []

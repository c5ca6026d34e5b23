"""The bytes decide, whatever header and meta tag claim."""

import random
from datetime import UTC, datetime

import pytest

from bench.encodings import CLAIMED, PAGES, TRUE, cases, is_right
from crawler.read.decode import decode
from crawler.read.page import read_page
from sample.texts import all_texts
from schema.announcements import Outcome, Page


@pytest.mark.parametrize("true", TRUE)
def test_a_misdeclared_page_is_read_to_the_letter(true: str) -> None:
    """Sixty pages under six claims of header and meta tag, in each of six encodings: not one character is lost."""
    tried = list(cases(true))
    assert len(tried) == PAGES * len(CLAIMED) == 360
    assert {case.claimed for case in tried} == set(CLAIMED)
    assert [case for case in tried if not is_right(case)] == []


@pytest.mark.parametrize("true", ["utf-8", "gb18030", "utf-16"])
def test_a_damaged_page_is_still_told_from_its_neighbours(true: str) -> None:
    """Forty broken bytes, titles cut inside a character: what is left is Chinese, not the other encoding's letters."""
    chance = random.Random(7)
    for case in list(cases(true))[::6]:
        body = bytearray(case.page.body)
        for _ in range(40):
            body[chance.randrange(2, len(body))] = chance.choice((0xFF, 0x80, 0xE5))
        assert decode(bytes(body)).encoding.startswith(true)


@pytest.mark.parametrize("true", ["utf-16-le", "utf-16-be"])
def test_unmarked_utf_16_is_known_by_its_zero_bytes(true: str) -> None:
    """A plain text without a tag in it: 一 and 开 have zero bytes of their own, on the other side."""
    for text in all_texts()[:PAGES]:
        assert decode(text.body.encode(true)).text == text.body


def test_a_damaged_page_says_how_much_was_lost() -> None:
    """A few broken bytes are replaced and counted; a page of noise is undecodable."""
    good = "全省应急管理工作会议召开。".encode() * 40
    damaged = decode(good[:100] + b"\xff\xfe\xff" + good[100:])
    assert damaged.readable
    assert damaged.lost > 0
    noise = Page("http://127.0.0.1/n", "sample", 200, bytes(range(128, 256)) * 40, datetime(2026, 2, 1, tzinfo=UTC))
    assert read_page(noise).outcome is Outcome.UNDECODABLE


def test_a_truncated_page_is_read_as_far_as_it_goes() -> None:
    """Cut in the middle of a character: the rest stands."""
    body = (
        "<div class=TRS_UEDITOR><p>全省应急管理工作会议召开，要求每个乡镇组建不少于10人的队伍。</p><p>第二段".encode()
    )
    reading = read_page(Page("http://127.0.0.1/t", "sample", 200, body[:-1], datetime(2026, 2, 1, tzinfo=UTC)))
    assert "不少于10人" in reading.body

"""One announcement told twice on one page is told once."""

import pytest

from crawler.read.announcements import read_text

WHOLE = "会议要求，2026年要组建不少于10人的专职消防队，每季度通报一次进展。开展矿山排查。"
PART = "会议强调，每季度通报一次进展，开展矿山排查。"
OTHER = "会议要求，2026年要改造老旧燃气管道300公里，配齐乡镇应急广播。"


def _reasons(*entries: tuple[str, str]) -> list[str | None]:
    numbered = zip("一二三四", (*entries, ("江西省", OTHER)), strict=False)
    text = "2026年各地应急管理工作会议\n" + "\n".join(f"{n}、{name}\n{body}" for n, (name, body) in numbered)
    *told, last = [one.quarantine.reason.value if one.quarantine else None for one in read_text(text)]
    assert last is None
    return told


@pytest.mark.parametrize(
    ("entries", "reasons"),
    [
        ((("湖北省", WHOLE), ("湖北省", WHOLE.replace("，", ","))), [None, "duplicate_of"]),
        ((("湖北省", PART), ("湖北省", WHOLE)), ["duplicate_of", None]),
        ((("湖北省", WHOLE), ("湖北省", OTHER)), [None, None]),
        ((("湖北省", WHOLE), ("湖南省", WHOLE)), [None, None]),
        ((("湖北省", WHOLE), ("湖北省", PART), ("湖北省", WHOLE)), [None, "duplicate_of", "duplicate_of"]),
    ],
)
def test_an_entry_that_says_no_more_than_another_is_its_duplicate(
    entries: tuple[tuple[str, str], ...], reasons: list[str | None]
) -> None:
    """The later of two alike, the part beside the whole; another text, or another province's, is none."""
    assert _reasons(*entries) == reasons

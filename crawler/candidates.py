"""Which lines of a list page may be a province's yearly work conference, and why the others are not.

The title decides; inside the season a title that says nothing is fetched and left to the reader, because
some provinces announce their conference under the name of a programme (实施“六六行动”…).
"""

from __future__ import annotations

import re

from crawler.entries import Entry
from crawler.read.conference import CONFERENCE, lookalike
from schema.announcements import Source

_TELLING = re.compile(
    r"会议|部署|行动|双下降|安全体系|应急管理|安全生产|防灾减灾|开局|工程|攻坚|提升年|成绩单|答卷|这一年"
)
_SEASON = range(1, 3)


def refusal(entry: Entry, source: Source) -> str | None:
    """Why an entry is not worth a request, or None when it is a candidate."""
    title = re.sub(r"\s+", "", entry.title)
    conference = bool(CONFERENCE.search(title))
    if not conference and not _in_season(entry):
        return "no_conference"
    reason = lookalike(title, source.province)
    if reason is not None:
        return reason
    return None if conference or _TELLING.search(title) else "no_conference"


def _in_season(entry: Entry) -> bool:
    return entry.published is not None and entry.published.month in _SEASON

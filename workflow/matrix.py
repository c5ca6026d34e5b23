"""The matrix on a terminal: provinces by region, one column a plan year, no blank without a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from schema.announcements import Source
from schema.changes import DiffOutcome, YearlyDiff
from schema.incidents import IncidentKind
from schema.provinces import PROVINCES, Province, Region
from schema.words import INCIDENTS
from workflow.house import House
from workflow.overdue import marked_year
from workflow.say import Voice
from workflow.show import SHOWN

_REGIONS = list(Region)
_IN_THE_WAY = frozenset(
    {IncidentKind.BLOCKED, IncidentKind.UNREADABLE, IncidentKind.UNREACHABLE, IncidentKind.TLS, IncidentKind.SILENT}
)


def print_matrix(house: House, voice: Voice, years: Sequence[int], sources: Sequence[Source] = ()) -> None:
    """Print the table of what is known about every province that has a source or an edition."""
    known = {province for province, _ in house.archive.editions()} | {s.province for s in sources if s.province}
    newest = max(years, default=0)
    known |= {i.province for i in house.incidents.all() if i.province}
    table = Table(title=voice.tr("全国一览", "all provinces"), title_justify="left", box=None, padding=(0, 2, 0, 0))
    table.add_column(voice.tr("大区", "region"))
    table.add_column(voice.tr("省份", "province"))
    for year in years:
        table.add_column(str(year), overflow="fold")
    last = None
    for province in sorted(PROVINCES, key=lambda p: (_REGIONS.index(p.region), p.code)):
        if province.slug not in known:
            continue
        name = province.short if voice.lang == "zh" else province.slug
        region = province.region.value if province.region != last else ""
        table.add_row(region, name, *(matrix_cell(house, voice, province, year, newest) for year in years))
        last = province.region
    voice.console.print()
    voice.console.print(table)
    legend = "  ".join(f"{mark} {voice.tr(zh, en)}" for mark, zh, en, _ in SHOWN.values())
    voice.line(legend, legend, "dim")


def matrix_cell(house: House, voice: Voice, province: Province, year: int, newest: int) -> Text:
    """What a province's year comes to: counts, or the reason why there are none. ``newest``: the last year shown."""
    kept = house.comparisons.diff(province.slug, year)
    if kept is not None:
        return _counts(voice, kept.diff)
    for announcement in house.archive.announcements(year, province.slug):
        held_back = announcement.announcement.quarantine
        if held_back is not None:
            why = f"{held_back.reason.value} {held_back.period or ''}".strip()
            return Text(voice.tr(f"存疑（{why}）", f"held back ({why})"), style="yellow")
    return _nothing(house, voice, province, year, newest=year == newest)


def _nothing(house: House, voice: Voice, province: Province, year: int, *, newest: bool) -> Text:
    """Why there is no text: what stands in the way now, lateness of this year, or nothing was published."""
    own = [one for one in house.incidents.open() if one.province == province.slug]
    late = [i for i in own if i.kind is IncidentKind.OVERDUE and marked_year(i.url or "") == year]
    if late:
        return Text(voice.tr("逾期未见", "overdue"), style="yellow")
    for incident in own:
        if incident.kind in _IN_THE_WAY and (newest or incident.opened_at.year <= year):
            zh, en = INCIDENTS[incident.kind]
            return Text(voice.tr(f"未取到（{zh}）", f"not fetched ({en})"), style="red")
    return Text(voice.tr("未发布", "not published"), style="dim")


def _counts(voice: Voice, diff: YearlyDiff) -> Text:
    if diff.outcome is DiffOutcome.BASELINE:
        number = len(diff.new_units)
        return Text(voice.tr(f"基线 {number} 条", f"baseline, {number}"), style="cyan")
    if diff.outcome is not DiffOutcome.OK:
        return Text(diff.outcome.value, style="yellow")
    counts = Counter(change.kind for change in diff.changes)
    shown = Text()
    for kind, (mark, _, _, style) in SHOWN.items():
        if counts[kind]:
            shown.append(f"{mark}{counts[kind]} ", style=style)
    return shown

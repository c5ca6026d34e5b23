"""explain: the trail behind one change."""

from __future__ import annotations

import click

from differ.compare import side_of
from differ.lexicon import load_lexicon
from differ.trail import explain as retell
from schema.errors import UsageError
from workflow.context import Context
from workflow.show import print_change, trail_lines


@click.command()
@click.argument("change")
@click.pass_obj
def explain(context: Context, /, change: str) -> int:
    """打印一条变化的来龙去脉。Print the trail of one change: candidates, scores, rules."""
    voice = context.voice()
    with context.house() as house:
        found = house.comparisons.change(change)
        earlier = house.archive.version(found[0].earlier_id) if found else None
        later = house.archive.version(found[0].later_id) if found else None
    if found is None or earlier is None or later is None:
        raise UsageError(f"{change}: 没有这条变化 no such change; the pages and alerts show the keys")
    trail = retell((side_of(earlier.announcement), side_of(later.announcement)), found[1], load_lexicon())
    print_change(voice, found[0].diff, found[1])
    for line in trail_lines(trail):
        voice.line(line, line)
    return 0


COMMANDS = (explain,)

"""collect, import, compare, read-again: from the web to the diffs."""

from __future__ import annotations

from pathlib import Path

import click

from schema.announcements import Source
from schema.errors import UsageError
from schema.provinces import find_province
from workflow.context import Context
from workflow.house import all_sources


def chosen_sources(context: Context, slugs: tuple[str, ...]) -> tuple[Source, ...]:
    """The sources named, or all. Raises UsageError for a slug that is none."""
    sources = all_sources(context.settings)
    if not slugs:
        return sources
    known = {source.slug for source in sources}
    for slug in slugs:
        if slug not in known:
            raise UsageError(f"{slug}: 没有这个来源 no such source; `chengnuo sources list` shows all {len(known)}")
    return tuple(source for source in sources if source.slug in slugs)


@click.command()
@click.argument("slugs", nargs=-1)
@click.option("--since", type=click.IntRange(2018, 2100), help="往回翻到哪个年度 back to which plan year")
@click.option("--dry-run", is_flag=True, help="只列出会抓取什么 only print what would be fetched")
@click.pass_obj
def collect(context: Context, /, slugs: tuple[str, ...], since: int | None, dry_run: bool) -> int:
    """抓取来源，保存新内容，并规整。Crawl the sources (all by default), keep what is new, read it."""
    from workflow.trip import crawl_and_read

    voice, sources = context.voice(), chosen_sources(context, slugs)
    with context.house() as house:
        result = crawl_and_read(house, sources, voice, since=since, dry_run=dry_run)
        for incident in result.watch.opened:
            voice.line(
                f"故障 {incident.kind.value}：{incident.source} {incident.url or ''} {incident.detail}",
                f"incident {incident.kind.value}: {incident.source} {incident.url or ''} {incident.detail}",
                "yellow",
            )
        return 1 if house.incidents.open() or result.crawl.errors else 0


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--province", help="省份 province")
@click.option("--year", type=click.IntRange(2000, 2100), help="计划年度 plan year")
@click.option("--url", help="原文地址 original address")
@click.pass_obj
def import_(
    context: Context, /, files: tuple[Path, ...], province: str | None, year: int | None, url: str | None
) -> int:
    """把本地页面或文本存为“导入”来源。Keep local pages or texts as a source of rank import."""
    from workflow.collecting import import_files
    from workflow.comparing import compare_pending

    slug = find_province(province).slug if province else None
    voice = context.voice()
    with context.house() as house:
        for reading in import_files(house, files, province=slug, year=year, url=url):
            for a in reading.announcements:
                mark = f"  [{a.quarantine.reason.value} {a.quarantine.period or ''}]" if a.quarantine else ""
                found = f"{a.province} {a.plan_year}: {len(a.directives)} / {len(a.commitments)}{mark}"
                voice.line(f"已导入 {found}", f"imported {found}")
        compare_pending(house)
    return 0


@click.command()
@click.argument("province", required=False)
@click.argument("year", required=False, type=int)
@click.option("--all", "everything", is_flag=True, help="全部省份 every province (default)")
@click.pass_obj
def compare(context: Context, /, province: str | None, year: int | None, everything: bool) -> int:
    """比较年度版本并排好告警。Compare editions and queue alerts."""
    from workflow.comparing import compare_pending

    del everything
    provinces = [find_province(province).slug] if province else None
    voice = context.voice()
    with context.house() as house:
        summary = compare_pending(house, provinces, year)
    made = len(summary.diffs)
    voice.line(f"新对照 {made} 份，排入告警 {summary.queued} 条", f"{made} new diffs, {summary.queued} alerts queued")
    return 0


@click.command("read-again")
@click.pass_obj
def read_again(context: Context) -> int:
    """用今天的规整器重读已存页面；不告警。Re-read kept pages with today's normaliser; alerts nobody."""
    from workflow.collecting import read_kept
    from workflow.comparing import compare_pending

    voice = context.voice()
    with context.house() as house, voice.progress("重读页面", "reading pages again") as step:
        summary = read_kept(house, all_sources(context.settings), step.advance)
        compared = compare_pending(house)
    total, fresh = sum(summary.outcomes.values()), len(summary.versions)
    voice.line(
        f"读了 {total} 页，{fresh} 个新版本（技术性），{len(compared.diffs)} 份对照重算",
        f"{total} pages read, {fresh} new versions (technical), {len(compared.diffs)} diffs made anew",
    )
    return 0


COMMANDS = (collect, import_, compare, read_again)

"""collect, import, compare, read-again: from the web to the diffs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from schema.announcements import Source
from schema.errors import UsageError
from schema.provinces import find_province
from workflow.context import Context
from workflow.house import House, all_sources
from workflow.moments import as_of
from workflow.say import Voice


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
        return 1 if house.incidents.open() or result.crawl.errors or result.crawl.out_of_time else 0


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--province", help="省份 province")
@click.option("--year", type=click.IntRange(2000, 2100), help="计划年度 plan year")
@click.option("--url", help="原文地址 original address")
@click.option("--resume", is_flag=True, help="接着上次：已存已读的不再打开 go on: pass over what is kept and read")
@click.pass_obj
def import_(context: Context, /, files: tuple[Path, ...], *, resume: bool, **told: Any) -> int:
    """导入本地页面、整个文件夹或 WARC。Keep local pages, whole folders or WARCs as a source of rank import."""
    from workflow.collecting import import_files
    from workflow.comparing import compare_pending
    from workflow.importing import is_archive

    if resume or any(file.is_dir() or is_archive(file) for file in files):
        if any(told.values()):
            raise UsageError(
                "--province/--year/--url 只用于单个文件 are for single files, not for folders and archives"
            )
        return _import_all(context, files, resume=resume)
    slug = find_province(told["province"]).slug if told["province"] else None
    voice = context.voice()
    with context.house() as house:
        for reading in import_files(house, files, province=slug, year=told["year"], url=told["url"]):
            for a in reading.announcements:
                mark = f"  [{a.quarantine.reason.value} {a.quarantine.period or ''}]" if a.quarantine else ""
                found = f"{a.province} {a.plan_year}: {len(a.directives)} / {len(a.commitments)}{mark}"
                voice.line(f"已导入 {found}", f"imported {found}")
        _look_at_imports(house)
        compare_pending(house)
    return 0


def _look_at_imports(house: House) -> None:
    """Open or close incidents about imported files; the sites are not this command's business."""
    from workflow.delivering import queue_incidents
    from workflow.watch import watch

    seen = watch(house, ())
    queue_incidents(house, (*seen.opened, *seen.closed))


def _import_all(context: Context, places: tuple[Path, ...], *, resume: bool) -> int:
    from workflow.comparing import compare_pending
    from workflow.importing import import_all

    voice = context.voice()
    with context.house() as house:
        with voice.progress("导入文件", "importing files") as step:
            found = import_all(house, places, resume=resume, advance=step.advance)
        _look_at_imports(house)
        compare_pending(house)
    for line in found.troubles:
        voice.line(f"  {line}", f"  {line}", "yellow")
    voice.line(
        f"新存 {found.pages} 页，已有 {found.known} 页，{found.versions} 个新版本，{len(found.editions)} 个省份年度",
        f"{found.pages} pages kept, {found.known} known, {found.versions} new versions, {len(found.editions)} editions",
    )
    return 1 if found.troubles else 0


@click.command()
@click.argument("province", required=False)
@click.argument("year", required=False, type=int)
@click.option("--all", "everything", is_flag=True, help="全部省份 every province (default)")
@click.option(
    "--as-of", "day", metavar="DATE", help="重述那一天说过的对照；不比较、不保存 what was said that day; keeps nothing"
)
@click.pass_obj
def compare(context: Context, /, province: str | None, year: int | None, *, day: str | None, everything: bool) -> int:
    """比较年度版本并排好告警。Compare editions and queue alerts."""
    from workflow.comparing import compare_pending

    del everything
    slug = find_province(province).slug if province else None
    voice = context.voice()
    with context.house() as house:
        if day is not None:
            return _said(house, voice, (slug, year), as_of(day))
        summary = compare_pending(house, [slug] if slug else None, year)
    made = len(summary.diffs)
    voice.line(f"新对照 {made} 份，排入告警 {summary.queued} 条", f"{made} new diffs, {summary.queued} alerts queued")
    return 0


def _said(house: House, voice: Voice, asked: tuple[str | None, int | None], moment: datetime | None) -> int:
    """Print every diff as it stood at a moment."""
    from workflow.show import print_change, telling

    found = house.comparisons.counts(asked[1], moment)
    chosen = [key for key in found if asked[0] in {None, key[0]}]
    for slug, plan_year in chosen:
        kept = house.comparisons.diff(slug, plan_year, moment)
        if kept is None:
            continue
        counts = "  ".join(f"{kind.value} {number}" for kind, number in sorted(found[slug, plan_year].kinds.items()))
        years = f"{kept.diff.year_old}→{plan_year}"
        told = f"{slug} {years}  {kept.diff.outcome.value}  {counts}  ({kept.made_at.isoformat()})"
        voice.line(told, told, "bold")
        if asked[0] is not None:
            for diff, change in telling([(kept.diff, change) for change in kept.diff.changes]):
                print_change(voice, diff, change)
    if not chosen:
        voice.line("那时还没有对照", "there was no comparison then")
    return 0


@click.command("read-again")
@click.option("--processes", type=click.IntRange(1, 64), help="用几个进程 how many processes [每核一个 one a core]")
@click.pass_obj
def read_again(context: Context, /, processes: int | None) -> int:
    """用今天的规整器重读已存页面；不告警，可续跑。Re-read kept pages; alerts nobody; may be stopped and resumed."""
    from workflow.rereading import read_again as reread
    from workflow.rereading import summary_lines

    voice = context.voice()
    with context.house() as house, voice.progress("重读页面", "reading pages again") as step:
        found = reread(house, all_sources(context.settings), step.advance, processes)
    voice.line(
        f"读了 {found.pages} 页，{found.changed} 页读法有变（技术性），"
        f"{found.diffs} 份对照重算，告警 {found.queued} 条",
        f"{found.pages} pages read, {found.changed} read otherwise (technical), {found.diffs} diffs made anew, "
        f"{found.queued} alerts queued",
    )
    for line in summary_lines(found):
        voice.line(line, line)
    return 0


COMMANDS = (collect, import_, compare, read_again)

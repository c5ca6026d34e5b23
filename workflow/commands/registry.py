"""sources list, show, check, add: the registry of what is watched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from schema.announcements import Rank
from schema.errors import ConfigurationError
from workflow.commands.crawling import chosen_sources
from workflow.context import Context
from workflow.house import all_sources, now


@click.group()
def sources() -> None:
    """来源登记。The registry of sources."""


@sources.command("list")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def sources_list(context: Context, /, as_json: bool) -> int:
    """列出全部来源。List every source; unverified columns are marked."""
    found = all_sources(context.settings)
    if as_json:
        for source in found:
            row: dict[str, Any] = {
                "slug": source.slug,
                "name": source.name,
                "kind": source.kind.value,
                "rank": int(source.rank),
            }
            row |= {"province": source.province, "urls": list(source.urls), "verified": source.verified}
            click.echo(json.dumps(row, ensure_ascii=False))
        return 0
    voice = context.voice()
    for source in found:
        column = "，".join(source.urls) if source.urls else voice.tr("栏目未知", "column unknown")
        mark = "" if source.verified else voice.tr("  栏目未核实", "  column unverified")
        click.echo(f"{source.slug:<16} {source.name}  {column}{mark}")
    return 0


@sources.command("show")
@click.argument("slug")
@click.option("--reason", help="只看一个原因 one reason only")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="标题个数 titles")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def sources_show(context: Context, /, slug: str, *, reason: str | None, limit: int, as_json: bool) -> int:
    """一个来源：最近的访问、故障、没有取的标题和原因。One source: visits, troubles, titles not taken and why."""
    from workflow.source_report import print_source, source_as_json

    [source] = chosen_sources(context, (slug,))
    with context.house() as house:
        if as_json:
            click.echo(json.dumps(source_as_json(house, source, reason, limit), ensure_ascii=False))
        else:
            print_source(context.voice(), house, source, reason, limit)
    return 0


@sources.command("check")
@click.argument("slugs", nargs=-1)
@click.option(
    "--since", type=click.IntRange(2018, 2100), help="往回翻到哪个年度 back to which plan year [今年 this year]"
)
@click.option("--delay", type=click.FloatRange(min=0), help="同一主机两次请求的间隔秒数 seconds between two requests")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def sources_check(
    context: Context, /, slugs: tuple[str, ...], since: int | None, delay: float | None, as_json: bool
) -> int:
    """访问并规整两次，说出会保存什么；什么也不保存。Visit and read twice; say what would be stored."""
    from workflow.checking import SOUND, check_sources
    from workflow.checking_report import as_json_line, print_checked
    from workflow.scratch import Manners

    voice = context.voice(stderr=as_json)
    manners = Manners(delay, since or now().year)
    checked = check_sources(context.settings, chosen_sources(context, slugs), voice, manners)
    for one in checked:
        if as_json:
            click.echo(as_json_line(one))
        else:
            print_checked(voice, one)
    return 0 if all(one.verdict in SOUND for one in checked) else 1


@sources.command("add")
@click.argument("slug")
@click.argument("url")
@click.option("--name", help="部门全名 the department's full name [网页上的 as the page says]")
@click.option("--province", help="省份 province [看 slug 和网页 from slug and page]")
@click.option("--rank", type=click.Choice([rank.name.lower() for rank in Rank if rank is not Rank.IMPORT]))
@click.option("--sources", "folder", type=click.Path(path_type=Path, file_okay=False), help="来源目录 source folder")
@click.option("--pages", type=click.Path(path_type=Path, file_okay=False), help="存样页的目录 folder of frozen pages")
@click.pass_obj
def sources_add(
    context: Context,
    *,
    slug: str,
    url: str,
    name: str | None,
    province: str | None,
    rank: str | None,
    folder: Path | None,
    pages: Path | None,
) -> int:
    """访问一次，写出来源文件和存样页。Fetch once; write the source file and a frozen page for the tests."""
    from workflow.registering import Wanted, add_source
    from workflow.scratch import Manners

    taken = {source.slug for source in all_sources(context.settings)}
    if slug in taken and folder is None:
        raise ConfigurationError(
            f"{slug}.toml", "slug", "已有这个来源 already taken; `chengnuo sources list` shows all"
        )
    wanted = Wanted(slug, url, name, province, Rank[rank.upper()] if rank else None, folder, pages)
    voice = context.voice()
    added = add_source(context.settings, wanted, voice, Manners(), now())
    found, source = added.proposal, added.source
    voice.line(
        f"{source.slug}：{source.kind.value}，{source.cms or '未知 CMS'}，"
        f"列表 {len(found.entries)} 行，会议 {found.conferences} 行",
        f"{source.slug}: {source.kind.value}, {source.cms or 'unknown CMS'}, "
        f"{len(found.entries)} entries, {found.conferences} look like a conference",
    )
    voice.line(f"已写 {added.file}", f"wrote {added.file}")
    voice.line(f"存样 {added.frozen}/page.html", f"froze {added.frozen}/page.html")
    check = f"chengnuo sources check {source.slug}"
    voice.line(f"栏目未核实；接着运行 {check}", f"column unverified; next: {check}")
    return 0


COMMANDS = (sources,)

"""export and verdicts import: the spreadsheet given back, and taken back."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from schema.accounts import LOCAL
from schema.errors import UsageError
from schema.provinces import find_province
from workflow.context import Context

CHINA = ZoneInfo("Asia/Shanghai")


@click.command()
@click.argument("year", type=click.IntRange(2000, 2100))
@click.argument("province", required=False)
@click.option(
    "--format",
    "ending",
    type=click.Choice(["xlsx", "csv", "json", "docx", "html"]),
    default="xlsx",
    show_default=True,
    help="docx 和 html 是年度对照报告 docx and html are the yearly report",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="写到哪个文件，- 为标准输出 file to write, - for standard output"
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="只用到这一天（北京时间）结束时知道的 as known at the end of this day (Asia/Shanghai)",
)
@click.option("--kind", default="all", show_default=True, help="changed：有变化的；或某一类 changed, or one kind")
@click.pass_obj
def export(context: Context, /, year: int, province: str | None, ending: str, kind: str, **options: Any) -> int:
    """把一年的对照导出为 xlsx、csv、json、docx 或 html。Export a year's diff, of all provinces or one."""
    from review.filters import Filters
    from workflow.exporting import Wanted, export_year, write_whole

    filters = Filters.read({"province": find_province(province).slug if province else "", "kind": kind})
    if not filters.kind:
        raise UsageError(
            f"--kind {kind}: 没有这一类 no such kind; all, changed, new, dropped, strengthened, weakened …"
        )
    until = options["as_of"].replace(tzinfo=CHINA) + timedelta(days=1) if options["as_of"] else None
    with context.house() as house:
        wanted = Wanted(year, ending, filters, options["out"], until)
        data, target, number = export_year(house, wanted, context.settings.lang)
    if str(target) == "-":
        sys.stdout.buffer.write(data)
        return 0
    write_whole(target, data)
    context.voice().line(
        f"{target}：{number} 条变化，{len(data)} 字节", f"{target}: {number} changes, {len(data)} bytes"
    )
    return 0


@click.group()
def verdicts() -> None:
    """复核结论。Verdicts."""


@verdicts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--apply", "write_them", is_flag=True, help="写入；不加时只预览 write them; without it, a preview only")
@click.option("--by", default=LOCAL, show_default=True, help="复核人 who decided")
@click.pass_obj
def verdicts_import(context: Context, /, file: Path, write_them: bool, by: str) -> int:
    """导入在 xlsx 里填好的复核结论；先预览。Take back verdicts filled in an exported workbook; a preview first."""
    from workflow.exporting import take_back

    with context.house() as house:
        return 1 if take_back(house, file, context.voice(), by=by, write_them=write_them) else 0


COMMANDS = (export, verdicts)

"""db, verify, prune: the archive's own upkeep."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from schema.errors import UsageError
from store.database import Database
from workflow.context import Context

SHOWN = 50
"""Problems printed for a person; --json has all of them."""


@click.group()
def db() -> None:
    """数据库：升级、检查、备份、恢复。The database: upgrade, check, backup, restore."""


@db.command("upgrade")
@click.pass_obj
def db_upgrade(context: Context) -> int:
    """把数据库结构升到本程序的版本（其他命令也会自动做）。Bring the schema up to date; other commands do it too."""
    with context.house() as house:
        revision = house.database.revision()
    context.voice().line(f"数据库结构 {revision}，已是最新", f"schema {revision}, up to date")
    return 0


@db.command("check")
@click.pass_obj
def db_check(context: Context) -> int:
    """快速检查数据库本身：结构、完整性、触发器。Check schema, integrity and triggers; `verify` reads every row."""
    from store.upkeep import check_database

    voice = context.voice()
    with context.house() as house:
        found = check_database(house.database)
    for line in found:
        voice.line(line, line, "red")
    if not found:
        voice.line("数据库完好", "the database is sound")
    return 1 if found else 0


@db.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def db_backup(context: Context, /, file: Path) -> int:
    """写一份一致的备份，写入不停。Write a consistent backup while others go on writing."""
    from store.upkeep import backup

    voice = context.voice()
    with context.house() as house:
        made = backup(house.database, file)
    size = made.size / 1e6
    voice.line(f"{made.file}：{made.rows} 行，{size:.1f} MB", f"{made.file}: {made.rows} rows, {size:.1f} MB")
    return 0


@db.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="换下现有的 SQLite 文件（旧文件留在旁边）keep the old file beside the new one"
)
@click.pass_obj
def db_restore(context: Context, /, file: Path, replace: bool) -> int:
    """恢复备份：先校验，再就位。Bring a backup back: verified first, then put in place."""
    from store.upkeep import restore

    voice = context.voice()
    found = restore(file, context.settings.database_url, replace=replace)
    voice.line(
        f"已恢复并校验 {found.rows} 行，链首 {found.head[:16]}", f"{found.rows} rows restored, head {found.head[:16]}"
    )
    return 0


@click.command()
@click.argument("bundle", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="打印 JSON print JSON")
@click.pass_obj
def verify(context: Context, /, bundle: Path | None, as_json: bool) -> int:
    """校验证据包，或全部存档与封条链。Re-hash a bundle, or everything kept and the chain of seals."""
    if bundle is not None:
        return _verify_bundle(context, bundle, as_json=as_json)
    from store.verifying import total_rows, verify_database

    voice = context.voice(stderr=as_json)
    database = Database.open(context.settings.database_url)
    try:
        with voice.progress("校验", "verifying", total_rows(database)) as step:
            found = verify_database(database, step.advance)
    finally:
        database.close()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        told = (found.rows, found.blobs, found.seals)
        voice.line("{} 行，{} 个页面，{} 道封条".format(*told), "{} rows, {} pages, {} seals".format(*told))
        _tell_problems(voice, [f"{p.table} {p.key}: {p.what}" for p in found.problems])
        voice.line(f"链首 {found.head}", f"head of the chain {found.head}", "dim")
    return 1 if found.problems else 0


def _tell_problems(voice: Any, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        voice.line(line, line, "red")
    if len(lines) > SHOWN:
        voice.line(f"……共 {len(lines)} 处（--json 全部列出）", f"… {len(lines)} in all (--json lists them)", "red")
    if not lines:
        voice.line("与保存时一致", "everything is as it was kept", "green")


def _verify_bundle(context: Context, bundle: Path, *, as_json: bool) -> int:
    from store.bundle import stamp_of, verify_bundle

    found, stamped = verify_bundle(bundle), stamp_of(bundle)
    if as_json:
        since = {"stamped_at": stamped.at.isoformat(), "stamped_by": stamped.by} if stamped else {}
        click.echo(json.dumps({"bundle": str(bundle), "problems": found, **since}, ensure_ascii=False))
    else:
        _tell_problems(context.voice(), found)
        if stamped:
            told = (stamped.at.isoformat(), stamped.by)
            context.voice().line("时间戳 {}，由 {} 担保".format(*told), "stamped {}, vouched for by {}".format(*told))
    return 1 if found else 0


@click.command()
@click.argument("change")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="写到哪里 the file to write [evidence-KEY.zip]"
)
@click.option("--timestamp", "stamped", is_flag=True, help="请时间戳机构盖戳 have it stamped by an RFC 3161 authority")
@click.pass_obj
def evidence(context: Context, /, change: str, out: Path | None, *, stamped: bool) -> int:
    """写一条变化的证据包。Write a bundle that proves one change: pages (WARC), texts, findings, checks, hashes."""
    from store.bundle import write_bundle
    from store.proofs import gather
    from workflow.timestamping import stamper_of

    voice = context.voice()
    stamper = stamper_of(context.settings) if stamped else None
    with context.house() as house:
        proof = gather(house.database, change)
    if proof is None:
        raise UsageError(f"{change}: 没有这条变化 no such change; the pages and alerts show the keys")
    file = out or Path(f"evidence-{proof.change.key[:16]}.zip")
    write_bundle(proof, file, stamper)
    voice.line(f"{file}（chengnuo verify {file} 校验）", f"{file} (chengnuo verify {file} checks it)")
    return 0


@click.command()
@click.option(
    "--keep", required=True, metavar="DAYS", help="保留多少天内的全部检查，例如 365d keep every check this long"
)
@click.option("--dry-run", is_flag=True, help="只说会删多少 only say how many would go")
@click.pass_obj
def prune(context: Context, /, keep: str, dry_run: bool) -> int:
    """只清理“未变”的重复检查，并记下清理了什么。Remove unchanged re-fetches only, never evidence; log it."""
    from store.pruning import prune_checks

    voice = context.voice()
    with context.house() as house:
        count = prune_checks(house.database, keep, house.clock(), dry_run=dry_run)
    if dry_run:
        voice.line(f"会清理 {count} 次“未变”的检查", f"{count} unchanged checks would be removed")
    else:
        voice.line(f"清理了 {count} 次“未变”的检查", f"{count} unchanged checks removed")
    return 0


COMMANDS = (db, verify, evidence, prune)

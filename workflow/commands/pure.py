"""read and diff: pure commands that store nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from schema.errors import ChengnuoError, UnreadableInput
from workflow.invocation import Invocation


def _print(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@click.command("read")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", default=None, help="页面的地址，用来补全链接 the page's address, for its links")
@click.option("--json", "as_json", is_flag=True, help="每个文件一行 JSON one JSON object a file")
@click.pass_obj
def read(context: Invocation, /, files: tuple[Path, ...], url: str | None, as_json: bool) -> int:
    """规整页面并打印读到的内容；不保存。Read pages and print what was read; stores nothing."""
    from workflow.reading import outline, read_file

    trouble, voice = 0, context.voice()
    for file in files:
        found = read_file(file, url)
        trouble += found["outcome"] != "article"
        if as_json:
            _print(found)
            continue
        for line in outline(found):
            voice.line(line, line)
    return 1 if trouble else 0


@click.command("diff")
@click.argument("old", required=False, type=click.Path(path_type=Path))
@click.argument("new", required=False, type=click.Path(path_type=Path))
@click.option("--batch", type=click.Path(path_type=Path), help="每行一对正文的 JSONL 文件 one pair of bodies a line")
@click.option("--province", default="", help="省份 province of both texts")
@click.option("--years", default=None, help="两个年度，例如 2025:2026")
@click.option("--semantic", is_flag=True, help="用句向量对齐（需 chengnuo[semantic]）align with sentence vectors too")
@click.option("--json", "as_json", is_flag=True, help="打印 JSON print JSON")
@click.pass_obj
def diff(
    context: Invocation, /, old: Path | None, new: Path | None, batch: Path | None, as_json: bool, **options: Any
) -> int:
    """比较两份正文；不保存。Compare two bodies; stores nothing."""
    from workflow.diffing import diff_line, diff_object, make_scorer

    scorer = make_scorer(semantic=options["semantic"])
    if batch is not None:
        return _batch(batch, lambda line: diff_line(line, scorer))
    if old is None or new is None:
        raise click.UsageError("需要两个文件，或 --batch 文件 two files are needed, or --batch FILE")
    given = {"pair_id": f"{old.name}..{new.name}", "province": options["province"], **_years(options["years"])}
    found = diff_object({**given, "old_text": _text(old), "new_text": _text(new)}, scorer)
    if as_json:
        _print(found)
    else:
        from workflow.show import show_diff

        show_diff(context.voice(), found)
    return 0


def _batch(file: Path, answer: Any) -> int:
    failed = 0
    for line in _lines(file):
        if not line.strip():
            continue
        found = answer(line)
        failed += "error" in found
        _print(found)
    return 1 if failed else 0


def _lines(file: Path) -> Iterator[str]:
    try:
        with click.open_file(str(file), "rb") as stream:
            for raw in stream:
                yield raw.decode("utf-8", errors="replace")
    except OSError as error:
        raise UnreadableInput(file, f"读不了 cannot be read: {error.strerror}") from error


def _text(file: Path) -> str:
    from crawler.read.decode import decode

    try:
        return decode(file.read_bytes()).text
    except OSError as error:
        raise UnreadableInput(file, f"读不了 cannot be read: {error.strerror}") from error


def _years(given: str | None) -> dict[str, int]:
    if given is None:
        return {"year_old": 0, "year_new": 0}
    old, _, new = given.partition(":")
    if not (old.isdecimal() and new.isdecimal()):
        raise ChengnuoError("--years 形如 2025:2026 looks like 2025:2026")
    return {"year_old": int(old), "year_new": int(new)}


COMMANDS = (read, diff)

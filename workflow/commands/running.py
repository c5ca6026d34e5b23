"""demo, review, doctor, settings: running the house."""

from __future__ import annotations

from pathlib import Path

import click

from workflow.context import Context
from workflow.settings import environment_example, load_settings


@click.command()
@click.option("--serve/--no-serve", default=None, help="结束后是否留着复核页面 keep the review pages open")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), help="数据目录 data folder [--data, or data]"
)
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.pass_context
def demo(ctx: click.Context, /, serve: bool | None, folder: Path | None, port: int) -> int:
    """在样例网上走完全程。The whole trip on the sample web."""
    from workflow.demo import run_demo

    chosen = folder or ctx.find_root().params["data"] or Path("data")
    return run_demo(load_settings(data=chosen), serve=serve, port=port)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=None)
@click.pass_obj
def review(context: Context, /, port: int | None) -> int:
    """打开复核页面。Serve the analysts' pages."""
    from workflow.serving import serve_review

    with context.house() as house:
        settings = context.settings
        serve_review(house, settings.host, settings.port if port is None else port, context.voice())
    return 0


@click.command()
@click.pass_obj
def doctor(context: Context) -> int:
    """检查这里什么能用。Say what works here."""
    from workflow.doctor import findings

    voice, bad = context.voice(), 0
    for finding in findings(context.settings):
        bad += not finding.good
        mark, style = ("✓", "green") if finding.good else ("✗", "red")
        voice.line(f"{mark} {finding.name}：{finding.zh}", f"{mark} {finding.name}: {finding.en}", style)
    return 1 if bad else 0


@click.command()
def settings() -> None:
    """打印全部设置（.env.example）。Print every setting with its default."""
    click.echo(environment_example(), nl=False)


@click.command("reference")
@click.pass_context
def reference_(ctx: click.Context, /) -> None:
    """打印参考文档（docs/reference.md）。Print the reference, written from the code."""
    from workflow.reference import reference

    root = ctx.find_root().command
    assert isinstance(root, click.Group)
    click.echo(reference(root), nl=False)


COMMANDS = (demo, review, doctor, settings, reference_)

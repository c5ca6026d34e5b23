"""init, run, calendar: the first files, the whole house in one process, and when what is due."""

from __future__ import annotations

import json

import click

from schema.errors import UsageError
from workflow.context import Context


@click.command()
@click.pass_obj
def init(context: Context) -> int:
    """写好带注释的配置、文件夹和第一个管理员链接。Commented files, folders, and the first admin's link."""
    from workflow.admitting import tell_first_link
    from workflow.init import init as write

    voice, settings = context.voice(), context.settings
    for file, new in write(settings):
        voice.line(f"{'已写' if new else '已有'} {file}", f"{'wrote' if new else 'kept'} {file}")
    with context.house() as house:
        tell_first_link(house, voice, settings.base_url)
    voice.line("接着：chengnuo doctor，然后 chengnuo run", "next: chengnuo doctor, then chengnuo run")
    return 0


@click.command()
@click.option("--once", is_flag=True, help="做完到期的就结束 do what is due, then end")
@click.pass_obj
def run(context: Context, /, once: bool) -> int:
    """一个进程包办：按日历抓取、对照、投递，不需要消息队列。All in one process by the calendar, without a broker."""
    from workflow.embedded import run_house

    context.log("run")
    run_house(context.settings, once=once)
    return 0


@click.command()
@click.option("--json", "as_json", is_flag=True, help="每个来源一行 JSON one JSON object a source")
@click.option("--write", is_flag=True, help="把自带的日历抄到数据目录 copy the shipped calendar into the data folder")
@click.pass_obj
def calendar(context: Context, /, as_json: bool, write: bool) -> int:
    """每个来源下一次什么时候去。When each source is visited next."""
    if write:
        return _write(context)
    from workflow.calendar import load_calendar
    from workflow.schedule import planned

    settings, voice = context.settings, context.voice(stderr=as_json)
    zone = load_calendar(settings.calendar).zone
    with context.house() as house:
        for one in planned(house):
            if as_json:
                moments = {"last": one.last, "next": one.next}
                row = {"source": one.slug, **{k: v.isoformat() if v else None for k, v in moments.items()}}
                click.echo(json.dumps(row | {"every_hours": one.every_hours, "state": one.state}))
                continue
            last = f"{one.last.astimezone(zone):%m-%d %H:%M}" if one.last else "—"
            following = f"{one.next.astimezone(zone):%Y-%m-%d %H:%M}" if one.next else voice.tr("不去", "never")
            voice.line(
                f"{one.slug:<18} 下次 {following}  上次 {last}  {one.detail}",
                f"{one.slug:<18} next {following}  last {last}  {one.detail}",
            )
    return 0


def _write(context: Context) -> int:
    from workflow.calendar import SHIPPED

    file = context.settings.data / "calendar.toml"
    if file.exists():
        raise UsageError(f"{file}: 已经有了 is already there; edit it, or remove it first")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(SHIPPED.read_text(encoding="utf-8"), encoding="utf-8")
    context.voice().line(f"已写 {file}", f"wrote {file}")
    return 0


COMMANDS = (init, run, calendar)

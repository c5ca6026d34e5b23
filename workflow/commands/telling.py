"""deliver, worker, relay, beat, health, subscriptions: from the ledger to people."""

from __future__ import annotations

import click

from schema.alerts import DeliveryState
from schema.provinces import find_province
from workflow.context import Context
from workflow.house import House

SHOWN = 20
"""Failures printed, the newest."""


@click.command()
@click.option("--replay", help="重新投递一条死信（编号）或全部（all） send a dead delivery (its number) or all again")
@click.option(
    "--every",
    type=click.FloatRange(0.2, 3600),
    help="每隔几秒投递一轮，直到 SIGTERM every so many seconds, until SIGTERM",
)
@click.pass_obj
def deliver(context: Context, /, replay: str | None, every: float | None) -> int:
    """投递到期的告警（不需要消息队列）。Send what is due, without a broker."""
    from workflow.delivering import deliver_all
    from workflow.driving import keep_delivering
    from workflow.watchdog import look

    if every is not None:
        keep_delivering(context.settings, every)
        return 0
    voice = context.voice()
    with context.house() as house:
        if replay is not None and not _replayed(house, replay):
            raise click.UsageError(f"{replay}: 不是死信 not a dead delivery; `chengnuo deliver` lists them")
        sent = deliver_all(house)
        look(house, ())
        counts = house.ledger.counts()
        waiting = counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING] + counts[DeliveryState.GATHERED]
        held = counts[DeliveryState.HELD]
        dead = counts[DeliveryState.DEAD]
        voice.line(
            f"投递 {sent} 条，等待 {waiting}，待复核 {held}，死信 {dead}",
            f"{sent} sent, {waiting} waiting, {held} held for review, {dead} dead",
        )
        problem = house.in_force().problem
        if problem:
            voice.line(problem, problem, "yellow")
        failures = house.ledger.failures()
        for number, state, channel, reason in failures[-SHOWN:]:
            voice.line(f"  #{number} {channel} {state}：{reason}", f"  #{number} {channel} {state}: {reason}", "yellow")
        more = len(failures) - SHOWN
        if more > 0:
            voice.line(f"  还有更早的 {more} 条", f"  and {more} earlier ones", "yellow")
        return 1 if dead or failures else 0


def _replayed(house: House, which: str) -> bool:
    """Whether any dead delivery was put back in the queue."""
    dead = [number for number, state, _, _ in house.ledger.failures() if state == DeliveryState.DEAD.value]
    chosen = dead if which == "all" else [number for number in dead if str(number) == which]
    return sum(house.ledger.replay(number) for number in chosen) > 0


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 16), default=2, show_default=True)
@click.option("--only", type=click.Choice(["deliver", "crawl"]), help="只做投递或只抓取 only deliver, or only crawl")
@click.pass_obj
def worker(context: Context, /, concurrency: int, only: str | None) -> None:
    """Celery 工作进程：投递、抓取、对照。The Celery worker: delivers, crawls, compares."""
    from workflow.worker import run_worker

    context.log("crawl" if only == "crawl" else "worker")
    run_worker(context.settings, concurrency, [only] if only else ["deliver", "crawl"])


@click.command()
@click.option("--once", is_flag=True, help="只交一轮 hand over once and stop")
@click.option("--every", type=click.FloatRange(0.2, 60), default=1.0, show_default=True, help="秒 seconds")
@click.pass_obj
def relay(context: Context, /, once: bool, every: float) -> int:
    """把到期的投递交给 Celery。Hand due rows to the broker."""
    from workflow.relaying import relay_once, run_relay
    from workflow.worker import celery_app

    if not once:
        context.log("relay")
        run_relay(context.settings, every)
        return 0
    with context.house() as house:
        handed = relay_once(house, celery_app(context.settings))
    context.voice().line(f"交出 {handed} 条", f"{handed} handed over")
    return 0


@click.command()
@click.pass_obj
def beat(context: Context) -> None:
    """日历：按时抓取、比较、投递。The calendar."""
    from workflow.worker import run_beat

    context.log("beat")
    run_beat(context.settings)


@click.command()
@click.argument("process", type=click.Choice(("worker", "relay", "beat", "web", "crawl")))
@click.pass_obj
def health(context: Context, /, process: str) -> int:
    """一个进程是否正常（一行；正常 0，否则 1）。Whether a process is well: one line, exit 0 or 1."""
    from workflow.health import health as look

    sign = look(context.settings, process)
    mark, style = ("✓", "green") if sign.good else ("✗", "red")
    context.voice().line(f"{mark} {process}：{sign.zh}", f"{mark} {process}: {sign.en}", style)
    return 0 if sign.good else 1


@click.group()
def subscriptions() -> None:
    """订阅。Who is told what."""


@subscriptions.command("check")
@click.pass_obj
def subscriptions_check(context: Context) -> int:
    """检查订阅；文件有误时指出文件、行、键和允许的值。Check them; a broken file is refused with file, line and key."""
    from notifier.subscriptions import load_subscriptions

    voice = context.voice()
    with context.house() as house:
        if context.settings.subscriptions is not None:
            load_subscriptions(context.settings.subscriptions)
        found = house.in_force()
        for entry in found.entries:
            one = entry.subscription
            where = voice.tr("网页" if entry.own else "文件", "page" if entry.own else "file")
            state = "" if one.enabled else voice.tr("停用", "off")
            click.echo(f"{one.name:<20} {one.channel:<10} {one.urgency.value:<8} {where} {state}".rstrip())
        for problem in found.overlay.problems():
            voice.line(problem, problem, "yellow")
        return 1 if found.overlay.problems() else 0


@subscriptions.command("preview")
@click.argument("name")
@click.option("--diff", nargs=2, metavar="PROVINCE YEAR", help="只看这一份对照 only this diff")
@click.pass_obj
def subscriptions_preview(context: Context, /, name: str, diff: tuple[str, str] | None) -> int:
    """这个订阅会收到什么（不发送、不记账）。What a subscription would have received; nothing is sent."""
    from workflow.previewing import named, preview

    voice = context.voice()
    place, year = (find_province(diff[0]).slug, diff[1]) if diff else (None, None)
    if year is not None and not (year.isascii() and year.isdigit()):
        raise click.UsageError(f"--diff: {year!r} 不是年度 is no plan year")
    with context.house() as house:
        alerts = list(preview(house, named(house, name), place, int(year) if year else None))
    for alert in alerts:
        how = voice.tr("待复核后" if alert.held else "汇总时" if alert.gathered else "立即", "")
        how = how or ("after review" if alert.held else "in the digest" if alert.gathered else "at once")
        click.echo(f"―― {how} ――\n{alert.text}\n")
    voice.line(f"共 {len(alerts)} 条", f"{len(alerts)} in all")
    return 0


COMMANDS = (deliver, worker, relay, beat, health, subscriptions)

"""deliver, worker, relay, beat, health, subscriptions: from the ledger to people."""

from __future__ import annotations

import click

from schema.alerts import DeliveryState
from workflow.context import Context


@click.command()
@click.option("--replay", type=int, help="重新投递一条死信 send a dead delivery again")
@click.pass_obj
def deliver(context: Context, /, replay: int | None) -> int:
    """投递到期的告警（不需要消息队列）。Send what is due, without a broker."""
    from workflow.delivering import deliver_all

    voice = context.voice()
    with context.house() as house:
        if replay is not None and not house.ledger.replay(replay):
            raise click.UsageError(f"{replay}: 不是死信 not a dead delivery")
        sent = deliver_all(house)
        counts = house.ledger.counts()
        waiting = counts[DeliveryState.PENDING] + counts[DeliveryState.SENDING] + counts[DeliveryState.HELD]
        dead = counts[DeliveryState.DEAD]
        voice.line(f"投递 {sent} 条，等待 {waiting}，死信 {dead}", f"{sent} sent, {waiting} waiting, {dead} dead")
        for number, state, channel, reason in house.ledger.failures():
            voice.line(f"  #{number} {channel} {state}：{reason}", f"  #{number} {channel} {state}: {reason}", "yellow")
        return 1 if dead or house.ledger.failures() else 0


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
    """检查订阅文件。Check the subscriptions file."""
    with context.house() as house:
        for subscription in house.subscriptions():
            click.echo(f"{subscription.name:<20} {subscription.channel:<10} {subscription.urgency.value}")
    return 0


COMMANDS = (deliver, worker, relay, beat, health, subscriptions)

"""accounts, tokens: who may use the desk and its API."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import click

from schema.accounts import LOCAL, Role
from schema.errors import AccountRefused
from store.accounts import AccountBook
from store.api_tokens import TokenBook
from workflow.context import Context

ROLE = click.option("--role", type=click.Choice([r.value for r in Role]), default="viewer", show_default=True)
AS_JSON = click.option("--json", "as_json", is_flag=True)


@click.group()
def accounts() -> None:
    """复核页面的账号。Who may sign in."""


@accounts.command("list")
@AS_JSON
@click.pass_obj
def accounts_list(context: Context, /, as_json: bool) -> int:
    """列出账号。Everybody, with roles."""
    with context.house() as house:
        found = AccountBook(house.database, house.clock).all()
    if as_json:
        _print_json(found)
        return 0
    voice = context.voice()
    for one in found:
        state = ("可登录", "can sign in") if one.enabled else ("已停用", "disabled")
        voice.line(f"{one.name:<24} {one.role.value:<10} {state[0]}", f"{one.name:<24} {one.role.value:<10} {state[1]}")
    return 0


@accounts.command("invite")
@ROLE
@click.option("--name", help="已有账号：发改口令的链接 an account to renew the password of")
@click.pass_obj
def accounts_invite(context: Context, /, role: str, name: str | None) -> int:
    """发一个只能用一次的链接。A link that is good once."""
    with context.house() as house:
        book = AccountBook(house.database, house.clock)
        if name and book.by_name(name) is None:
            raise AccountRefused("no_account")
        if not name and Role(role) is not Role.ADMIN and not book.has_admin():
            raise AccountRefused("first_is_admin")
        click.echo(f"{house.settings.base_url}/welcome/{book.invite(Role(role), LOCAL, name=name)}")
    return 0


@accounts.command("add")
@click.argument("name")
@ROLE
@click.pass_obj
def accounts_add(context: Context, /, name: str, role: str) -> int:
    """添加只由反向代理登录的账号。An account without a password, for sign-in by a reverse proxy."""
    with context.house() as house:
        AccountBook(house.database, house.clock).add_for_proxy(name, Role(role), LOCAL)
    return 0


@accounts.command("set")
@click.argument("name")
@click.option("--role", type=click.Choice([r.value for r in Role]))
@click.option("--enable/--disable", "enabled", default=None)
@click.pass_obj
def accounts_set(context: Context, /, name: str, role: str | None, enabled: bool | None) -> int:
    """更改角色，停用或启用。Another role, off or on."""
    with context.house() as house:
        book = AccountBook(house.database, house.clock)
        found = book.by_name(name)
        if found is None:
            raise AccountRefused("no_account")
        book.change(found[0].id, LOCAL, role=Role(role) if role else None, enabled=enabled)
    return 0


@click.group()
def tokens() -> None:
    """API 与订阅源的令牌。Bearer tokens of the API and the feeds."""


@tokens.command("list")
@AS_JSON
@click.pass_obj
def tokens_list(context: Context, /, as_json: bool) -> int:
    """列出令牌（从不显示内容）。Every token; never its secret."""
    with context.house() as house:
        found = TokenBook(house.database, house.clock).all()
    if as_json:
        _print_json(found)
        return 0
    for one in found:
        state: Any = "revoked" if one.revoked_at else one.expires_at or "-"
        click.echo(f"{one.id:>4} {one.role.value:<9} {one.label:<30} {state}")
    return 0


@tokens.command("make")
@click.argument("label")
@ROLE
@click.option("--days", type=click.IntRange(1, 3650), help="有效天数 days it lasts")
@click.pass_obj
def tokens_make(context: Context, /, label: str, role: str, days: int | None) -> int:
    """新建令牌，只显示这一次。A new token, shown this once."""
    with context.house() as house:
        lasts = timedelta(days=days) if days else None
        _, secret = TokenBook(house.database, house.clock).make(label, Role(role), LOCAL, lasts=lasts)
        click.echo(secret)
    return 0


@tokens.command("revoke")
@click.argument("number", type=int)
@click.pass_obj
def tokens_revoke(context: Context, /, number: int) -> int:
    """吊销令牌。Void a token."""
    with context.house() as house:
        if not TokenBook(house.database, house.clock).revoke(number, LOCAL):
            raise click.UsageError(f"{number}: 没有这个有效的令牌 no such token in force")
    return 0


def _print_json(found: Sequence[Any]) -> None:
    click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, default=str))


COMMANDS = (accounts, tokens)

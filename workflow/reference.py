"""The reference, written from the code: commands, settings, channels, rules, sources."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import TemporaryDirectory

import click

from crawler.registry import load_sources
from differ.rules import RULES
from notifier.channel import channel_names
from review.app import make_app
from schema.words import DIMENSIONS, KINDS
from store.database import Database
from store.tables import APPEND_ONLY, Base
from workflow.settings import CATALOGUE, PREFIX

FOR_PROGRAMS = ("/api/", "/feeds/", "/export/", "/healthz", "/readyz", "/metrics")
HEAD = """# 参考 Reference

由 `chengnuo reference` 从代码生成，不要手改。Written from the code by `chengnuo reference`; do not edit.
"""


def reference(group: click.Group) -> str:
    """The whole document as Markdown."""
    parts = [
        HEAD,
        *_commands(group),
        *_settings(),
        *_channels(),
        *_rules(),
        *_kinds(),
        *_sources(),
        *_api(),
        *_tables(),
    ]
    return "\n".join(parts) + "\n"


def _commands(group: click.Group) -> Iterator[str]:
    yield "## 命令 Commands\n"
    context = click.Context(group, info_name="chengnuo")
    for name in sorted(group.commands):
        yield from _command(group.commands[name], f"chengnuo {name}", context)


def _command(command: click.Command, title: str, parent: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _command(command.commands[name], f"{title} {name}", parent)
        return
    yield f"### `{title}`\n\n{(command.help or '').strip()}\n"
    options = [one for one in command.params if isinstance(one, click.Option) and one.help]
    if options:
        yield "| 选项 option | |\n|---|---|"
        yield from (f"| `{' / '.join((*one.opts, *one.secondary_opts))}` | {one.help} |" for one in options)
        yield ""


def _settings() -> Iterator[str]:
    yield "## 设置 Settings\n\n| 变量 variable | 默认 default | |\n|---|---|---|"
    for one in CATALOGUE:
        secret = "，或 …_FILE" if one.secret else ""
        yield f"| `{PREFIX}{one.name}`{secret} | {f'`{one.default}`' if one.default else ''} | {one.about} |"
    yield ""


def _channels() -> Iterator[str]:
    yield "## 渠道 Channels\n\n`notifier/channels/` 里一个文件一个渠道 one file each:\n"
    yield from (f"- `{name}`" for name in channel_names())
    yield ""


def _rules() -> Iterator[str]:
    yield "## 规则 Rules\n\n`differ/rules/` 里一个维度一个函数 one function a dimension:\n"
    for rule in RULES:
        module = rule.__module__.rsplit(".", 1)[-1]
        zh, en = next((names for dimension, names in DIMENSIONS.items() if dimension.value == module), ("", ""))
        yield f"- `{module}` {zh} {en}"
    yield ""


def _kinds() -> Iterator[str]:
    yield "## 变化 Kinds\n\n| | 键 key | |\n|---|---|---|"
    yield from (f"| {mark} | `{kind.value}` | {zh} {en} |" for kind, (mark, zh, en) in KINDS.items())
    yield ""


def _sources() -> Iterator[str]:
    yield "## 来源 Sources\n\n| | 名称 name | 栏目 column | 核实 verified |\n|---|---|---|---|"
    for one in load_sources():
        yield f"| `{one.slug}` | {one.name} | {' '.join(one.urls)} | {'✓' if one.verified else '未核实 not yet'} |"


def _api() -> Iterator[str]:
    """Every route a program may ask, from the app itself."""
    with TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{folder}/reference.sqlite3")
        document = make_app(database, ()).openapi()
        database.close()
    yield "\n## 接口 API\n\n完整的 OpenAPI 文档由复核页面给出。The pages serve the whole OpenAPI document.\n"
    yield "| | 路径 path | |\n|---|---|---|"
    for path, methods in sorted(document["paths"].items()):
        if not path.startswith(FOR_PROGRAMS):
            continue
        for method, told in methods.items():
            about = (told.get("description") or told.get("summary") or "").split("\n", 1)[0]
            yield f"| {method.upper()} | `{path}` | {about} |"
    yield ""


def _tables() -> Iterator[str]:
    yield "## 数据库 Database\n\n每张表和它的列。Every table and its columns.\n"
    yield "| 表 table | 列 columns | |\n|---|---|---|"
    classes = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}
    for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name):
        about = " ".join((classes[table.name].__doc__ or "").split()) if table.name in classes else ""
        mark = " 只追加 append-only" if table.name in APPEND_ONLY else ""
        yield f"| `{table.name}`{mark} | {' '.join(column.name for column in table.columns)} | {about} |"

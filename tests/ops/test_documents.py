"""The documents keep their word: examples run, commands and options exist, tables, routes and sources are listed."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from crawler.registry import load_sources
from notifier.subscriptions import load_subscriptions
from schema.errors import ChengnuoError
from store.tables import Base
from workflow.calendar import load_calendar
from workflow.cli import cli

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", *(f"docs/{file.name}" for file in sorted((ROOT / "docs").glob("*.md"))))
BLOCK = re.compile(r"(<!-- needs: [^>]*-->\n)?^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEXT = """{province}应急管理工作会议召开
1月20日，{province}应急管理工作会议在武汉召开。会议总结{last}年工作，部署{year}年重点任务。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
"""


def _blocks(page: str, language: str) -> list[tuple[str, str]]:
    """(what it needs, the text) of every block of a language."""
    found = BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))
    return [(needs, text) for needs, kind, text in found if kind == language]


def _commands(text: str) -> list[list[str]]:
    lines = [line.split(" #", 1)[0].split(" && ")[0].strip() for line in text.splitlines()]
    return [shlex.split(line) for line in lines if line.startswith("chengnuo ")]


def _parses(words: list[str]) -> None:
    """Click takes the line: the command, every option and every argument are there. Nothing is run."""
    command: click.Command = cli
    rest = words[3:] if words[1:2] == ["--data"] else words[1:]
    name, context = rest[0], click.Context(cli, info_name="chengnuo")
    while isinstance(command, click.Group):
        found = command.get_command(context, rest[0]) if rest else None
        assert found is not None, " ".join(words)
        command, rest = found, rest[1:]
    command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_line_in_a_document_is_one_the_program_takes(page: str) -> None:
    """Command, options and arguments parse."""
    for _, text in _blocks(page, "sh"):
        for words in _commands(text):
            _parses(words)


@pytest.mark.parametrize("page", PAGES)
def test_every_toml_example_is_taken(page: str, tmp_path: Path) -> None:
    """Subscriptions and calendars in the documents load as they stand."""
    for number, (_, text) in enumerate(_blocks(page, "toml")):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        if "subscription" in tomllib.loads(text):
            assert load_subscriptions(file)
        elif "season" in tomllib.loads(text):
            assert load_calendar(file)


def test_the_examples_run_in_their_order(tmp_path: Path) -> None:
    """Every block that needs no server, network or time of its own runs to its end in a fresh folder."""
    _files(tmp_path)
    ran = 0
    for page in PAGES:
        for needs, text in _blocks(page, "sh"):
            for words in [] if needs else _commands(text):
                command = [sys.executable, "-m", "workflow", *words[1:]]
                environment = {
                    "PATH": "/usr/bin:/bin",
                    "PYTHONPATH": str(ROOT),
                    "CHENGNUO_DATA": str(tmp_path / "data"),
                }
                told = subprocess.run(
                    command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
                )
                assert told.returncode in (0, 1), f"{page}: {' '.join(words)}: {told.stderr}"
                assert "Traceback" not in told.stderr
                ran += 1
    assert ran >= 5


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.full)])
def test_the_backup_drill_ends_well(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The block under its heading, as it stands: every command exits 0, and the drill's folder holds what was kept."""
    server = {"CHENGNUO_DATABASE_URL": request.getfixturevalue("postgres_url")} if kind == "postgresql" else {}
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8").split("as a drill\n", 1)[1]
    drill = _commands(BLOCK.search(text)[3])
    assert len(drill) == 5
    _files(tmp_path)
    home = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CHENGNUO_DATA": str(tmp_path / "data")}

    def told(words: list[str]) -> str:
        more = {} if "drill" in words else server
        command = [sys.executable, "-m", "workflow", *words[1:]]
        made = subprocess.run(
            command, cwd=tmp_path, env=home | more, capture_output=True, text=True, timeout=300, check=False
        )
        assert made.returncode == 0, f"{words}: {made.stdout}{made.stderr}"
        return made.stdout

    told(shlex.split("chengnuo import 通报-2025.txt 通报-2026.txt --province 湖北"))
    told(shlex.split("chengnuo compare"))
    for words in drill:
        told(words)
    shown = [shlex.split(f"chengnuo {where} export 2026 --format csv --out -") for where in ("", "--data drill")]
    assert told(shown[0]) == told(shown[1]) != ""


def _files(folder: Path) -> None:
    for year, number in ((2025, 8), (2026, 10)):
        text = TEXT.format(province="湖北省", year=year, last=year - 1, number=number)
        for name in (f"通报-{year}.txt", "旧.txt" if year == 2025 else "新.txt"):
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "pairs.jsonl").write_text('{"pair_id": "1", "old_text": "甲", "new_text": "乙"}\n', encoding="utf-8")


def test_every_source_and_table_stands_in_the_reference() -> None:
    """By its own name."""
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    names = [source.slug for source in load_sources()] + list(Base.metadata.tables)
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_link_between_documents_leads_somewhere() -> None:
    """Relative links in README, docs and the policies name files that are there."""
    linked = {
        (page, target)
        for page in (*PAGES, "SECURITY.md")
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / page).read_text(encoding="utf-8"))
    }
    inside = [(page, target) for page, target in linked if "://" not in target]
    assert [(page, target) for page, target in inside if not ((ROOT / page).parent / target).exists()] == []


def test_every_decision_is_numbered_once() -> None:
    """One record, one number, none left out."""
    numbers = sorted(int(file.name[:4]) for file in (ROOT / "docs" / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_wrong_example_would_be_caught() -> None:
    """A command or an option that is not there does not parse."""
    for line in ("chengnuo colect", "chengnuo collect --sinse 2023", "chengnuo sources drop x"):
        with pytest.raises((AssertionError, click.ClickException, ChengnuoError)):
            _parses(shlex.split(line))

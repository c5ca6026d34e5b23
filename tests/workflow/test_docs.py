"""What the documents say is what the code does."""

import re
from pathlib import Path

import click
import pytest

from differ.rules import RULES
from notifier.channel import channel_names
from workflow.cli import cli
from workflow.reference import reference
from workflow.settings import CATALOGUE, PREFIX

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = ("monitoring.md", "operating.md", "reviewing.md")


def test_the_reference_is_the_code_s() -> None:
    """`chengnuo reference > docs/reference.md` after every change of a command, setting, channel, rule or source."""
    assert (DOCS / "reference.md").read_text(encoding="utf-8") == reference(cli)


def test_everything_has_its_place_in_the_reference() -> None:
    """Every command, setting, channel and rule by name."""
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    names = [f"chengnuo {name}" for name, one in cli.commands.items() if not isinstance(one, click.Group)]
    names += [PREFIX + one.name for one in CATALOGUE] + [f"- `{name}`" for name in channel_names()]
    names += [f"- `{rule.__module__.rsplit('.', 1)[-1]}`" for rule in RULES]
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_command_in_a_guide_exists(guide: str) -> None:
    """A guide never shows a command that is not there."""
    used = set(re.findall(r"chengnuo ([a-z][a-z-]+)", (DOCS / guide).read_text(encoding="utf-8")))
    assert used - set(cli.commands) == set()
    assert used


def test_the_guides_are_linked_from_the_front_page() -> None:
    """README leads to every guide, the codebook, the contracts and the reference."""
    front = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    wanted = [*GUIDES, "codebook.md", "contracts.md", "reference.md"]
    assert [name for name in wanted if f"docs/{name}" not in front] == []

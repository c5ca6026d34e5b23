"""What is shipped: a wheel that works alone, a bill of materials, an audit that can fail, a rehearsal that compares."""

import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tools.audit import verdict
from tools.transcript import missing, transcript

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
DATA = (
    "crawler/sources/hubei.toml", "crawler/read/periods.toml", "differ/lexicon.toml", "language/units.toml",
    "differ/matching/background.tsv", "store/migrations/env.py", "store/migrations/versions/0001_archive.py",
    "workflow/calendar.toml",
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    made = subprocess.run([*command, "-w", folder, ROOT], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_all_it_needs_and_nothing_else(wheel: Path) -> None:
    """Every tracked data file of the nine rooms; no tests, no tools, no secrets."""
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in DATA if name not in names] == []
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    rooms = packages["targets"]["wheel"]["packages"]
    tracked = subprocess.run(["git", "ls-files", *rooms], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted(set(tracked.stdout.split()) - set(names)) == []
    others = {name.split("/")[0] for name in names} - set(rooms)
    assert len(others) == 1
    assert others.pop().endswith(".dist-info")
    assert any(name.endswith("licenses/LICENSE") for name in names)


@pytest.mark.full
def test_the_wheel_works_in_an_empty_environment_far_from_here(wheel: Path, tmp_path: Path) -> None:
    """An empty venv, the locked packages, `chengnuo demo --no-serve`; nothing of this checkout on the path."""
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    given = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    for what in (["--require-hashes", "-r", str(ROOT / "requirements.txt")], ["--no-deps", str(wheel)]):
        told = subprocess.run([*pip, *what], capture_output=True, text=True, env=given, check=False)
        assert told.returncode == 0, told.stderr
    far = tmp_path / "far"
    far.mkdir()
    command = [str(python.with_name("chengnuo")), "demo", "--no-serve"]
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(far)}
    made = subprocess.run(command, cwd=far, env=bare, capture_output=True, text=True, timeout=300, check=False)
    assert made.returncode == 0, made.stderr
    assert "全国一览" in made.stdout
    assert list((far / "data" / "mailbox").glob("*.eml"))
    assert lacking_lines(made.stdout) == []
    for arguments in (["doctor"], ["sources", "list"], ["calendar"]):
        told = subprocess.run([command[0], *arguments], cwd=far, env=bare, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout + told.stderr


def lacking_lines(output: str) -> list[str]:
    return missing(transcript((ROOT / "README.md").read_text(encoding="utf-8")), output)


def test_the_bill_of_materials_names_every_locked_package(tmp_path: Path) -> None:
    """`make sbom`: CycloneDX, the same bytes twice."""
    command = [str(BIN / "cyclonedx-py"), "requirements", "requirements.txt", "--pyproject", "pyproject.toml"]
    options = ["--output-reproducible", "--of", "JSON", "-o"]
    for name in ("a.json", "b.json"):
        told = subprocess.run([*command, *options, tmp_path / name], cwd=ROOT, capture_output=True, check=False)
        assert told.returncode == 0, told.stderr
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    listed = {one["name"] for one in json.loads((tmp_path / "a.json").read_text())["components"]}
    locked = {line.split("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    assert {name.strip() for name in locked} - listed == set()


def test_an_audit_fails_on_a_finding_and_says_aloud_when_it_could_not_ask() -> None:
    """One known vulnerability: exit 1 and its number. No network, or an index that knows nothing: NOT AUDITED."""
    bad = {"name": "a", "version": "1", "vulns": [{"id": "GHSA-x", "fix_versions": ["2"]}]}
    good, unknown = {"name": "b", "version": "1", "vulns": []}, {"name": "c", "skip_reason": "not found"}
    assert verdict(json.dumps({"dependencies": [bad, good]}), "")[0] == 1
    assert "GHSA-x" in verdict(json.dumps({"dependencies": [bad, good]}), "")[1][0]
    assert verdict(json.dumps({"dependencies": [good, unknown]}), "") == (
        0, ["1 packages audited, no known vulnerability, 1 could not be asked about"],
    )  # fmt: skip
    for told in ("", json.dumps({"dependencies": [unknown]})):
        code, (line,) = verdict(told, "no route")
        assert (code, line[:11]) == (0, "NOT AUDITED")


def test_a_transcript_that_is_not_what_is_printed_is_caught() -> None:
    """A missing line, or one in the wrong order, is named; spacing and the port that was free do not count."""
    wanted = transcript("x\n```text\na  1\n\nb 2\n```\n")
    assert wanted == ["a 1", "b 2"]
    assert missing(wanted, "0\na 1\nnoise\nb   2\n") == []
    assert missing(wanted, "b 2\na 1\n") == ["b 2"]
    asked = transcript("```text\nat http://127.0.0.1:8764/a\n```\n")
    assert missing(asked, "at http://127.0.0.1:40001/a\n") == []
    assert missing(asked, "at http://127.0.0.1:40001/b\n") == asked

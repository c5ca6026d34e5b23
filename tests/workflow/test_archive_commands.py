"""The archive's commands as a person runs them: what they print, what they exit with."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def data(tmp_path: Path, years: tuple[Path, Path], run) -> Path:
    folder = tmp_path / "d"
    done = run("import", *years, data=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_proof_backup_and_the_day_before(data: Path, run, tmp_path: Path) -> None:
    """verify, evidence and its verify, backup, restore elsewhere, as-of, prune: one line each a person can use."""
    checked = run("verify", "--json", data=data)
    found = json.loads(checked.stdout)
    assert (checked.returncode, found["problems"], len(found["head"])) == (0, [], 64)
    said = run("compare", "hubei", "--as-of", "2999-01-01", data=data)
    key = next(word for word in said.stdout.replace(")", " ").split() if len(word) == 10 and word.isalnum())
    bundle = tmp_path / "e.zip"
    assert run("evidence", key, "--out", bundle, data=data).returncode == 0
    alone = run("verify", bundle, data=tmp_path / "nothing", CHENGNUO_DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert (alone.returncode, "as it was kept" in alone.stdout) == (0, True)
    before = run("compare", "--as-of", "2020-01-01", data=data)
    assert "no comparison then" in before.stdout
    assert run("db", "backup", tmp_path / "b", data=data).returncode == 0
    restored = run("db", "restore", tmp_path / "b", data=tmp_path / "other")
    assert (restored.returncode, found["head"][:16] in restored.stdout) == (0, True)
    assert "0 unchanged" in run("prune", "--keep", "365d", data=data).stdout


def test_mistakes_are_one_line(data: Path, run, tmp_path: Path) -> None:
    """No such change, a day that is none, a bundle that is none, a backup in the way."""
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    (tmp_path / "there").write_bytes(b"x")
    cases = [
        (("evidence", "nosuchkey"), 2),
        (("compare", "--as-of", "yesterday"), 2),
        (("verify", tmp_path / "x.zip"), 2),
        (("db", "backup", tmp_path / "there"), 1),
        (("db", "restore", tmp_path / "there", "--replace"), 2),
        (("import", tmp_path, "--year", "2025"), 2),
    ]
    for arguments, code in cases:
        done = run(*arguments, data=data)
        assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr) == (code, 1, False), done

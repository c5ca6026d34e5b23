"""The command line: one clear line for every mistake, exit 2, nothing changed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database import Database

ROOT = Path(__file__).parents[2]
ANNOUNCEMENT = """湖北省应急管理工作会议在武汉召开
1月20日，湖北省应急管理工作会议在武汉召开。会议总结2025年工作，部署2026年重点任务。
会议要求，2026年要重点抓好以下工作。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
（二）夯实基层基础
每个乡镇每月开展一次消防通道检查。
"""


def chengnuo(*arguments: str | Path, data: Path, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    environment = {"PATH": "/usr/bin:/bin", "CHENGNUO_LANG": lang, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "workflow", "--data", str(data), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def _announcement(year: int, number: int) -> str:
    words = ANNOUNCEMENT.format(number=number)
    return words.replace("2025年工作", f"{year - 1}年工作").replace("2026年", f"{year}年")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Files that are wrong, each in its own way, and one that is right."""
    names = ("empty.txt", "scan.pdf", "shop.html", "good.txt", "missing.txt")
    made = {name: tmp_path / name for name in names}
    made["empty.txt"].write_bytes(b"")
    made["scan.pdf"].write_bytes(b"%PDF-1.4\n%broken\n")
    made["shop.html"].write_text("<html><body><p>欢迎光临</p></body></html>", encoding="utf-8")
    made["good.txt"].write_text(_announcement(2026, 8), encoding="utf-8")
    return made


@pytest.mark.parametrize("name", ["empty.txt", "scan.pdf", "shop.html", "missing.txt"])
def test_importing_a_bad_file_is_one_line_and_changes_nothing(
    files: dict[str, Path], tmp_path: Path, name: str
) -> None:
    """Exit 2, one line that names the file; a good file beside it is not imported either."""
    answer = chengnuo("import", files["good.txt"], files[name], data=tmp_path / "d")
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1
    assert name in answer.stderr
    database = Database.open(f"sqlite:///{tmp_path / 'd' / 'chengnuo.sqlite3'}")
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM checks")) == 0
    database.close()


def test_an_unknown_province_is_one_line(files: dict[str, Path], tmp_path: Path) -> None:
    """Exit 2 and the name that was not understood."""
    answer = chengnuo("import", files["good.txt"], "--province", "atlantis", data=tmp_path / "d")
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert "atlantis" in answer.stderr


def test_a_newer_database_is_refused(files: dict[str, Path], tmp_path: Path) -> None:
    """Exit 2, one line, and the database is as it was."""
    folder = tmp_path / "d"
    folder.mkdir()
    database = Database.open(f"sqlite:///{folder / 'chengnuo.sqlite3'}")
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    answer = chengnuo("import", files["good.txt"], data=folder)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert "9999" in answer.stderr


def test_a_broken_source_file_is_one_line(tmp_path: Path) -> None:
    """Exit 2; the line names the file."""
    folder = tmp_path / "d"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "broken.toml").write_text("slug = ", encoding="utf-8")
    answer = chengnuo("sources", "list", data=folder)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert "broken.toml" in answer.stderr


def test_importing_two_years_makes_a_diff_and_again_nothing(tmp_path: Path) -> None:
    """不少于8人 → 不少于10人 between two imported years is compared, told once, and never again."""
    data = tmp_path / "d"
    for year, number in ((2025, 8), (2026, 10)):
        file = tmp_path / f"{year}.txt"
        file.write_text(_announcement(year, number), encoding="utf-8")
        answer = chengnuo("import", file, data=data)
        assert answer.returncode == 0, answer.stderr
    assert chengnuo("deliver", data=data).returncode == 0
    letters = sorted((data / "mailbox").glob("*.eml"))
    assert letters
    chengnuo("import", tmp_path / "2026.txt", data=data)
    chengnuo("compare", data=data)
    chengnuo("deliver", data=data)
    assert sorted((data / "mailbox").glob("*.eml")) == letters


def test_a_batch_goes_on_after_a_bad_line(tmp_path: Path) -> None:
    """Each bad line gets an object with the reason, the good ones are answered, exit 1."""
    good = {"pair_id": "p", "province": "湖北", "year_old": 2025, "year_new": 2026}
    good |= {"old_text": _announcement(2025, 8), "new_text": _announcement(2026, 10)}
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(["not json", json.dumps({"pair_id": "q"}), json.dumps(good)]), encoding="utf-8")
    answer = chengnuo("diff", "--batch", batch, data=tmp_path / "d")
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [("error" in o, o["outcome"]) for o in found] == [(True, "unreadable"), (True, "unreadable"), (False, "ok")]
    assert answer.returncode == 1
    assert "strengthened" in {change["kind"] for change in found[2]["changes"]}

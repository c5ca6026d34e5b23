"""For whole trips: the command in a process of its own, two years to import."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ANNOUNCEMENT = """湖北省应急管理工作会议在武汉召开
1月20日，湖北省应急管理工作会议在武汉召开。会议总结{last}年工作，部署{year}年重点任务。
会议要求，{year}年要重点抓好以下工作。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
（二）夯实基层基础
每个乡镇每月开展一次消防通道检查。
"""
Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**more: str) -> dict[str, str]:
    """A bare environment in which only this checkout is found."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "CHENGNUO_LANG": "en", **more}


def chengnuo(*arguments: str | Path, data: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the real command."""
    command = [sys.executable, "-m", "workflow", "--data", str(data), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment(**more), timeout=120, check=False, cwd=data.parent
    )


@pytest.fixture(scope="session")
def run() -> Run:
    """``run("import", file, data=folder)``."""
    return chengnuo


@pytest.fixture
def years(tmp_path: Path) -> tuple[Path, Path]:
    """Two announcements of one province: 8 people, then 10."""
    files = []
    for year, number in ((2025, 8), (2026, 10)):
        file = tmp_path / f"{year}.txt"
        file.write_text(ANNOUNCEMENT.format(last=year - 1, year=year, number=number), encoding="utf-8")
        files.append(file)
    return files[0], files[1]

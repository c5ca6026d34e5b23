"""`chengnuo diff`: two bodies in, one object out, one clear line for every mistake."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BODY = """会议要求，{year}年要重点抓好以下工作。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
（二）夯实基层基础
每个乡镇每月开展一次消防通道检查。
"""


def chengnuo(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    environment = {"PATH": "/usr/bin:/bin", "CHENGNUO_LANG": "en", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "workflow", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


def test_two_bodies_become_one_object_whose_units_stand_in_the_texts(tmp_path: Path) -> None:
    """Offsets point into the given text; every unit is in exactly one change; the raised number is marked whole."""
    pair = {"pair_id": "p1", "province": "湖北", "year_old": 2025, "year_new": 2026}
    pair |= {"old_text": BODY.format(year=2025, number=8), "new_text": BODY.format(year=2026, number=10)}
    batch = tmp_path / "pairs.jsonl"
    batch.write_text(json.dumps(pair, ensure_ascii=False) + "\n", encoding="utf-8")
    answer = chengnuo("diff", "--batch", batch)
    assert (answer.returncode, answer.stderr) == (0, "")
    found = json.loads(answer.stdout)
    assert (found["pair_id"], found["outcome"], len(found["old_units"])) == ("p1", "ok", 3)
    for side in ("old", "new"):
        units = found[f"{side}_units"]
        assert [pair[f"{side}_text"][u["start"] : u["end"]] for u in units] == [u["text"] for u in units]
        used = [name for change in found["changes"] for name in change[side]]
        assert sorted(used) == sorted(u["id"] for u in units)
    raised = next(change for change in found["changes"] if change["kind"] != "unchanged")
    start, end = raised["highlights"]["new"][0]
    text = next(u["text"] for u in found["new_units"] if u["id"] == raised["new"][0])
    assert "10" in text[start:end]


def test_a_broken_line_never_stops_the_batch(tmp_path: Path) -> None:
    """Three lines in, three objects out in order; exit 1 says that something needs a person."""
    good = {"pair_id": "p2", "old_text": BODY.format(year=2025, number=8), "new_text": BODY.format(year=2026, number=8)}
    batch = tmp_path / "pairs.jsonl"
    batch.write_text("{\n" + '{"pair_id": "p1"}\n' + json.dumps(good) + "\n", encoding="utf-8")
    answer = chengnuo("diff", "--batch", batch)
    found = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [one["outcome"] for one in found] == ["unreadable", "unreadable", "ok"]
    assert "old_text" in found[1]["error"]
    assert answer.returncode == 1


def test_a_missing_file_is_one_line_with_its_name(tmp_path: Path) -> None:
    """Exit 2, no traceback."""
    answer = chengnuo("diff", tmp_path / "none.txt", tmp_path / "none2.txt")
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert "none.txt" in answer.stderr

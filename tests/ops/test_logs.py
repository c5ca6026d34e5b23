"""The log: one JSON object a line, one trail from the check to the delivery; a readable form for people."""

import json
import logging
import subprocess
from collections.abc import Callable

import pytest

from workflow.logs import TRAIL, event, start_log, trail

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def quiet_afterwards():
    root, own = logging.getLogger(), logging.getLogger("chengnuo")
    handlers, levels = root.handlers[:], (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def test_one_trail_from_the_check_to_the_delivery(once: Run) -> None:
    """`run --once` with CHENGNUO_LOG=json: check, read, compared and delivered share the page's trail."""
    told = once()
    assert told.returncode == 0, told.stderr
    lines = [json.loads(line) for line in told.stderr.splitlines()]
    assert all({"time", "level", "process", "event"} <= set(line) for line in lines)
    compared = [line for line in lines if line["event"] == "compared" and line["year"] == 2026]
    assert compared
    steps = [line["event"] for line in lines if line.get("trail") == compared[0]["trail"]]
    assert steps[:3] == ["check", "read", "compared"]
    assert "delivered" in steps
    delivered = [line for line in lines if line["event"] == "delivered" and "delivery" in line]
    checked = {line["trail"] for line in lines if line["event"] == "check" and "trail" in line}
    for line in delivered:  # followed back by its number alone, whatever tells of a page comes from a visit
        assert line["kind"] == "incident" or line.get("trail") in checked, line
        assert set(line.get("trails", [])) <= checked


def test_json_lines_hold_facts_and_tracebacks(capsys: pytest.CaptureFixture[str], quiet_afterwards: None) -> None:
    """An event's facts are keys; a foreign message and its traceback stay one line."""
    start_log("json", "worker")
    event("delivered", delivery=7, **trail("ab" * 32))
    try:
        int("二\n行")
    except ValueError:
        logging.getLogger("celery").exception("failed")
    first, second = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (first["event"], first["delivery"], first["trail"]) == ("delivered", 7, ("ab" * 32)[:TRAIL])
    assert first["process"] == "worker"
    assert second["level"] == "error"
    assert "ValueError" in second["traceback"]


def test_a_person_reads_one_short_line(capsys: pytest.CaptureFixture[str], quiet_afterwards: None) -> None:
    """Time, process, event, facts."""
    start_log("text", "run")
    event("crawl_done", sources=("hubei", "hunan"), outcomes={"new": 2})
    line = capsys.readouterr().err
    assert line.rstrip().endswith("sources=hubei,hunan  outcomes=new:2")


def test_nothing_is_written_before_a_log_is_started(capsys: pytest.CaptureFixture[str]) -> None:
    """One-shot commands and tests stay quiet."""
    event("tick", due=1)
    assert capsys.readouterr().err == ""

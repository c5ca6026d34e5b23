"""Floors rise and never fall by themselves."""

from pathlib import Path

from bench.ratchet import Row, compare, load_floors, raised, save_floors


def test_below_the_floor_fails() -> None:
    """A figure under its floor, a time over its ceiling and a figure that vanished all fail."""
    rows = compare({"d": {"f1": 0.89, "run_seconds": 3.0}}, {"d": {"f1": 0.9, "run_seconds": 2.0, "gone": 0.5}})
    assert [(row.name, row.holds) for row in rows] == [("f1", False), ("gone", False), ("run_seconds", False)]


def test_raise_keeps_the_stricter() -> None:
    """Raising takes a better figure less the margin, and keeps a floor the figure does not reach."""
    rows = [Row("d", "f1", 0.95, 0.9), Row("d", "recall", 0.7, 0.8), Row("d", "fresh", 0.5, None)]
    assert raised(rows, {"d": {"f1": 0.9, "recall": 0.8}}) == {"d": {"f1": 0.945, "recall": 0.8, "fresh": 0.495}}


def test_lowering_needs_the_name() -> None:
    """Only a floor that is named goes down."""
    rows = [Row("d", "f1", 0.5, 0.9)]
    assert raised(rows, {"d": {"f1": 0.9}}) == {"d": {"f1": 0.9}}
    assert raised(rows, {"d": {"f1": 0.9}}, frozenset({"d.f1"})) == {"d": {"f1": 0.495}}


def test_floors_round_trip(tmp_path: Path) -> None:
    """What is saved is loaded again; no file means no floors."""
    path = tmp_path / "floors.json"
    assert load_floors(path) == {}
    save_floors({"d": {"f1": 0.9}}, path)
    assert load_floors(path) == {"d": {"f1": 0.9}}


def test_what_is_not_here_is_absent_and_fails_nothing() -> None:
    """NaN: pages that lie beside the project may be missing; the floor stays, and nothing is raised."""
    (row,) = compare({"reading": {"real_body": float("nan")}}, {"reading": {"real_body": 0.99}})
    assert row.is_absent
    assert row.holds
    assert raised([row], {"reading": {"real_body": 0.99}}) == {"reading": {"real_body": 0.99}}

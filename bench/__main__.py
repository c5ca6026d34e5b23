"""``python -m bench [NAME…]``: measure, print the figures beside their floors, exit 1 below a floor.

A bench is a module here with ``measure() -> dict[str, float]``; ``report() -> str`` is optional and printed with
``--report``.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

from bench import ratchet

HERE = Path(__file__).parent


def bench_names() -> list[str]:
    """The modules beside this one that define ``measure``."""
    found = (module.name for module in pkgutil.iter_modules([str(HERE)]))
    return sorted(n for n in found if "\ndef measure(" in (HERE / f"{n}.py").read_text(encoding="utf-8"))


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(bench_names()))
    parser.add_argument("--raise", dest="raise_", action="store_true", help="raise floors to what was measured")
    parser.add_argument("--lower", action="append", default=[], metavar="BENCH.NAME", help="lower this floor")
    parser.add_argument("--report", action="store_true", help="also print each bench's report")
    return parser.parse_args()


def main() -> int:
    """Run the benches asked for, all by default."""
    asked = arguments()
    unknown = set(asked.names) - set(bench_names())
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(bench_names())}", file=sys.stderr)
        return 2
    figures, floors = {}, ratchet.load_floors()
    for name in asked.names or bench_names():
        module = importlib.import_module(f"bench.{name}")
        figures[name] = module.measure()
        if asked.report and hasattr(module, "report"):
            print(module.report())
    rows = ratchet.compare(figures, floors)
    for row in rows:
        print(_line(row))
    if asked.raise_ or asked.lower:
        floors = ratchet.raised(rows if asked.raise_ else _only(rows, asked.lower), floors, frozenset(asked.lower))
        ratchet.save_floors(floors)
        rows = ratchet.compare(figures, floors)
    return 0 if all(row.holds for row in rows) else 1


def _only(rows: list[ratchet.Row], names: list[str]) -> list[ratchet.Row]:
    return [row for row in rows if f"{row.bench}.{row.name}" in names]


def _line(row: ratchet.Row) -> str:
    measured = "missing" if row.measured is None else "absent" if row.is_absent else f"{row.measured:.3f}"
    floor = "new" if row.floor is None else f"{row.floor:.3f}"
    relation = "<=" if ratchet.is_ceiling(row.name) else ">="
    verdict = "" if row.holds else "   FAILS"
    return f"{row.bench + '.' + row.name:<44} {measured:>9}  {relation} {floor:>7}{verdict}"


if __name__ == "__main__":
    sys.exit(main())

"""How right the year-over-year comparison is: every gold set, with the gold's own units and end to end.

dev and hard_dev are the codebook's; the fresh sets are other styles, written before reader and differ saw them.
Rules were made with the dev sets, weights with the first three; fresh_check is only measured; of
fresh2_check two pairs were looked at. Later fresh sets taught rules after their first measure (docs/explanation.md);
fresh7_check is only measured.
"""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

from diff_match_patch import diff_match_patch

from bench.baselines import bigram_overlap, difflib_lines
from bench.score_gold import score
from workflow.diffing import diff_object

GOLD = Path(__file__).parent / "gold"
SETS = (
    "dev",
    "hard_dev",
    "fresh_dev",
    "fresh_check",
    "fresh2_dev",
    "fresh2_check",
    "fresh3_dev",
    "fresh4_dev",
    "fresh5_dev",
    "fresh6_dev",
    "fresh7_check",
)
WORST = 12


@cache
def gold(name: str) -> list[dict[str, Any]]:
    """The labelled year pairs of one set."""
    return [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def scored(name: str, *, end_to_end: bool) -> dict[str, Any]:
    """The yardstick's figures for one set."""
    hidden = ("old_units", "new_units") if end_to_end else ()
    answers = [diff_object({k: v for k, v in pair.items() if k not in hidden}) for pair in gold(name)]
    return dict(score(gold(name), {answer["pair_id"]: answer for answer in answers}, WORST))


def measure() -> dict[str, float]:
    """Figures for the ratchet; seconds are for all of dev's pairs, units given."""
    figures: dict[str, float] = {}
    for name in SETS:
        for end_to_end in (False, True):
            found = scored(name, end_to_end=end_to_end)
            head = f"{name}_{'own' if end_to_end else 'given'}"
            figures[f"{head}_links_f1"] = found["links"][2]
            figures[f"{head}_kind_macro_f1"] = found["kind_macro_f1"]
            figures[f"{head}_alerts_f1"] = found["alerts"]["all"][2]
            figures[f"{head}_strengthened_precision"] = found["alerts"]["strengthened"][0]
            figures[f"{head}_asserted_precision"] = found["asserted_precision"] or 0.0
            figures[f"{head}_evidence_quoted"] = found["evidence_quoted"]
            figures[f"{head}_evidence_dimension"] = found["evidence_dimension"]
    figures["dev_seconds"] = _seconds(_ours)
    return figures


def _ours() -> None:
    for pair in gold("dev"):
        diff_object(pair)


def _whole_texts() -> None:
    for pair in gold("dev"):
        tool = diff_match_patch()
        tool.Diff_Timeout = 0
        tool.diff_main(pair["old_text"], pair["new_text"])


def _seconds(work: Any) -> float:
    work()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def report() -> str:
    """Confusion, traps, worst mistakes, and the same figures for two baselines."""
    lines = [
        f"diff-match-patch on the same whole texts takes {_seconds(_whole_texts) / _seconds(_ours):.1f} times as long"
    ]
    for name in SETS:
        found = scored(name, end_to_end=True)
        lines += [f"{name}, end to end", f"  confusion {found['confusion']}", f"  traps {found['traps']}"]
        lines += [f"  {mistake}" for mistake in found["mistakes"]]
        for baseline in (difflib_lines, bigram_overlap):
            answers = {pair["pair_id"]: baseline(pair) for pair in gold(name)}
            plain = score(gold(name), answers, 0)
            lines.append(
                f"  {baseline.__name__}: links F1 {plain['links'][2]:.3f}, kind macro-F1 {plain['kind_macro_f1']:.3f}, "
                f"alerts F1 {plain['alerts']['all'][2]:.3f}"
            )
    return "\n".join(lines)

"""Papers of different kinds about one thing are different commitments (codebook M5, M8)."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from differ.matching.grams import Matrix

_PLAN = re.compile(r"规划")
_KINDS = (
    (re.compile(r"基本思路|编制大纲|前期研究|前期论证|前期工作|前期调研"), "outline"),
    (re.compile(r"规划[^，。；]{0,4}(?:实施方案|任务分解|行动方案)"), "programme"),
    (re.compile(r"规划[^，。；]{0,8}(?:评估|总结|终评)|(?:评估|总结)[^，。；]{0,10}规划"), "evaluation"),
)
_AFTER = re.compile(r"后评估|效果评估|整改评估|成效评估")


def other_product(old: Sequence[str], new: Sequence[str]) -> Matrix:
    """1 where two wordings name different products (规划 and 规划基本思路; 整治 and 整治后评估), else 0."""
    first, second = [_product(text) for text in old], [_product(text) for text in new]
    rows = [[float(a[0] != b[0] or (bool(a[1] and b[1]) and a[1] != b[1])) for b in second] for a in first]
    return np.array(rows).reshape(len(old), len(new))


def _product(text: str) -> tuple[bool, str]:
    """Whether it looks back at a measure taken, and which product of a plan it is, if any."""
    kind = next((name for pattern, name in _KINDS if pattern.search(text)), "plan") if _PLAN.search(text) else ""
    return bool(_AFTER.search(text)), kind

"""Announcements of any size for benches: sentences of the usual kind, in directives, with a target here and there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from schema.announcements import Announcement, Commitment, Directive, Target

FLOOR = "不少于"
"""What every sentence that carries a target holds."""


def announcement(
    province: str, year: int, texts: Sequence[str], directives: int, *, url: str = "", every: int = 1
) -> Announcement:
    """One sentence a commitment, evenly over the directives; every so manieth has a target."""
    starts = itertools.accumulate((len(text) + 1 for text in texts), initial=0)
    each = len(texts) // directives
    commitments = [
        _commitment(n, each, text, at, targeted=n % every == 0)
        for n, (text, at) in enumerate(zip(texts, starts, strict=False))
    ]
    heads = tuple(
        Directive(no + 1, f"（{no + 1}）", f"强化第{no + 1}类风险治理", tuple(commitments[no * each : (no + 1) * each]))
        for no in range(directives)
    )
    return Announcement(province, year, "given", f"{year}年全省应急管理工作会议", "\n".join(texts), heads, url=url)


def _commitment(n: int, each: int, text: str, at: int, *, targeted: bool) -> Commitment:
    start = at + text.index(FLOOR)
    target = Target(FLOOR, ">=", float(n), "处", "示范点", None, start, start + len(FLOOR))
    return Commitment(f"{n // each + 1}.{n % each + 1}", text, at, at + len(text), (target,) if targeted else ())

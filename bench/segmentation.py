"""How well the commitments of whole texts are found, to the character: every gold set, as read by ourselves.

The marked texts are what commas and opening clauses were fitted on: their figure says that the weights are in use.
"""

from __future__ import annotations

from bench.differ import SETS, gold, scored
from bench.forms import MARKED, forms
from crawler.read.announcements import read_body
from schema.announcements import QuarantineReason


def measure() -> dict[str, float]:
    """F1 of the commitments of each set; the share of pairs whose offsets all resolve; texts not called stale."""
    figures = {f"{name}_f1": scored(name, end_to_end=True)["segmentation"][2] for name in SETS}
    pairs = [(name, pair) for name in SETS for pair in gold(name)]
    wrong = {line.split(":", 1)[0].split(" ")[0] for name in SETS for line in scored(name, end_to_end=True)["problems"]}
    figures["offsets_right"] = 1 - sum(pair["pair_id"] in wrong for _, pair in pairs) / len(pairs)
    figures["marked_f1"] = _marked_f1()
    dev = [pair for pair in gold("dev") if pair.get("expected_outcome") != "stale_text"]
    figures["dev_not_stale"] = 1 - sum(map(_is_stale, dev)) / len(dev)
    return figures


def _marked_f1() -> float:
    """F1 over all marked texts together; a commitment counts when both its ends are right."""
    hits = said = asked = 0
    for form in (form for name in MARKED for form in forms(f"{name}.txt")):
        found = {(one.start, one.end) for one in read_body(form.text, None, 2026).commitments}
        hits, said, asked = hits + len(found & set(form.wanted)), said + len(found), asked + len(form.wanted)
    return 2 * hits / (said + asked)


def _is_stale(pair: dict[str, object]) -> bool:
    """Whether one of a pair's texts, all of them of their year, is held back as a text of another time."""
    read = [read_body(str(pair[f"{s}_text"]), None, int(str(pair[f"year_{s}"]))) for s in ("old", "new")]
    return any(one.quarantine and one.quarantine.reason is QuarantineReason.STALE_TEXT for one in read)

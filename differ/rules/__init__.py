"""One function a dimension of strength; each returns findings with their quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from differ.lexicon import Lexicon
from differ.pair import Pair
from differ.rules import accountability, actor, deadline, modality, outcome, resources, scope, stage, target
from differ.rules.wording import Judged, Verdict, as_finding, wording
from schema.changes import HARD_DIMENSIONS, Finding

RULES: tuple[Callable[[Judged], Iterator[Verdict]], ...] = (
    target.judge,
    deadline.judge,
    scope.judge,
    accountability.judge,
    resources.judge,
    actor.judge,
    modality.judge,
    stage.judge,
    outcome.judge,
)


def judge(pair: Pair, lexicon: Lexicon) -> tuple[Finding, ...]:
    """Every rule's findings about one pair, in the order of the rules, none twice."""
    judged = Judged(pair, lexicon, wording(pair.old_text, lexicon), wording(pair.new_text, lexicon))
    verdicts = [verdict for rule in RULES for verdict in rule(judged)]
    return tuple(dict.fromkeys(as_finding(judged, verdict) for verdict in _settled(verdicts)))


def _settled(verdicts: list[Verdict]) -> list[Verdict]:
    """One mark, one dimension: 六成 to 全覆盖 is a share, no stage (9.1). A hard dimension decides where building gave
    way to using (St3).
    """
    shares = {span for v in verdicts if v.rule == "target.whole" for span in (v.old, v.new)}
    verdicts = [v for v in verdicts if v.rule != "stage.ladder" or not {v.old, v.new} & shares]
    if any(verdict.dimension in HARD_DIMENSIONS for verdict in verdicts):
        return [verdict for verdict in verdicts if verdict.rule != "stage.succession"]
    return verdicts

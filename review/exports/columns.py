"""The columns of a table of changes, once for xlsx, csv and the verdicts that come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from review.gathered import Gathered
from review.labels import DECISIONS, STRUCTURES
from review.lines import Line
from review.places import full_name, region_name
from review.reasons import why
from review.rendering import CHINA
from review.words import WORDS
from schema.changes import Finding, Kind
from schema.verdicts import Decision
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS


@dataclass(frozen=True, slots=True)
class Cut:
    """One line of an export in one language."""

    gathered: Gathered
    line: Line
    lang: str

    @property
    def which(self) -> int:
        """0 for Chinese, 1 for English: where a pair of words has this language."""
        return 0 if self.lang == "zh" else 1


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in both languages, a width in characters, and what stands in it. ``edited``: people may fill it in."""

    key: str
    names: tuple[str, str]
    width: int
    value: Callable[[Cut], str]
    edited: bool = False


def machine_words(line: Line, lang: str) -> str:
    """The machine's label; that there is none, for what a person matched."""
    which = 0 if lang == "zh" else 1
    return KINDS[line.machine.kind][1 + which] if line.machine else WORDS["by_person"][which]


def kind_words(kind: Kind | None, lang: str) -> str:
    """What a change counts as, in words."""
    which = 0 if lang == "zh" else 1
    return KINDS[kind][1 + which] if kind else DECISIONS[Decision.NOT_A_COMMITMENT][which]


def _structure(cut: Cut) -> str:
    return "、".join(STRUCTURES[one.value][cut.which] for one in cut.line.change.structure)


def finding_words(finding: Finding, lang: str) -> str:
    """One finding as a line of text: dimension, direction, and the reason with both quotes."""
    which = 0 if lang == "zh" else 1
    return f"{DIMENSIONS[finding.dimension][which]} {DIRECTIONS[finding.direction][which]} {why(finding, lang)}"


def _score(cut: Cut) -> str:
    return "" if cut.line.change.score is None else f"{cut.line.change.score:.2f}"


def _decision(cut: Cut) -> str:
    return DECISIONS[cut.line.now.decision][cut.which] if cut.line.now else ""


def _decided_kind(cut: Cut) -> str:
    now = cut.line.now
    return KINDS[now.kind][1 + cut.which] if now and now.kind and now.decision is not Decision.CONFIRM else ""


def _who(cut: Cut) -> str:
    now = cut.line.now
    return f"{now.by} {now.at.astimezone(CHINA):%Y-%m-%d %H:%M}" if now else ""


def _address(cut: Cut, *, earlier: bool) -> str:
    edition = cut.gathered.earlier(cut.line) if earlier else cut.gathered.later(cut.line)
    return edition.url if edition else ""


COLUMNS = (
    Column("region", ("大区", "Region"), 10, lambda c: region_name(c.line.province.region, c.lang)),
    Column("province", ("省份", "Province"), 16, lambda c: full_name(c.line.province, c.lang)),
    Column("years", ("年度", "Years"), 12, lambda c: f"{c.line.diff.year_old}→{c.line.diff.year_new}"),
    Column("kind", ("计为", "Counts as"), 12, lambda c: kind_words(c.line.kind, c.lang)),
    Column("machine_kind", ("机器判断", "Machine's kind"), 12, lambda c: machine_words(c.line, c.lang)),
    Column("structure", ("结构", "Structure"), 10, _structure),
    Column("old_directive", ("上一年部署", "Earlier directive"), 24, lambda c: "\n".join(c.line.old_headings)),
    Column("old_text", ("上一年承诺", "Earlier commitment"), 48, lambda c: c.line.change.old_text),
    Column("new_directive", ("本年部署", "This year's directive"), 24, lambda c: "\n".join(c.line.new_headings)),
    Column("new_text", ("本年承诺", "This year's commitment"), 48, lambda c: c.line.change.new_text),
    Column(
        "findings",
        ("依据", "Findings"),
        48,
        lambda c: "\n".join(finding_words(finding, c.lang) for finding in c.line.change.findings),
    ),
    Column("confidence", ("把握", "Confidence"), 10, lambda c: CONFIDENCES[c.line.change.confidence][c.which]),
    Column("score", ("相似", "Score"), 8, _score),
    Column("decision", ("复核结论", "Decision"), 14, _decision, edited=True),
    Column("decided_kind", ("改判为", "Decided kind"), 14, _decided_kind, edited=True),
    Column("reason", ("理由", "Reason"), 32, lambda c: c.line.now.reason if c.line.now else "", edited=True),
    Column("decided_by", ("复核人与时间", "Decided by"), 22, _who),
    Column("old_url", ("上一年原文", "Earlier page"), 30, lambda c: _address(c, earlier=True)),
    Column("new_url", ("本年原文", "This year's page"), 30, lambda c: _address(c, earlier=False)),
    Column("key", ("变化编号", "Change key"), 20, lambda c: c.line.change.key),
    Column("seen", ("复核序号", "Verdict number"), 10, lambda c: str(c.line.newest)),
)
"""``key`` and ``seen`` carry a row back: which change, and the newest verdict that was known when it was exported."""

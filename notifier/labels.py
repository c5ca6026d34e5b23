"""The words of a message, in Chinese and English; keys stay English everywhere else."""

from __future__ import annotations

from schema.changes import Confidence, Dimension, Direction, Kind
from schema.provinces import find_province

KINDS = {
    Kind.STRENGTHENED: ("↑", "加强", "stronger"),
    Kind.DROPPED: ("−", "消失", "dropped"),
    Kind.WEAKENED: ("↓", "减弱", "weaker"),
    Kind.MIXED: ("±", "有强有弱", "mixed"),
    Kind.NEW: ("+", "新增", "new"),
    Kind.REWORDED: ("~", "改写", "reworded"),
    Kind.UNCHANGED: ("=", "未变", "unchanged"),
}
DIMENSIONS = {
    Dimension.MODALITY: ("约束力", "how binding"),
    Dimension.STAGE: ("推进阶段", "stage"),
    Dimension.OUTCOME: ("事故目标", "outcome"),
    Dimension.TARGET: ("指标", "target"),
    Dimension.DEADLINE: ("时限", "deadline"),
    Dimension.SCOPE: ("范围", "scope"),
    Dimension.ACCOUNTABILITY: ("问责", "accountability"),
    Dimension.RESOURCES: ("资源", "resources"),
    Dimension.ACTOR: ("责任主体", "actor"),
}
DIRECTIONS = {Direction.UP: ("↑ 更强", "↑ stronger"), Direction.DOWN: ("↓ 更弱", "↓ weaker")}
CONFIDENCES = {Confidence.HIGH: ("高", "high"), Confidence.MEDIUM: ("中", "medium"), Confidence.LOW: ("低", "low")}


def say(language: str, pair: tuple[str, str]) -> str:
    """The Chinese or the English of a pair."""
    return pair[0] if language == "zh" else pair[1]


def province_name(language: str, slug: str) -> str:
    """湖北, or Hubei's slug in English."""
    return find_province(slug).short if language == "zh" else slug.capitalize()

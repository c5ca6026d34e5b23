"""What people read for the closed vocabularies, in Chinese and English; the keys themselves stay English."""

from __future__ import annotations

from schema.changes import Confidence, Dimension, Direction, Kind

KINDS = {
    Kind.STRENGTHENED: ("▲", "加强", "strengthened"),
    Kind.DROPPED: ("－", "消失", "dropped"),
    Kind.WEAKENED: ("▼", "减弱", "weakened"),
    Kind.MIXED: ("◆", "升降并存", "mixed"),
    Kind.NEW: ("＋", "新增", "new"),
    Kind.REWORDED: ("～", "改写", "reworded"),
    Kind.UNCHANGED: ("＝", "不变", "unchanged"),
}
"""Mark and names, the most telling kind first: never told apart by colour alone."""
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
SURENESS = {Confidence.LOW: 0, Confidence.MEDIUM: 1, Confidence.HIGH: 2}

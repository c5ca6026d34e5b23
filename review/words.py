"""The words of the pages, Chinese first; a page never shows a key where a person reads."""

from __future__ import annotations

from schema.changes import Confidence, Dimension, Direction, Kind

KINDS = {
    Kind.STRENGTHENED: ("▲", "加强", "stronger"),
    Kind.WEAKENED: ("▼", "减弱", "weaker"),
    Kind.MIXED: ("◆", "升降并存", "mixed"),
    Kind.NEW: ("＋", "新增", "new"),
    Kind.DROPPED: ("－", "消失", "dropped"),
    Kind.REWORDED: ("～", "改写", "reworded"),
    Kind.UNCHANGED: ("＝", "不变", "unchanged"),
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
DIRECTIONS = {Direction.UP: ("更强", "stronger"), Direction.DOWN: ("更弱", "weaker")}
CONFIDENCES = {Confidence.HIGH: ("高", "high"), Confidence.MEDIUM: ("中", "medium"), Confidence.LOW: ("低", "low")}
STRUCTURES = {"moved": ("移动", "moved"), "split": ("拆分", "split"), "merged": ("合并", "merged")}
WORDS = {
    "title": ("承诺 · 省级应急管理年度部署对照", "chengnuo · yearly commitments compared"),
    "overview": ("全国一览", "All provinces"),
    "sources": ("来源与故障", "Sources and incidents"),
    "year": ("年度", "Year"),
    "region": ("大区", "Region"),
    "province": ("省份", "Province"),
    "state": ("状态", "State"),
    "baseline": ("基线", "baseline"),
    "commitments": ("条承诺", "commitments"),
    "unpublished": ("未发布", "not published"),
    "unfetched": ("未取到", "not fetched"),
    "doubtful": ("存疑", "held back"),
    "nothing": ("没有可比较的内容", "nothing to compare"),
    "last_year": ("上一年", "Earlier year"),
    "this_year": ("本年", "This year"),
    "reason": ("理由", "Why"),
    "confidence": ("把握", "confidence"),
    "score": ("相似", "score"),
    "absent": ("没有对应", "no counterpart"),
    "all": ("全部", "all"),
    "changed": ("有变化", "changed"),
    "original": ("原文链接", "original"),
    "captured": ("留存页面", "captured page"),
    "fetched": ("抓取时间", "fetched"),
    "hash": ("SHA-256", "SHA-256"),
    "headers": ("响应头", "headers"),
    "raw": ("下载原始字节", "download raw bytes"),
    "text": ("页面文字", "text of the page"),
    "checks": ("最近检查", "last checks"),
    "incidents": ("未结故障", "open incidents"),
    "no_incidents": ("没有未结故障。", "No open incidents."),
    "source": ("来源", "Source"),
    "address": ("地址", "Address"),
    "outcome": ("结果", "Outcome"),
    "time": ("时间", "Time"),
    "detail": ("说明", "Detail"),
    "not_found": ("没有这一页。", "There is no such page."),
    "rewritten": ("两年写法差异很大，对应关系存疑。", "The two years share little wording; the alignment is doubtful."),
    "gap": ("中间年份没有通报，与最近一年相比。", "No text for the years between; compared with the last there is."),
    "revisions": ("发布后的修改", "edits after publication"),
    "evidence": ("依据文字", "evidence"),
    "other_language": ("English", "中文"),
    "skip": ("跳到正文", "skip to content"),
    "keys": ("键盘：j 下一条，k 上一条", "keys: j next, k previous"),
}

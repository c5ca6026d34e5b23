"""What two wordings are about: shared objects outweigh verbs, places and stages (codebook M1, M2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from differ.matching.copy import object_copy, plain_copy, vocabulary
from differ.matching.grams import Matrix, grams
from differ.matching.residue import slots

LIKELY = 0.62
"""What a shared object lifts a pair to: a link, never one without rivals."""
WORTH, FRAMED = 0.02, 0.5
"""Least probability, and least share of the wording around the place that differs, from which a pair is looked at."""
_LEAST_RUN, _LEAST_OBJECT, _MOST_LEFT = 5, 4, 1
_NAMES_A_THING = re.compile(
    r"[^ ]{3,}(?:站|所|室|中心|基地|平台|系统|库|队|队伍|点|馆|装置|设施|一张图|大数据|预案|办法|条例|制度)$"
)
"""村应急站: short, yet a thing by its last word."""
_PLACES = re.compile(
    r"(?:在|选取|选择).{2,16}?(?=开展|推行|推进|推广|试点|试行|建设|建立|实施|探索|组织|设立|布设|先行)|"
    r"全省|全市|全区|全域|各市州|各地市|部分|若干|试点|试行|推广|推行|推开|铺开|先行|示范|全面|覆盖"
)
_KINDS = (
    "防汛 洪水 洪涝 山洪 内涝 汛期",
    "抗旱 干旱",
    "森林防火 森林火灾 林火 草原防火 森林草原防灭火 森林草原火灾 林草火灾",
    "抗震 地震",
    "防台风 台风",
    "地质灾害 地灾 滑坡 泥石流",
    "雨雪冰冻 低温 雪灾 暴雪 寒潮",
    "燃气",
    "煤矿 矿井 瓦斯",
    "尾矿库",
    "危化品 危险化学品 化工",
    "烟花爆竹 花炮",
    "粉尘涉爆 粉尘",
    "渔船 渔业船舶",
    "电梯",
    "校车",
    "景区 旅游",
    "轨道交通 地铁",
    "道路交通 公路",
    "隧道",
    "加油站 加气站",
    "冶金 钢铁",
    "储能 锂电",
    "建筑施工 工地",
    "高层建筑 高层住宅",
    "养老机构 敬老院",
    "水域救援 水上救援 水域",
    "山岳救援 山岳",
    "直升机",
    "无人机",
    "消防水车 消防车",
    "电动自行车",
    "新能源汽车 充电桩 充电场站",
    "城乡房屋 农房 房屋",
    "供水设施 供水",
    "液氨 涉氨 制冷",
    "风电",
    "火源 野外用火",
    "游乐设施",
)
_ENUMERATION = re.compile(r"[^，；。、：]{2,16}(?:、[^，；。、：]{2,16}){2,}")
_LEAST_SHARED, _STUMP = 2, 4
"""Members that two enumerations share at least, and characters of its ends that are compared."""
_KIND_OF = {word: n for n, words in enumerate(_KINDS) for word in words.split()}
_KIND = re.compile("|".join(sorted(_KIND_OF, key=len, reverse=True)))


def weighed_by_object(probabilities: Matrix, old: Sequence[str], new: Sequence[str]) -> Matrix:
    """The same probabilities, lifted where one object is all that both wordings name, and nil where the one place in
    which two wordings differ names another hazard or trade.
    """
    found = probabilities.copy()
    copies_old, copies_new = [plain_copy(text) for text in old], [plain_copy(text) for text in new]
    kinds_old, kinds_new = [_kinds(text) for text in copies_old], [_kinds(text) for text in copies_new]
    for i, j in zip(*np.nonzero(found > WORTH), strict=True):
        if kinds_old[i] and kinds_new[j] and kinds_old[i].isdisjoint(kinds_new[j]):
            if slots([copies_old[i]], [copies_new[j]], np.ones((1, 1)))[0, 0] >= FRAMED:
                found[i, j] = 0.0
        elif found[i, j] < LIKELY and (is_same_object(copies_old[i], copies_new[j]) or shares_members(old[i], new[j])):
            found[i, j] = LIKELY
    return found


def nearest(text: str, others: Sequence[str]) -> tuple[int, float]:
    """Which of ``others`` names most of what ``text`` is about, and how much of it: 0…1 of its object's 2-grams.

    -1 and 0.0 where there is none to compare, or the object is too short to tell.
    """
    whole = grams(object_copy(text), 2).keys()
    if len(whole) < _LEAST_OBJECT - 1:
        return -1, 0.0
    shares = [len(whole & grams(plain_copy(other), 2).keys()) / len(whole) for other in others]
    best = max(range(len(shares)), key=lambda n: (shares[n], -n), default=-1)
    return best, shares[best] if best >= 0 else 0.0


@lru_cache(maxsize=8192)
def _kinds(copy: str) -> frozenset[int]:
    return frozenset(_KIND_OF[word] for word in _KIND.findall(copy))


def is_same_object(one: str, other: str) -> bool:
    """True when the longest run that two copies share names an object, and outside it neither names another."""
    run = _shared_run(one, other)
    if not _NAMES_A_THING.search(run) and (len(run) < _LEAST_RUN or len(_content(run)) < _LEAST_OBJECT):
        return False
    return all(len(_content(_PLACES.sub(" ", text.replace(run, " ", 1)))) <= _MOST_LEFT for text in (one, other))


def shares_members(one: str, other: str) -> bool:
    """True for two enumerations in the same frame most of whose members are the same (M2)."""
    first, second = _members(one), _members(other)
    shared = len(first & second)
    return shared >= _LEAST_SHARED and 2 * shared >= max(len(first), len(second))


def _members(text: str) -> frozenset[str]:
    """What stands in the longest 、-enumeration; of the first its end, of the last its beginning: verbs stand there."""
    listed = max(_ENUMERATION.findall(text), key=len, default="")
    parts = listed.split("、") if listed else []
    return frozenset(
        part[-_STUMP:] if n == 0 else part[:_STUMP] if n == len(parts) - 1 else part for n, part in enumerate(parts)
    )


def _content(text: str) -> str:
    """What is left of a stretch without verbs, genre words, places, stages and numbers."""
    bare = vocabulary().frames.sub(" ", _PLACES.sub(" ", text).replace("#", " "))
    return bare.replace(" ", "")


def _shared_run(one: str, other: str) -> str:
    """The longest stretch of characters that stands in both, the first of several; none across a space."""
    best = ""
    for start in range(len(one)):
        end = start + len(best) + 1
        while end <= len(one) and " " not in one[start:end] and one[start:end] in other:
            best = one[start:end]
            end += 1
    return best

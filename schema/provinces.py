"""The 31 provinces and the seven regions, keyed by GB/T 2260 code and slug. Source: GB/T 2260—2007."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from schema.errors import UnknownProvince


class Region(StrEnum):
    """大区: the seven geographical regions the digests are grouped by."""

    HUABEI = "华北"
    DONGBEI = "东北"
    HUADONG = "华东"
    HUAZHONG = "华中"
    HUANAN = "华南"
    XINAN = "西南"
    XIBEI = "西北"


@dataclass(frozen=True, slots=True)
class Province:
    """省级单位. ``level_word`` is how its own texts say "the whole province": 全省, 全市 or 全区."""

    code: str
    slug: str
    name: str
    short: str
    region: Region
    capital: str
    char: str
    """One-character abbreviation (简称), as in 豫."""

    @property
    def level_word(self) -> str:
        """全市 for the four municipalities, 全区 for the five autonomous regions, 全省 for the rest."""
        return "全市" if self.name.endswith("市") else "全区" if self.name.endswith("自治区") else "全省"


_ROWS = """
110000 beijing 北京市 北京 华北 北京 京
120000 tianjin 天津市 天津 华北 天津 津
130000 hebei 河北省 河北 华北 石家庄 冀
140000 shanxi 山西省 山西 华北 太原 晋
150000 neimenggu 内蒙古自治区 内蒙古 华北 呼和浩特 蒙
210000 liaoning 辽宁省 辽宁 东北 沈阳 辽
220000 jilin 吉林省 吉林 东北 长春 吉
230000 heilongjiang 黑龙江省 黑龙江 东北 哈尔滨 黑
310000 shanghai 上海市 上海 华东 上海 沪
320000 jiangsu 江苏省 江苏 华东 南京 苏
330000 zhejiang 浙江省 浙江 华东 杭州 浙
340000 anhui 安徽省 安徽 华东 合肥 皖
350000 fujian 福建省 福建 华东 福州 闽
360000 jiangxi 江西省 江西 华东 南昌 赣
370000 shandong 山东省 山东 华东 济南 鲁
410000 henan 河南省 河南 华中 郑州 豫
420000 hubei 湖北省 湖北 华中 武汉 鄂
430000 hunan 湖南省 湖南 华中 长沙 湘
440000 guangdong 广东省 广东 华南 广州 粤
450000 guangxi 广西壮族自治区 广西 华南 南宁 桂
460000 hainan 海南省 海南 华南 海口 琼
500000 chongqing 重庆市 重庆 西南 重庆 渝
510000 sichuan 四川省 四川 西南 成都 川
520000 guizhou 贵州省 贵州 西南 贵阳 黔
530000 yunnan 云南省 云南 西南 昆明 滇
540000 xizang 西藏自治区 西藏 西南 拉萨 藏
610000 shaanxi 陕西省 陕西 西北 西安 陕
620000 gansu 甘肃省 甘肃 西北 兰州 甘
630000 qinghai 青海省 青海 西北 西宁 青
640000 ningxia 宁夏回族自治区 宁夏 西北 银川 宁
650000 xinjiang 新疆维吾尔自治区 新疆 西北 乌鲁木齐 新
"""


def _parse(row: str) -> Province:
    code, slug, name, short, region, capital, char = row.split()
    return Province(code, slug, name, short, Region(region), capital, char)


PROVINCES: tuple[Province, ...] = tuple(_parse(row) for row in _ROWS.split("\n") if row)


@cache
def _index() -> dict[str, Province]:
    spellings: dict[str, Province] = {}
    for province in PROVINCES:
        for spelling in (province.code, province.code[:2], province.slug, province.name, province.short, province.char):
            spellings[spelling] = province
        spellings[province.short + ("市" if province.name.endswith("市") else "省")] = province
        spellings[province.short + "自治区"] = province
    return spellings


def find_province(spelling: str) -> Province:
    """The province meant by a slug, code, or full, short or one-character Chinese name.

    Raises UnknownProvince.
    """
    found = _index().get(spelling.strip().casefold())
    if found is None:
        raise UnknownProvince(spelling)
    return found


_NAMES = re.compile(
    "|".join(sorted((re.escape(n) for p in PROVINCES for n in (p.name, p.short)), key=len, reverse=True))
)


def provinces_named(text: str) -> tuple[Province, ...]:
    """The provinces whose full or short name stands in ``text``, in order of first appearance, each once."""
    return tuple(dict.fromkeys(_index()[found] for found in _NAMES.findall(text)))

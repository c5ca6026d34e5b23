"""Provinces and regions as the pages name and place them: English names, and a tile for each on a map of China."""

from __future__ import annotations

from schema.provinces import PROVINCES, Province, Region

REGIONS = {
    Region.HUABEI: ("华北", "North China"),
    Region.DONGBEI: ("东北", "Northeast China"),
    Region.HUADONG: ("华东", "East China"),
    Region.HUAZHONG: ("华中", "Central China"),
    Region.HUANAN: ("华南", "South China"),
    Region.XINAN: ("西南", "Southwest China"),
    Region.XIBEI: ("西北", "Northwest China"),
}
ORDERED = tuple(sorted(PROVINCES, key=lambda p: (list(REGIONS).index(p.region), p.code)))
"""The provinces by region and code, as every table shows them."""
_UNLIKE_SLUG = {"neimenggu": "Inner Mongolia"}
"""The one province whose English name is not its slug with a capital."""
_MAP = """
.            .        .         .            .        .        heilongjiang
.            .        .         neimenggu    .        .        jilin
xinjiang     gansu    ningxia   shanxi       hebei    beijing  liaoning
.            qinghai  shaanxi   henan        shandong tianjin  .
xizang       sichuan  chongqing hubei        anhui    jiangsu  shanghai
.            yunnan   guizhou   hunan        jiangxi  zhejiang .
.            .        guangxi   guangdong    fujian   .        .
.            .        .         hainan       .        .        .
"""


def _placed() -> dict[str, tuple[int, int]]:
    rows = [line.split() for line in _MAP.strip().splitlines()]
    return {slug: (r, c) for r, row in enumerate(rows, 1) for c, slug in enumerate(row, 1) if slug != "."}


TILES = _placed()
"""Slug → row and column on the tile map, both from 1: neighbours on the map are neighbours in the country."""


def short_name(province: Province, lang: str) -> str:
    """湖北, or Hubei."""
    return province.short if lang == "zh" else _UNLIKE_SLUG.get(province.slug, province.slug.capitalize())


def full_name(province: Province, lang: str) -> str:
    """湖北省, or Hubei: English has no need of the kind of unit."""
    return province.name if lang == "zh" else short_name(province, lang)


def region_name(region: Region, lang: str) -> str:
    """华中, or Central China."""
    return REGIONS[region][0 if lang == "zh" else 1]

"""Is this article the province's own yearly work conference? Texts that only look like it are named."""

from __future__ import annotations

import re

from schema.provinces import PROVINCES, find_province

CONFERENCE = re.compile(
    r"(应急管理|应急系统|安全生产)[\w、和暨与及（）()]{0,16}?(工作会议|工作会|全省会议)|工作会议.{0,12}应急管理"
)
_NAMES = re.compile(
    "|".join(sorted((re.escape(n) for p in PROVINCES for n in (p.name, p.short)), key=len, reverse=True))
)
_RELAYED = re.compile(r"(?:传达|学习|贯彻|落实|宣贯|收听收看|收看)+(?:[^，,。\s]{0,30}?(?:精神|讲话|指示|批示))")
_NATIONAL = re.compile(r"全国应急管理[\w、和暨]{0,8}?(?:工作)?(?:视频)?会议")

_REFUSALS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("symposium", re.compile(r"座谈会|务虚会|研讨会|恳谈会|茶话会|民主生活会|组织生活会")),
    ("press_conference", re.compile(r"新闻发布会|新闻通气会|媒体通气会|答记者问|在线访谈|吹风会")),
    (
        "relay",
        re.compile(
            r"(传达|学习|贯彻|收听收看|组织收看|收看).{0,24}(会议|精神)|党委(?:扩大)?会|党组(?:扩大)?会|党委中心组|理论学习中心组"
        ),
    ),
    ("earthquake_bureau", re.compile(r"地震局(?!.{0,10}应急管理厅)|防震减灾工作会议")),
    ("fire_corps", re.compile(r"消防(?:救援)?(?:总队|支队|大队)|森林消防|消防救援局")),
    ("mine_bureau", re.compile(r"矿山安全监察局|矿监局")),
    ("work_points", re.compile(r"工作要点|工作计划|年度计划|重点工作安排")),
    ("work_summary", re.compile(r"工作总结|总结报告|述职|法治政府建设")),
    ("newsletter_digest", re.compile(r"应急速览|要闻速览|每日|日报|早报|晚报|周报|一周|周刊|快讯汇总|简讯")),
    (
        "signed_article",
        re.compile(
            r"署名文章|(?:^|\s)[^：:。，]{0,20}(?:厅长|局长|书记|主任)[\u4e00-\u9fff]{0,4}[：:]|理论文章|学习时报|专访"
        ),
    ),
    ("emergency_office", re.compile(r"应急办.{0,8}会议|应急办主任")),
    (
        "special_meeting",
        re.compile(
            r"(专题|调度|推进|视频|现场|动员|部署|培训|案例|党建|纪检|全面从严治党|财务|老干部)[^，,]{0,6}(会|会议|班)"
        ),
    ),
)
_PASS_WITH_CONFERENCE = frozenset({"special_meeting", "earthquake_bureau", "newsletter_digest", "work_points"})
"""部署 after the conference's name, 应急管理和地震工作会议, 简讯: the conference speaks louder."""
_PLACE = r"[\u4e00-\u9fff]{2,8}?(?:市|县|区|州|盟|旗|地区|新区|开发区)"
_GENERIC = re.compile(
    r"(?:社区|小区|园区|辖区|山区|灾区|景区|林区|矿区|片区|库区|误区|牧区|厂区|校区|示范区|各地区|多地区|防区|雷区)$|"
    r"^(?:加强|聚焦|推进|推动|提升|守护|保障|深化|强化|开展|抓好|做好|建设|打造)?(?:大型|超大|特大)?(?:城市|超市|门市)$"
)
"""Words that end like a place's name and are none."""
_CITY = re.compile(rf"^\W*(?:\d{{4}}年)?({_PLACE})")
_HELD = re.compile(
    rf"(?P<place>全[省市区县州盟旗]|{_PLACE}|)(?:\d{{4}}年(?:度)?)?(?:全[省市区县州盟旗])?(?:应急管理|应急系统|安全生产)[^，,。；;\n]{{0,16}}?工作会议?"
)
_SIGNED = re.compile(r"[（(]\s*作者(?:系|为|单位)?[^）)]{0,40}(?:厅长|局长|书记|主任)[^）)]{0,12}[）)]")
_OPENING = 400
"""Characters of a body in which a report names its conference."""
_FIELD = "应急管理"
"""The words without which a text cannot be about an emergency-management department's conference."""


def lookalike(title: str, province: str | None) -> str | None:
    """Why a title is another meeting's or another kind of text, or None."""
    plain = re.sub(r"\s+", " ", title)
    own = bool(CONFERENCE.search(_NATIONAL.sub("", _RELAYED.sub("", plain.replace(" ", "")))))
    for reason, pattern in _REFUSALS:
        if pattern.search(plain) and not (own and reason in {*_PASS_WITH_CONFERENCE, "relay"}):
            return reason
    if not own and _NATIONAL.search(plain):
        return "national_meeting"
    return "city_meeting" if _other_place(plain.replace(" ", ""), province) else None


def not_provincial(title: str, body: str, province: str | None) -> str | None:
    """Why an article is another meeting or another kind of text: the title says it, or else how the body opens."""
    opening = re.sub(r"[ \t\u3000]+", "", body[:_OPENING])
    reason = lookalike(title, province)
    if reason in {"relay", "national_meeting"} and _is_own(opening, province):
        return None
    if reason is None and _SIGNED.search(body[:_OPENING] + body[-_OPENING:]):
        return "signed_article"
    if reason is None and not CONFERENCE.search(title):
        return _opens_elsewhere(opening, province)
    return reason


def refusal_of(title: str, body: str, province: str | None) -> str | None:
    """Why an article of a department's news column holds no announcement at all, or None when it may."""
    if any(CONFERENCE.search(re.sub(r"\s+", "", part)) for part in (title, body[:_OPENING])):
        return None
    return lookalike(title, province) or "no_conference"


def is_foreign(title: str, body: str) -> bool:
    """True for a text that never names the field: whatever it is, it is no announcement."""
    return _FIELD not in title and _FIELD not in body


def _is_own(opening: str, province: str | None) -> bool:
    """True where a body opens with the province's conference: 全省应急管理工作会议, 湖北省应急管理工作会议."""
    return any(_is_level_of(found["place"], province) for found in _HELD.finditer(opening) if found["place"])


def _opens_elsewhere(opening: str, province: str | None) -> str | None:
    """The body's first conference is a city's or a county's."""
    named = next((found for found in _HELD.finditer(opening)), None)
    if named is None or not named["place"] or province is None:
        return None
    return None if _is_level_of(named["place"], province) else "city_meeting"


def _is_level_of(place: str, province: str | None) -> bool:
    """Whether 全省, 全市, 全区 or a name means the province itself."""
    if province is None:
        return place in ("全省", "全市", "全区")
    name, short = _own_names(province)
    if place.startswith("全"):
        return place[1] == ("省" if name.endswith("省") else "市" if name.endswith("市") else "区")
    return place.endswith((name, short, "自治区", "本市", "我市"))


def _other_place(title: str, province: str | None) -> bool:
    """A title that opens with a city's, county's or another province's name."""
    found = _CITY.match(title)
    if found and _GENERIC.search(found.group(1)):
        found = None
    own = () if province is None else _own_names(province)
    if found and not found.group(1).startswith(own) and "全" not in found.group(1)[:1]:
        return not _is_level(found.group(1)) and not _is_province(found.group(1))
    if found and own and len(found.group(1)) > len(own[0]):  # 湖北省武汉市…, 广西南宁市…
        rest = re.sub(rf"^(?:{'|'.join(map(re.escape, own))})", "", found.group(1))
        return bool(re.fullmatch(_PLACE, rest)) and not _is_level(rest)
    named = _NAMES.match(title)
    return bool(named and own and not named.group(0).startswith(own))


def _own_names(slug: str) -> tuple[str, str]:
    province = find_province(slug)
    return (province.name, province.short)


def _is_province(place: str) -> bool:
    """北京市, 宁夏回族自治区: where no source says whose page it is, they stand for themselves."""
    return bool(_NAMES.fullmatch(place))


def _is_level(place: str) -> bool:
    """我市, 全市, 自治区 and the like name the province itself."""
    return place[0] in "我全本各" or place.startswith("自治")

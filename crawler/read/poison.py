"""Poisoned texts: what somebody put into a copy of an announcement that its writer never wrote.

A false alarm holds a true announcement back, so that every rule asks for marks which official prose does not bear:
abbreviations (5G, AI, VOCs, B级锅炉), Greek letters of measures, bullets, and reports of fighting gambling all pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from schema.announcements import Quarantine, QuarantineReason

_LOOKED_AT = 200_000
_QUOTES = 6
_HAN = r"\u4e00-\u9fff"
_UNIT = r"(?:人|名|个|支|座|处|台|套|次|户|家|天|小时|分钟|公里|万|亿|%|‰)"
_FIGURE = re.compile(
    r"(?<!\d)\d{1,9}[^\d\s.,%‰，。；、：万亿千百个多余（）—~+×/-]{1,14}\.\d+(?:%|‰|万|亿)"
    r"|\d[▮▯█░▒▓�\U0001f300-\U0001faff]+(?=[\d.%‰]|[" + _HAN + r"])"
    rf"|\d[■□]+(?=\.\d|{_UNIT})"
)
"""下降17▮▮▮.7%: a word, a block or a picture inside a number, or between it and its unit."""
_LONE_POINT = re.compile(r"\.(?<=[^\d\s.,]\.)\d|[▮▯█░▒▓�■□\U0001f300-\U0001faff]")
"""What must stand in a text before its figures are looked at: a point after a word, a block, a picture."""
_LETTER_FIGURE = re.compile(rf"(?<![A-Za-z\d])(?:\d+[Oo]\d*|[lI]\d+){_UNIT}")
"""1O人 with the letter O. One is a slip of the keyboard."""
_SLIPS = 2

_LETTER = re.compile(r"[a-zA-Z\u0370-\u04ff]")
_CYRILLIC, _GREEK = "АВЕЅІЈКМНОРСТУХаеіјорсухѕԁ", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο"
_ALIEN = re.compile(
    rf"[A-Za-z\d][{_CYRILLIC}{_GREEK}]{{1,2}}(?![\u0370-\u04ff])|(?<![\u0370-\u04ff])[{_CYRILLIC}{_GREEK}]{{1,2}}[A-Za-z\d]"
    rf"|[{_HAN}][{_CYRILLIC}]{{1,2}}(?=[{_HAN}])"
)
"""Letters that look like Latin ones and are not: АI, 5О人, 应а急. Whole Russian words and Φ, Δ, μ pass."""
_STRAY = re.compile(rf"(?<=[{_HAN}])[a-z](?=[{_HAN}])")
"""应x急管q理: one small letter inside a word. 鄂e办 and its like repeat one letter."""
_STRAYS, _LETTERS = 4, 3

_SPAM = re.compile(
    r"六合彩(?!虹)|时时彩(?!排)|百家乐(?!业|园)|老虎机|真人荷官|美女荷官|新葡京|(?:澳门|网上|线上|在线)(?:赌场|葡京|金沙|威尼斯人|永利|银河|博彩|赌博|娱乐城|投注)|"
    r"(?:娱乐城|博彩|彩票|棋牌|电玩|捕鱼)(?:平台|官网|网站|开户|注册|登录|下载|代理|送|APP|app)|体育投注|(?:首存|注册|开户)(?:即)?送(?:彩金|\d+元)|"
    r"成人(?:视频|电影|网站|直播|小说)|(?:无码|激情|色情|情色)(?:视频|电影|直播|图片)|一夜情(?!况)|裸聊|上门服务小姐|"
    r"传奇私服|私服发布|游戏外挂|代开(?:增值税)?发票|(?:办证|刻章)(?:电话|微信|QQ)|日赚\d+|刷单兼职|秒放款|"
    r"(?<!添)(?<!增)加(?:微信|薇信|威信|[Vv]信|QQ|qq)号?：?[A-Za-z\d_-]{5,}|下载APP送",
)
_TOLD_BY = (
    "六合彩 时时彩 百家乐 老虎机 荷官 葡京 澳门 网上 线上 在线 娱乐城 博彩 彩票 棋牌 电玩 捕鱼 投注 首存 注册 开户",
    "成人 视频 电影 直播 图片 一夜情 裸聊 小姐 私服 外挂 发票 办证 刻章 日赚 刷单 放款",
    "加微 加薇 加威 加V 加v 加Q 加q APP送",
)
_SPAM_WORDS = tuple(word for line in _TOLD_BY for word in line.split())
"""One of these is in every advertisement below; most texts have none of them."""
_FOUGHT = re.compile(r"打击|整治|严禁|取缔|查处|防范|治理|清理|举报|禁止|抵制|涉嫌|侦破|违法|非法|专项|远离|拒绝")
_BEFORE = 24

_TRADITIONAL = frozenset(
    "應會議產業發國務門開關單將實對於從進這個與為體學術電車長書東馬灣風險區總統預機構監訓練據點標準廳達縣鄉鎮務災責設備隊築礦氣檢動態層級"
)
_SIMPLIFIED = frozenset(
    "应会议产业发国务门开关单将实对于从进这个与为体学术电车长书东马湾风险区总统预机构监训练据点标准厅达县乡镇灾责设备队筑矿气检动态层级"
)
_ONLY_TRADITIONAL = re.compile(f"[{''.join(sorted(_TRADITIONAL - _SIMPLIFIED))}]")
_ONLY_SIMPLIFIED = re.compile(f"[{''.join(sorted(_SIMPLIFIED - _TRADITIONAL))}]")
_MANY_TRADITIONAL = 8

_TURNED = re.compile(r"[\u202d\u202e].{0,12}")
"""Overrides of direction: what is seen is not what is written."""
_WIDTHLESS = "\u200b\u200c\u200d\u2060\u180e\ufeff\xad"
_UNSEEN = re.compile(rf"(?<=\w)[{_WIDTHLESS}]+(?=\w)")
"""Characters without width inside a word; editors leave them at the ends of paragraphs."""
_MANY_UNSEEN = 12


def poisoned(text: str, raw: str = "", unseen: int = 0) -> Quarantine | None:
    """Why an evened-out text is no faithful copy, with the words that show it, or None.

    ``raw`` is the text before it was evened out; ``unseen``: how many words of its page were split by characters
    without width that a reader has already dropped.
    """
    text, raw = text[:_LOOKED_AT], raw[:_LOOKED_AT]
    for detail, rule in _RULES:
        quotes = tuple(rule(text))[:_QUOTES]
        if quotes:
            return Quarantine(QuarantineReason.POISONED, quotes, detail=detail)
    turned = tuple(found.group() for found in _TURNED.finditer(raw))[:_QUOTES]
    if turned:
        return Quarantine(QuarantineReason.POISONED, turned, detail="the order of characters is turned round")
    split = unseen + unseen_in(raw)
    if split >= _MANY_UNSEEN:
        evidence = (f"{split} × U+200B",)
        return Quarantine(QuarantineReason.POISONED, evidence, detail="characters without width inside words")
    return None


def unseen_in(raw: str) -> int:
    """How many words characters without width split; looking for the characters one by one is quick."""
    return len(_UNSEEN.findall(raw)) if any(char in raw for char in _WIDTHLESS) else 0


def _figures(text: str) -> Iterator[str]:
    if _LONE_POINT.search(text):
        yield from (found.group() for found in _FIGURE.finditer(text))
    slips = [found.group() for found in _LETTER_FIGURE.finditer(text)] if _LETTER.search(text) else []
    yield from slips if len(slips) >= _SLIPS else ()


def _letters(text: str) -> Iterator[str]:
    if not _LETTER.search(text):
        return
    yield from (text[max(0, found.start() - 2) : found.end() + 2] for found in _ALIEN.finditer(text))
    strays = list(_STRAY.finditer(text))
    if len(strays) >= _STRAYS and len({found.group() for found in strays}) >= _LETTERS:
        yield from (text[found.start() - 2 : found.end() + 2] for found in strays)


def _spam(text: str) -> Iterator[str]:
    """Advertising; not the announcement that speaks of fighting it."""
    for found in _SPAM.finditer(text) if any(word in text for word in _SPAM_WORDS) else ():
        before = re.split("[。；\n]", text[max(0, found.start() - _BEFORE) : found.start()])[-1]
        if not _FOUGHT.search(before):
            yield found.group()


def _scripts(text: str) -> Iterator[str]:
    traditional = _ONLY_TRADITIONAL.findall(text)
    if len(traditional) >= _MANY_TRADITIONAL and len(_ONLY_SIMPLIFIED.findall(text)) >= _MANY_TRADITIONAL:
        yield "".join(traditional[:12])


_RULES: tuple[tuple[str, Callable[[str], Iterator[str]]], ...] = (
    ("foreign words inside the figures", _figures),
    ("letters of another script inside words", _letters),
    ("advertising inside the text", _spam),
    ("traditional and simplified script mixed", _scripts),
)

"""What a sentence of an announcement does: open, look back, weigh the situation, introduce, deploy, close."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from crawler.read.leads import FIELD, after_year, preamble
from crawler.read.slogans import is_slogan
from crawler.read.words import FORWARD, LEADING_VERB, looks_like_results, reviews


class Role(Enum):
    """The part a sentence plays."""

    PROCEDURE = "procedure"
    REVIEW = "review"
    SITUATION = "situation"
    INTRO = "intro"
    AIM = "aim"
    DEPLOY = "deploy"
    SLOGAN = "slogan"
    PLAIN = "plain"


class Heard(NamedTuple):
    """A sentence's role, and where its own words begin after 会议强调， and the like."""

    role: Role
    content: int


_OFFICE = "(?:省长|厅长|局长|主席|书记|主任|市长|部长|委员|领导|负责同志|负责人|总队长)"
_SPEAKER = rf"(?:会议|大会|全会|报告|他|她|[^，。；：“”、]{{2,10}}·[^，。；：“”、]{{2,8}}?|[^，。；：“”《》]{{0,30}}?{_OFFICE}[\u4e00-\u9fff]{{0,4}}?|(?:省|市|自治区)[^，。；：“”]{{0,10}}?(?:厅|局|委|府))"  # noqa: E501
_ON = rf"(?:(?:围绕|谈到|谈及|关于|对于|针对|就|在)[^，。；：]{{2,16}}，(?={_SPEAKER}))?"
"""围绕防汛防风，会议要求，…: the field of what follows."""
ON_A_FIELD = re.compile("(?:围绕|谈到|谈及|关于|对于|针对|就|在)[^，。；：]{2,16}")
_ADVERBS = "(?:还|也|又|最后|同时|特别|进一步|反复|着重|郑重|一致|并|再次|随后|接着|在[^，。；]{1,14}(?:时|中|上|后|里)|就[^，。；]{1,24}?(?=作出|提出)|从[^，。；：]{1,10}?(?:方面|维度|层面|角度)|对[^，。；]{1,24}?(?=作出|提出))*"  # noqa: E501
_VERBS = "强调|要求|指出|分析|部署|明确|提出|确定|号召|认为|提醒|说|表示|介绍|坦言|透露|安排|决定|作出|强调指出"
_NAMED_BY_OFFICE = re.compile(
    rf"{_OFFICE}([\u4e00-\u9fff]{{2,3}}?)(?=出席|主持|作|讲话|强调|要求|指出|部署|提出|在|，)"
)
_SOLEMN = frozenset({"强调", "要求", "部署", "明确", "提出", "确定", "号召", "安排", "决定", "作出"})
_PROCEDURE = re.compile(
    r"^(?:会(?:议|上|前|后|期间)|大会|与会)|^(?:今天)?我?就(?:讲|说|谈)(?:这些|这么多|到这里?)|(?:上报|报送)(?:贯彻|实施)?(?:落实|进展|工作)?(?:情况|进展|方案|意见)(?=，|$)|(?:研究)?提出贯彻意见|^会后[^，。；]{0,14}(?:要|须|将)|将贯彻落实情况报|于会后|会后[一二三四五六七八九十两\d]+个?(?:天|日|周|月)内|传达(?:学习|贯彻|落实|好)*(?:本次|这次|此次)?会议精神|(?:参加|出席|列席|参会|主持)(?:了)?(?:会议|此次会议|本次会议|活动|座谈)?$|(?:参加|出席|列席|主持)了?(?:此次|本次)?会议|"
    r"分会场|主会场|交流发言|(?:作了?|书面|典型|大会|表态)(?:书面|典型|大会|表态)?(?:交流|发言|汇报)(?:材料)?$|(?:会上|现场|当场|会议|分别|代表)[^，]{0,12}签[订署][^，]{0,12}责任[书状]|视频(?:会议)?形式|电视电话会议|"
    r"会议[^，。]{0,24}?(?:召开|举行)|工作会议[^，。]{0,16}(?:召开|举行)|^(?:报|送|抄送|发|编|责任编辑|编辑|来源|作者|供稿|记者|通讯员|审核|校对|签发|主办|承办)：|(?:作|做)(?:了)?(?:工作报告|总结讲话|主旨讲话|动员讲话|重要批示|批示)|"
    r"^(?:记者|本报讯|据悉|据了解|本网讯)|应邀参加|对[^，。；]{2,24}?(?:进行了|作了|做了|作出了)(?:全面|具体|系统|详细|专门)?(?:总结|安排|部署|回顾|通报)(?:和[^，]{2,4})?$|会议[^，。]{0,6}(?:综述|侧记|纪实|特写)$|^“[^”]+”[^，。]{0,20}(?:说|介绍|表示|告诉记者)$|(?:专题报道|简报)$|点击查看|原文链接|扫描二维码"
)
_ARRANGED = re.compile(
    r"^会议(?:还)?对[^，。；]{0,6}(?:今年|20\d\d年|全年|新一年)[^，。；]{0,10}工作(?:作出|作了|做出|做了|进行了?)(?:全面|具体|系统)*(?:安排|部署)+$"
)
"""会议对今年工作作出部署。 as a sentence of its own: the tasks follow."""
_BINDS = re.compile("须|不得|每(?:年|季度|月|周|日|半年|天)")
_AFTERWARDS = re.compile("会后|会议|大会")
_SITUATION = re.compile(
    r"(?:看到|看清|认识到|清醒认识|面临|挑战|考验|形势(?:依然|仍然|严峻|复杂)|任务(?:依然|仍然|还很|十分|异常)?(?:艰巨|繁重)|(?:仍|依然|还)(?:然)?(?:突出|存在|处|较|有(?:不少|差距|短板|很大))|风险[^，]{0,10}(?:叠加|交织|高位)|不容(?:小觑|乐观|忽视)|"
    r"机遇|没有(?:退场|变|根本改变)|尚未根除|悬空|(?:还|仍|尚)有梗阻|(?:依然|仍然|相对|比较|偏于)(?:薄弱|滞后|不足|不够|偏弱)|(?:还|尚)不够?(?:强|清|实|到位|牢固)|屡禁不止|(?:部分|一些|个别|少数)(?:企业|地方|地区|单位|基层|行业|县区|干部)[^，。；]{0,16}(?:仍|还不|不够|不到位|薄弱|滞后|流于形式|走过场|浮在面上|重效益轻安全|重经营轻安全)|这些问题|(?:问题|矛盾|短板)[^，]{0,8}(?:突出|存在|显现|暴露)|教训(?:极其)?深刻|触目惊心)"
)
_LOOKS_BACK = re.compile(
    r"^(?:(?:会议|大会|会上)，?(?:全面|认真|系统|简要|充分)?(?:回顾|总结|肯定|通报|盘点)|(?:近日|日前|连日来|截至|截止|目前，)(?!.{0,40}?(?:要求|强调)))"
)
"""Accounts: 会议回顾了2025年工作：, and in newsletters 近日，… and 截至1月15日，…"""
_HEARD_OF = re.compile(r"^(?:记者)?(?:从|在)?[^，。；]{0,40}?(?:获悉|了解到|据悉|据了解|据介绍)，")
_PLANS = re.compile(r"部署|安排|研究|谋划|明确|要求|动员")
_SEES = re.compile(r"^(?:，)?(?:要|必须|更要|也要)?(?:清醒|深刻|充分|准确)?(?:地)?(?:看到|看清|认识到|认清|认识|把握)")
_AIM = re.compile(
    r"^(?!要?(?:紧紧)?围绕)[^，；：]{0,24}?(?:目标(?:任务)?|总体要求)(?:是|为)?[：，]?|^[^，；：]{0,24}?(?:目标任务|工作目标|总体目标|总目标)(?:是|为)[：，]?"
)
_COUNTED = "[一二三四五六七八九十两\\d]+(?:个|项|大|方面|条|场|件)"
_INTRO = re.compile(
    rf"(?:以下|如下|下列|{_COUNTED}[^，。：；]{{0,8}}?)[^，。：；]{{0,10}}?(?:工作|任务|方面|重点|行动|工程|举措|措施|安排|部署|要求|仗|战役|提升|攻坚)[^，。；：]{{0,14}}[：，]?$|"
    rf"{_COUNTED}[^，。；：]{{0,12}}?(?:持续用力|发力|下功夫|求突破|见成效)[：，]?$|(?:做好|抓好)[^，。；]{{0,16}}?工作[：，]要?$|(?:做好|抓好|完成)(?:以下|下列|如下)[^，。；：]{{0,4}}工作$|(?:工作|内容|任务|安排|部署|举措|要点|分工|摘登)如下[：，]?$|(?:办好|做好|干好|抓好)[一二三四五六七八九十两]+件(?:大|实|要)?事$|在“[^”]{{2,14}}”(?:上|字上|方面)(?:持续|集中|协同|狠)?(?:用力|发力|下功夫|求突破|见成效)$|(?:任务|安排|部署|要求|重点|目标)是?[：]$|"
    rf"(?:实施|打好|打赢|推进|开展|抓好|聚焦|突出)“?{_COUNTED}[^，。；：]{{0,10}}”?[：，]?$|以“?{_COUNTED}[^，。；]{{0,12}}”?为(?:总)?(?:抓手|牵引|重点|主线)|"
    r"“[^”]{3,16}”[二三四五六七八九十]字(?:诀|方针|文章|要求)[：，]?$|"
    rf"(?:做到|坚持|突出|抓住|把握|围绕|处理好|实现)(?:好|了)?“?[二三四五六七八九十两]+个“?[^，。；：\\d]{{1,12}}”?[：，]?$"
)
_TOLD = re.compile(
    r"^[了过][^，。；：]{2,30}(?:目标|任务|工作|要求|措施|举措|方面|安排)(?:是)?：(?=[^一二三四五六七八九十\d]|一[^是要])"
)
"""部署了今年的八方面任务：… with the tasks in the same sentence."""
_SET_OUT = re.compile(
    r"^[^，。；：]{0,16}(?:任务|工作|重点|举措|措施)(?:是)?：(?=[^一二三四五六七八九十\d]|一[^是要])(?=.*；)", re.DOTALL
)
"""会议从六个方面安排今年工作：…；…, the same without 了."""
_SETS = frozenset({"部署", "安排", "明确", "提出"})
_BARE_FIGURE = re.compile(
    "(?:完成|建成|改造|处置|达到?|发放|修复|开展|培训|排查|检查|整改|整治|查处|建成)[^，。；]{0,12}?[\\d.]+(?:万|亿)?(?:处|座|家|起|个|项|台|次|名|人|件|套|户|公里)"
)
"""完成抗震改造5万户: done, or to be done."""
_ASKS = frozenset({"部署", "安排", "要求"})
"""Nobody deploys what is done: without a past period, a bare figure after these is a task."""
_TASKS_SET = re.compile(r"^[了过][^，。；：]{0,24}(?:任务|工作|重点|举措|措施)$")
"""会议部署了2026年任务。 stands right before them."""
_SEASON = re.compile(r"(?:春节|元旦|元宵|节日|节假日|两节|两会|岁末年初|年末岁尾|近期|当前|节前节后)(?:期间|前后|和)?")
_URGE = re.compile(
    r"(?:^|，)(?:[^，。；]{0,24}?)"
    r"(?:(?<![主重需必摘概只纪首])要(?!求|闻|点|素|害|务|领|清醒|看到|认识)|必须|务必|着力|将(?!近))"
)


class Hearing:
    """Classifies sentences of one announcement: it knows the plan year and the speakers' names."""

    def __init__(self, text: str, plan_year: int | None) -> None:
        self.plan_year = plan_year
        self._heard: dict[tuple[str, bool], Heard] = {}
        names = sorted(set(_NAMED_BY_OFFICE.findall(text[:3000])), key=len, reverse=True)
        known = "".join(f"|{re.escape(name)}" for name in names[:12])
        self._cue = re.compile(
            rf"^{_ON}(?:{_SPEAKER}{known}|会上，)?{_ADVERBS}(?P<verb>{_VERBS})(?P<mark>[，：]?)(?P<rest>.*)", re.DOTALL
        )

    def hear(self, sentence: str, *, deploying: bool) -> Heard:
        """The role of one sentence (no final stop). ``deploying``: deployment items have begun."""
        known = self._heard.get((sentence, deploying))
        if known is None:
            known = self._heard[sentence, deploying] = self._listen(sentence, deploying=deploying)
        return known

    def _listen(self, sentence: str, *, deploying: bool) -> Heard:
        if _ARRANGED.match(sentence):
            return Heard(Role.INTRO, 0)
        cue = self._cue.match(sentence) if len(sentence) < 4000 else self._cue.match(sentence[:4000])
        if cue and self._is_cue(sentence, cue):
            return self._after_cue(sentence, cue, deploying=deploying)
        heard_of = _HEARD_OF.match(sentence)
        if heard_of and (lead := after_year(sentence[heard_of.end() :])):
            return Heard(Role.INTRO if _INTRO.search(sentence) else Role.DEPLOY, heard_of.end() + lead)
        if _LOOKS_BACK.match(sentence) and not _PLANS.search(sentence):
            return Heard(Role.REVIEW, 0)
        bound = deploying and _BINDS.search(sentence) and not _AFTERWARDS.search(sentence)
        if _PROCEDURE.search(sentence) and not bound and not (deploying and _INTRO.search(sentence)):
            return Heard(Role.INTRO if _INTRO.search(sentence) else Role.PROCEDURE, 0)
        return Heard(self._plain(sentence, deploying=deploying), 0)

    def _is_cue(self, sentence: str, cue: re.Match[str]) -> bool:
        at = cue.start("verb")
        if at == 0:
            return bool(cue["mark"])
        return sentence.startswith(("会议", "大会", "全会")) or bool(cue["mark"])

    def _after_cue(self, sentence: str, cue: re.Match[str], *, deploying: bool) -> Heard:  # noqa: PLR0911
        verb, content, rest = cue["verb"], cue.start("rest"), sentence[cue.start("rest") :]
        if _SEES.match(rest) and not _URGE.search(rest.partition("，")[2]):
            return Heard(Role.SITUATION, content)
        told = _TOLD.match(rest) if verb in _SOLEMN else None
        if told := told or (_SET_OUT.match(rest) if verb in _SETS else None):
            return Heard(Role.AIM if "目标" in told.group() else Role.DEPLOY, content + told.end())
        if verb in _SOLEMN and rest.startswith(("了", "过")):
            ahead = rest.endswith("：") or (
                verb in _SETS and _TASKS_SET.match(rest) and sentence.startswith(("会议", "大会"))
            )
            return Heard(Role.INTRO if ahead else Role.PROCEDURE, content)
        if verb == "作出" and not _INTRO.search(sentence):
            return Heard(Role.PROCEDURE, content)
        if _AIM.match(rest):
            return Heard(Role.AIM, content)
        if _INTRO.search(rest):
            return Heard(Role.INTRO, content)
        if self._looks_back(verb, rest):
            return Heard(Role.REVIEW, content)
        if is_slogan(rest):
            return Heard(Role.SLOGAN, content)
        if verb == "号召":
            return Heard(Role.SLOGAN, content)
        if rest.startswith(("当前", "目前", "面对", "面临")) and _SITUATION.search(rest) and not _URGE.search(rest):
            return Heard(Role.SITUATION, content)
        if verb in _SOLEMN:
            content += preamble(rest) or after_year(rest)
            seasonal = deploying and _SEASON.search(rest[:24]) and "；" not in rest
            return Heard(Role.PROCEDURE if seasonal or not _speaks(rest) else Role.DEPLOY, content)
        return _pointed_out(rest, content)

    def _looks_back(self, verb: str, rest: str) -> bool:
        """Whether what was said tells of results; after 强调 a bare figure is a task, if no past is named."""
        if not reviews(rest, self.plan_year) or _URGE.search(rest):
            return False
        if _names_past(rest):
            return True
        return verb not in _ASKS and (verb not in _SOLEMN or looks_like_results(_BARE_FIGURE.sub("", rest)))

    def _amid_tasks(self, sentence: str) -> Role:
        if _tells_past(sentence, self.plan_year):
            return Role.REVIEW
        return Role.SITUATION if _only_weighs(sentence) else Role.PLAIN

    def _plain(self, sentence: str, *, deploying: bool) -> Role:
        if not deploying and _AIM.match(sentence) and len(sentence) > 24:
            return Role.AIM
        if _INTRO.search(sentence) and (not deploying or sentence.endswith(("：", "，"))):
            return Role.INTRO
        if deploying:
            return self._amid_tasks(sentence)
        if reviews(sentence, self.plan_year) or _tells_past(sentence, self.plan_year):
            return Role.REVIEW
        if _SITUATION.search(sentence) and not FORWARD.search(sentence):
            return Role.SITUATION
        return Role.PLAIN


def _only_weighs(sentence: str) -> bool:
    """True for a sentence amid tasks that says how things stand and nothing else: 防汛压力不容小觑."""
    if FORWARD.search(sentence) or any(char.isdigit() for char in sentence) or not _SITUATION.search(sentence):
        return False
    return not any(LEADING_VERB.match(clause) for clause in re.split("[，；：]", sentence))


def _pointed_out(rest: str, content: int) -> Heard:
    """What somebody pointed out, said or told of: the situation, until it asks for something."""
    begin = _asks_from(rest)
    if begin is None:
        return Heard(Role.SITUATION, content)
    return Heard(Role.DEPLOY, content + begin + after_year(rest[begin:]))


def _asks_from(rest: str) -> int | None:
    """Where what was pointed out begins to ask for something; None where it only weighs the situation."""
    urge = _URGE.search(rest)
    if not urge:
        return None
    begin = urge.start() + (rest[urge.start()] == "，")
    asked = rest[begin:]
    if is_slogan(asked) or (_SITUATION.search(asked.split("，", 1)[0]) and not _URGE.search(asked.partition("，")[2])):
        return None
    return begin if _SITUATION.search(rest[:begin]) else 0


_THEME = re.compile(
    r"^(?!对|按|根据|针对|围绕|结合|巩固|以|在|将|把|用|抓|落实|推|完成)[^，。；：\d\s]{2,12}[\s\u3000]*(?=20\d\d年|去年|过去)"
)
"""防汛防台2025年…: a theme, set apart by a space or by nothing, before what was done."""
_PAST_PERIOD = re.compile(r"^(?:去年|上年|今年以来|一年来|过去一年|(?P<year>20\d\d)年)(?!.{0,12}基础上)")


def _names_past(words: str) -> bool:
    return bool(_PAST_PERIOD.match(words) or re.search("了|过去|去年|以来", words))


def _tells_past(sentence: str, plan_year: int | None) -> bool:
    """True where a sentence amid tasks names a past period and what was done in it: 在风险防控方面，2024年关停37家。"""
    theme = _THEME.match(sentence)
    field = theme or FIELD.match(sentence)
    words = sentence[field.end() :] if field else sentence
    if theme and not looks_like_results(words):
        return False  # 对照省安委会2025年通报的问题开展…
    period = _PAST_PERIOD.match(words)
    if not period or (period["year"] and not (plan_year and int(period["year"]) < plan_year)):
        return False
    return not FORWARD.search(words) or (looks_like_results(words) and not _URGE.search(words))


def _speaks(rest: str) -> bool:
    """False for 提出了要求, 作出安排 and the like: the sentence says that something was said."""
    return not rest.startswith(("了", "过")) and len(rest.rstrip("，：")) >= 4

"""What people read for keys that are not of the comparison: states, outcomes, ranks, decisions; Chinese first."""

from __future__ import annotations

from schema.verdicts import Decision
from schema.words import INCIDENTS

STRUCTURES = {"moved": ("移动", "moved"), "split": ("拆分", "split"), "merged": ("合并", "merged")}
DECISIONS = {
    Decision.CONFIRM: ("确认", "confirm"),
    Decision.RECLASSIFY: ("改判", "reclassify"),
    Decision.REMATCH: ("重新对应", "re-match"),
    Decision.SPLIT: ("拆开", "split"),
    Decision.MERGE: ("合并", "merge"),
    Decision.NOT_A_COMMITMENT: ("不是承诺", "not a commitment"),
    Decision.COMMENT: ("批注", "comment"),
    Decision.ASSIGN: ("指派", "assign"),
    Decision.UNDO: ("撤销", "undo"),
}
REASONS = {
    **{kind.value: words for kind, words in INCIDENTS.items()},
    "not_provincial": ("不是省级会议", "not a provincial meeting"),
    "results_only": ("只有成绩没有部署", "results only"),
    "duplicate_of": ("重复", "duplicate"),
    "no_directives": ("没有部署", "no directives"),
}
ABOUT = {
    "compared": ("逐条对照完成，可以复核", "aligned item by item, ready for review"),
    "baseline": ("最早的一年，没有上一年可比", "the first year there is"),
    "nothing": ("通报里没有可比较的部署", "an announcement without directives"),
    "doubtful": ("旧文、被篡改或不是省级会议，已扣下", "stale, poisoned or not provincial: held back"),
    "unfetched": ("来源有故障，没有拿到", "the source is in trouble"),
    "unpublished": ("来源正常，还没有通报", "the source is fine; nothing published yet"),
}
RANKS = {1: ("官方", "official"), 2: ("媒体", "media"), 3: ("汇编", "digest"), 4: ("导入", "import")}
SOURCE_KINDS = {
    "column": ("栏目", "column"),
    "digest": ("汇编", "digest"),
    "article": ("文章", "article"),
    "national": ("部级", "national"),
    "import": ("导入", "import"),
}
OUTCOMES = {
    "new": ("新内容", "new"),
    "unchanged": ("未变", "unchanged"),
    "blocked": ("被拦截", "blocked"),
    "soft_404": ("页面说不存在", "soft 404"),
    "gone": ("已撤下", "gone"),
    "empty": ("空页面", "empty"),
    "login": ("要求登录", "login wall"),
    "not_html": ("不是网页", "not HTML"),
    "undecodable": ("编码读不了", "undecodable"),
    "too_large": ("过大", "too large"),
    "robots_denied": ("robots 不允许", "robots forbid"),
    "refused": ("地址不允许", "address refused"),
    "http_error": ("服务器出错", "HTTP error"),
    "timeout": ("超时", "timeout"),
    "tls_error": ("证书错误", "TLS error"),
    "dns_error": ("域名解析不了", "DNS error"),
    "connection_error": ("连不上", "connection error"),
    "article": ("文章", "article"),
    "list": ("列表页", "list page"),
}
REFUSED_PAGES = {
    "signed_article": ("署名文章", "signed article"),
    "city_meeting": ("市县会议", "city or county meeting"),
    "press_conference": ("新闻发布会", "press conference"),
    "not_provincial": ("不是省级会议", "not a provincial meeting"),
    "relay": ("传达学习", "relay of another meeting"),
    "national_meeting": ("全国会议", "the national meeting"),
    "symposium": ("座谈会、研讨会", "symposium"),
    "earthquake_bureau": ("地震部门的会议", "an earthquake bureau's meeting"),
    "fire_corps": ("消防队伍的会议", "a fire corps' meeting"),
    "mine_bureau": ("矿山监察部门的会议", "a mine safety bureau's meeting"),
    "work_points": ("工作要点、计划", "list of work points, a plan"),
    "work_summary": ("总结、述职", "summary or report on duties"),
    "newsletter_digest": ("速览、日报", "newsletter"),
    "emergency_office": ("应急办的会议", "an emergency office's meeting"),
    "special_meeting": ("专题会、部署会、培训", "meeting on one subject, training"),
    "no_conference": ("题目不像年度工作会议", "the title names no yearly conference"),
    "host_not_in_registry": ("网址不在登记的来源里", "its host is not a registered source's"),
}
REVIEWS = {"waiting": ("待复核", "to review"), "reviewed": ("已复核", "reviewed")}
COMPARATORS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "＝", "~": "≈"}
KEY_HELP = (
    ("j k", ("下一条、上一条", "next, previous change")),
    ("n", ("下一条待复核", "next one to review")),
    ("N", ("下一个待复核的省份", "next province to review")),
    ("c", ("确认机器的判断，并走到下一条待复核", "confirm the machine's label and go on")),
    (
        "x",
        ("改判：数字键选类别，0 不是承诺，再写理由", "override: a digit chooses, 0: no commitment; then the reason"),
    ),
    ("Ctrl ⏎", ("保存改判或批注", "save the override or the comment")),
    ("m", ("批注", "comment")),
    ("r", ("重新对应、拆开、合并、指派（另开一页）", "re-match, split, merge, assign, on the change's page")),
    ("u", ("撤销这一条（或刚作出）的结论", "undo the verdict of this, or of the last decided, change")),
    ("/", ("跳到文字筛选", "go to the words filter")),
    ("Esc", ("收起改判、关闭帮助", "close the menu or this help")),
    ("?", ("本帮助", "this help")),
)
IMPORT_PROBLEMS = {
    "no_change": ("没有这个变化编号", "there is no change with this key"),
    "doubled": ("同一变化出现了两次", "the same change stands there twice"),
    "decided_meanwhile": ("导出之后有人作了结论，请重新导出", "somebody decided after the export; export again"),
}

"""What else stands in a department's news column: ordinary news and look-alikes of the yearly conference."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sample.texts import CHINA
from schema.provinces import Province


@dataclass(frozen=True, slots=True)
class News:
    """One article that is not the announcement."""

    title: str
    published: datetime
    body: str


_PLAIN = (
    (1, 3, "{short}省级领导赴基层检查安全防范工作", "检查组实地察看了企业和社区，了解值班值守情况。"),
    (1, 9, "厅机关开展冬季义务植树活动", "机关干部职工参加了植树活动，现场气氛热烈。"),
    (1, 22, "我省部署春节期间安全生产工作", "会议要求，加强节日期间值班值守，开展烟花爆竹安全检查，确保群众平安过节。"),
    (2, 18, "全系统节后收心会召开", "各处室汇报了节日期间值守情况。"),
    (3, 12, "应急科普进校园活动启动", "志愿者向学生讲解了逃生知识。"),
    (5, 11, "防灾减灾宣传周活动侧记", "各地组织了形式多样的宣传活动。"),
    (6, 16, "安全生产月咨询日活动举行", "现场发放宣传手册5000余份。"),
    (9, 8, "{short}举办社会应急力量技能竞赛", "来自各地的20支队伍参加了竞赛。"),
    (11, 9, "消防宣传月启动仪式举行", "启动仪式上展示了新型消防装备。"),
)
_LOOKALIKES = (
    (
        1,
        8,
        "{office}传达学习全国应急管理工作会议精神",
        "会议传达学习了全国会议精神，要求认真抓好贯彻落实，各处室要在3月底前制定方案。",
    ),
    (
        1,
        11,
        "{capital}召开{whole}应急管理工作会议部署重点任务",
        "{capital}应急管理局召开会议，要求年内改造老旧管网不少于30公里，排查不少于200家企业。",
    ),
    (1, 12, "应急管理重点工作务虚会召开", "与会人员围绕年度思路作了发言。"),
    (1, 13, "全省消防救援总队工作会议召开", "总队要求，消防站建设不少于12座，开展训练比武不少于4次。"),
    (1, 19, "{short}举行应急管理工作新闻发布会", "发布会介绍了有关情况并回答记者提问。"),
    (1, 21, "专家解读应急管理工作座谈会召开", "座谈会听取了专家的意见建议。"),
    (1, 14, "{office}收听收看全国应急管理工作会议", "领导班子成员在分会场收听收看，要求年内抓好不少于10项任务。"),
    (1, 16, "{capital}辖区县应急管理局召开县级应急管理工作会议", "会议要求，县级物资库储备棉被不少于2000床。"),
    (1, 18, "{office}召开年度工作总结暨述职会议", "会议听取述职报告，要求完成不少于12项整改。"),
    (1, 27, "省地震局召开防震减灾工作会议", "会议要求，年内新建监测台站不少于15个。"),
    (2, 6, "关于印发应急管理工作要点的通知", "现将年度工作要点印发，请结合实际认真贯彻执行。"),
    (2, 12, "厅长：扛牢责任推动应急管理工作会议精神落地（署名文章）", "要把会议精神落到实处，推动各项工作取得新成效。"),
    (2, 20, "应急速览：一周工作简讯", "本周各地组织了多场演练。"),
)

_DISTRICTS = {"beijing": "通州区", "tianjin": "滨海新区", "shanghai": "浦东新区", "chongqing": "渝北区"}
"""A municipality's capital is itself; its look-alike is a district's meeting."""


def news_of(province: Province, year: int) -> tuple[News, ...]:
    """One year's other articles of a province's column, oldest first."""
    district = _DISTRICTS.get(province.slug)
    capital, whole = district or province.capital + "市", "全区" if district else "全市"
    office = "市应急管理局" if province.level_word == "全市" else "厅机关"
    words = {"short": province.short, "capital": capital, "whole": whole, "office": office}
    rows = sorted(_PLAIN + _LOOKALIKES)
    return tuple(
        News(
            title.format(**words),
            datetime(year, month, day, 9, (day * 7) % 60, tzinfo=CHINA),
            body.format(**words),
        )
        for month, day, title, body in rows
    )


def newsletter(announcement: tuple[str, ...]) -> tuple[str, ...]:
    """An issue of a newsletter: the announcement first, then what else the editors had."""
    return (
        *announcement,
        "【基层动态】",
        "各地开展节前安全检查，社区志愿者走访独居老人。",
        "【一线故事】",
        "值班员老李在岗位上过了第十个除夕。",
    )

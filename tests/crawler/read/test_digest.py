"""A digest's entries are found whatever heads them; a text that only names provinces is no digest."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.read.announcements import read_text
from crawler.read.digest import digest_entries
from crawler.read.page import read_page
from sample.texts import all_texts
from schema.announcements import Link, Page

TASKS = {
    "河南": "会议要求，2026年要组建不少于10人的乡镇专职消防队，每季度开展一次联合演练。",
    "湖北": "会议强调，要改造老旧燃气管网300公里，完善应急物资储备库网络。",
    "广西": "会议强调，要培训基层灾害信息员4500人次，重大隐患整改率达到98%以上。",
    "北京": "会议要求，新建雨量监测站26处，开展地下空间防汛排查。",
}
SLUGS = {"河南": "henan", "湖北": "hubei", "广西": "guangxi", "北京": "beijing"}
FULL = {"河南": "河南省", "湖北": "湖北省", "广西": "广西壮族自治区", "北京": "北京市"}
NUMERALS = "一二三四"
HEADS: dict[str, Callable[[int, str], str]] = {
    "一、河南省": lambda n, name: f"{NUMERALS[n]}、{FULL[name]}\n",
    "（一）河南": lambda n, name: f"（{NUMERALS[n]}）{name}\n",
    "1.河南": lambda n, name: f"{n + 1}.{name}\n",
    "1、河南省应急管理厅": lambda n, name: f"{n + 1}、{FULL[name]}应急管理厅\n",
    "01 河南": lambda n, name: f"0{n + 1} {name}\n",
    "①河南": lambda n, name: f"{'①②③④'[n]}{name}\n",
    "（1）河南省": lambda n, name: f"（{n + 1}）{FULL[name]}\n",
    "【河南】": lambda _, name: f"【{name}】\n",
    "［河南省］": lambda _, name: f"［{FULL[name]}］\n",
    "「河南」": lambda _, name: f"「{name}」\n",
    "■河南": lambda _, name: f"■{name}\n",
    "▎河南省": lambda _, name: f"▎{FULL[name]}\n",
    "◆ 河南 ◆": lambda _, name: f"◆ {name} ◆\n",
    "——河南——": lambda _, name: f"——{name}——\n",
    "河南省应急管理厅：": lambda _, name: f"{FULL[name]}应急管理厅：\n",
    "河南应急": lambda _, name: f"{name}应急\n",
    "河南篇": lambda _, name: f"{name}篇\n",
    "河南（1月15日）": lambda n, name: f"{name}（1月{15 + n}日）\n",
    "河南：会议…": lambda _, name: f"{name}：",
    "河南省应急管理厅:会议…": lambda _, name: f"{FULL[name]}应急管理厅:",
    "【河南】会议…": lambda _, name: f"【{name}】",
    "■河南：会议…": lambda _, name: f"■{name}：",
    "1.河南：会议…": lambda n, name: f"{n + 1}.{name}：",
    "1　河南　会议…": lambda n, name: f"{n + 1}　{name}　",
    "河南|会议…": lambda _, name: f"{name}|",
    "河南：…召开": lambda _, name: f"{name}：{FULL[name]}应急管理工作会议召开\n",
    "河南召开…": lambda _, name: f"{name}召开2026年应急管理工作会议\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_every_way_to_head_an_entry_gives_the_same_entries(head: Callable[[int, str], str]) -> None:
    """Province by province, each with its own text to the letter and no word of the next."""
    text = "2026年各省应急管理工作会议部署\n" + "\n".join(
        head(n, name) + words for n, (name, words) in enumerate(TASKS.items())
    )
    entries = digest_entries(text)
    assert [(entry.province, entry.body) for entry in entries] == [
        (SLUGS[name], words) for name, words in TASKS.items()
    ]
    assert all(one.commitments for one in read_text(text))


@pytest.mark.parametrize("tag", ["h2", "h3", "h4", "strong", "p", "p><strong", "p><b><span"])
def test_a_heading_may_be_any_element(tag: str) -> None:
    """h2, h3, strong, a paragraph of its own."""
    names = [one.split(" ")[0] for one in tag.split("><")]
    opened, closed = f"<{tag}>", "".join(f"</{name}>" for name in reversed(names))
    words = "".join(f"{opened}{name}{closed}<p>{said}</p>" for name, said in TASKS.items())
    assert _read(words) == list(SLUGS.values())


@pytest.mark.parametrize(
    "header", ["<tr><th>地区</th><th>部署</th></tr>", "", "<tr><th>序号</th><th>省份</th><th>工作部署</th></tr>"]
)
def test_the_provinces_may_stand_in_a_table_s_first_column(header: str) -> None:
    """With and without column names, with and without numbers."""
    numbered = "序号" in header
    rows = "".join(
        f"<tr>{f'<td>{n}</td>' if numbered else ''}<td>{name}</td><td>{said}</td></tr>"
        for n, (name, said) in enumerate(TASKS.items(), 1)
    )
    assert _read(f"<table>{header}{rows}</table>") == list(SLUGS.values())


def _read(words: str) -> list[str | None]:
    html = f"<html><title>2026年各省应急管理工作会议部署</title><div class='TRS_UEDITOR'>{words}</div></html>"
    page = Page("http://127.0.0.1/d.html", "sample", 200, html.encode(), datetime(2026, 2, 1, tzinfo=UTC))
    reading = read_page(page)
    assert all(one.commitments for one in reading.announcements)
    return [one.province for one in reading.announcements]


def test_a_title_that_heads_an_entry_names_its_original() -> None:
    """The words beside the province are the entry's title; the page's anchor of the same words is its original."""
    text = "\n".join(f"{name}：{FULL[name]}应急管理工作会议召开\n{words}" for name, words in TASKS.items())
    link = Link("湖北省应急管理工作会议召开", "http://yjt.hubei.gov.cn/a.html")
    entries = digest_entries(text, (link,))
    assert [entry.title for entry in entries] == [f"{FULL[name]}应急管理工作会议召开" for name in TASKS]
    assert [entry.links for entry in entries] == [(), (link,), (), ()]


def test_what_is_none_of_the_31_belongs_to_nobody() -> None:
    """The Corps, a city with a plan of its own, the ministry: their text is not the province's above them."""
    text = "\n".join(
        f"{n}、{name}\n{TASKS.get(name, '要求新建避难场所90处，配备无人机12架。')}"
        for n, name in zip("一二三四五", ("河南", "新疆生产建设兵团", "湖北", "深圳市", "广西"), strict=True)
    )
    assert [(one.province, one.body) for one in digest_entries(text)] == [
        (SLUGS[name], TASKS[name]) for name in ("河南", "湖北", "广西")
    ]


NO_DIGESTS = {
    "a signature at both ends": f"湖北省应急管理厅\n{TASKS['湖北']}\n{TASKS['河南']}\n湖北省应急管理厅",
    "a table of results": "全省应急管理工作会议召开，会上通报了各地情况。\n河南：12起\n湖北：9起\n广西：8起",
    "links at the end": f"湖北省召开全省应急管理工作会议\n{TASKS['湖北']}\n相关链接\n"
    "河南省召开全省应急管理工作会议\n广西召开全区应急管理工作会议\n北京市召开应急管理工作会议",
    "guests": f"全省应急管理工作会议召开。\n{TASKS['湖北']}\n北京、河南、广西应急管理厅负责同志应邀参加会议。",
    "one province": f"一、湖北省\n{TASKS['湖北']}",
    "two in one line": f"河南、湖北应急管理工作会议\n{TASKS['湖北']}",
    "prose": f"河南省、湖北省：{TASKS['湖北']}\n与河南、湖北开展联合演练，建立跨省协作机制。",
}


@pytest.mark.parametrize("text", NO_DIGESTS.values(), ids=NO_DIGESTS)
def test_a_text_that_only_names_provinces_is_no_digest(text: str) -> None:
    """Signatures, results, links, guests."""
    assert digest_entries(text) == ()


def test_no_single_announcement_is_taken_for_a_digest() -> None:
    """Every announcement of the sample web."""
    assert [(text.slug, text.year) for text in all_texts() if digest_entries(text.body)] == []

"""Bytes become text, blocks, fields and a body, whatever the page declares about itself."""

import json
from pathlib import Path

import pytest

from crawler.read.blocks import Tree, text_of
from crawler.read.body import find_body
from crawler.read.decode import decode
from crawler.read.metadata import find_fields

REAL = Path(__file__).parents[3] / "shared" / "pages" / "real"
WORDS = "全省应急管理工作会议召开，部署2026年重点任务：组建不少于10人的专职消防队。"
PAGE = """<html><head><meta charset="{declared}"><title>全省应急管理工作会议召开-示例省应急管理厅</title>
<meta name="ArticleTitle" content="全省应急管理工作会议召开"><meta name="PubDate" content="2026-01-20 09:12">
</head><body><div class="nav"><a href="/">首页</a></div></html>
<div class="TRS_UEDITOR"><p>{words}</p>
<p>各地要<a href="a/b.html">抓好落实</a>，每季度通报一次进展情况。</p></div></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "iso-8859-1", "big5"])
def test_the_bytes_decide_the_encoding(encoding: str, declared: str) -> None:
    """A wrong declaration changes nothing."""
    page = PAGE.format(declared=declared, words=WORDS)
    assert decode(page.encode(encoding)).text == page


def test_an_early_end_of_the_page_loses_nothing() -> None:
    """The article stands after </html>; title, time, body and link come back."""
    tree = Tree(PAGE.format(declared="utf-8", words=WORDS), "http://127.0.0.1/x/index.html")
    body = find_body(tree)
    fields = find_fields(tree, tree.blocks, 1, None)
    assert text_of(body.blocks) == f"{WORDS}\n各地要抓好落实，每季度通报一次进展情况。"
    assert [link.url for link in tree.links_of(body.blocks)] == ["http://127.0.0.1/x/a/b.html"]
    assert fields.title == "全省应急管理工作会议召开"
    assert fields.published is not None
    assert fields.published.isoformat() == "2026-01-20T09:12:00+08:00"


@pytest.mark.skipif(not REAL.is_dir(), reason="the judged real pages are not here")
def test_real_pages_give_their_true_title_and_paragraphs() -> None:
    """Every judged page: the true title, and at least 95 of 100 true paragraphs."""
    wrong = []
    for line in (REAL / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        tree = Tree(decode((REAL / case["file"]).read_bytes()).text)
        body = find_body(tree)
        got = {"".join(block.text.split()) for block in body.blocks}
        want = {"".join(part.split()) for part in case["body"].split("\n") if len(part) > 8}
        if len(want & got) < 0.95 * len(want):
            wrong.append((case["file"], body.method))
    assert wrong == []

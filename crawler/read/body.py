"""Finds the article inside a page: known containers first, then the densest part of the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from crawler.read.blocks import Block, Tree

CONTAINERS: tuple[tuple[str, ...], ...] = (
    ("#UCAP-CONTENT", ".pages_content"),
    (".TRS_UEDITOR", ".trs_editor_view", ".TRS_Editor"),
    (".v_news_content", "[id^=vsb_content]"),
    ("#js_content",),
    (".wp_articlecontent",),
    ("#zoom", "#Zoom", "#ivs_content"),
)
MARKS = (("<!--ZJEG_RSS.content.begin-->", "<!--ZJEG_RSS.content.end-->"),)
SHORTEST = 40
STOP = re.compile(
    r"^[（(【\[]?\s*(?:责任编辑|责编|编辑|相关链接|相关阅读|延伸阅读|相关新闻|相关稿件|上一篇|下一篇|上一条|下一条|扫一扫|分享到)"
)
SENTENCE = re.compile(r"[。！？；;]|，.*，")
PUNCTUATION = re.compile(r"[，。；：！？、,.;:!?“”]")
FURNITURE = re.compile(
    r"\d{4}[-年/.]\d{1,2}[-月/.]\d{1,2}|来源[:：]|字号|字体|打印|浏览|阅读[:：]|当前位置|首页|分享到|发布时间|点击|作者[:：]|编辑[:：]|\d{1,2}:\d{2}"
)
MOST_FURNITURE = 8
NOISE_NAME = re.compile(
    r"nav|menu|foot|header|copyright|breadcrumb|sidebar|related|recommend|comment|share|toolbar|crumb|hotnews|rank",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks, and how they were found. ``confidence`` 0…1."""

    blocks: tuple[Block, ...]
    method: str
    confidence: float


def find_body(tree: Tree, override: str | None = None) -> Body:
    """The article of a page; without one, an empty body."""
    if override:
        found = _longest(tree, (override,))
        if found:
            return Body(tuple(cut_tail(found[1])), found[0], 1.0)
    for selectors in CONTAINERS:
        found = _longest(tree, selectors)
        if found:
            return Body(tuple(cut_tail(found[1])), found[0], 0.98)
    for begin, end in MARKS:
        part = tree.between(begin, end)
        blocks = part.blocks() if part else []
        if _length(blocks) >= SHORTEST:
            return Body(tuple(cut_tail(blocks)), begin, 0.95)
    return _densest(tree)


def _length(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _longest(tree: Tree, selectors: tuple[str, ...]) -> tuple[str, list[Block]] | None:
    best: tuple[str, list[Block]] | None = None
    for selector in selectors:
        for node in tree.select(selector):
            blocks = tree.blocks(node)
            if _length(blocks) >= SHORTEST and (best is None or _length(blocks) > _length(best[1])):
                best = (selector, blocks)
    return best


def cut_tail(blocks: list[Block]) -> list[Block]:
    """Without what follows 责任编辑, 相关链接, 上一篇, unless a sentence follows."""
    for index, block in enumerate(blocks):
        if index and STOP.match(block.text) and not any(_is_prose(later) for later in blocks[index + 1 :]):
            return blocks[:index]
    return blocks


def _is_prose(block: Block) -> bool:
    return len(block.text) >= 25 and block.link_share < 0.5 and bool(SENTENCE.search(block.text))


def _densest(tree: Tree) -> Body:
    """The node whose own paragraphs carry the most punctuated, unlinked text (and not much else)."""
    start = tree.body()
    if start is None:
        return Body((), "none", 0.0)
    scores: dict[int, float] = {}
    nodes: dict[int, LexborNode] = {}
    for node in start.css("p, div, td, section, article, span, br, blockquote, li"):
        weight = _own_weight(node)
        if weight <= 0:
            continue
        _credit(node, weight, scores, nodes)
    if not scores:
        return _bare(tree.blocks(start))
    best = nodes[max(scores, key=lambda key: scores[key])]
    blocks = cut_tail(_trim(tree.blocks(best)))
    total = sum(_score(block.text) for block in tree.blocks(start)) or 1.0
    share = sum(_score(block.text) for block in blocks) / total
    return Body(tuple(blocks), "density", round(min(0.9, 0.4 + share / 2), 2))


def _bare(blocks: list[Block]) -> Body:
    """Paragraphs that stand in <body> itself, with nothing around them."""
    if not any(map(_is_prose, blocks)):
        return Body((), "none", 0.0)
    return Body(tuple(cut_tail(_trim(blocks))), "body", 0.6)


def _own_weight(node: LexborNode) -> float:
    """Weight of the text that stands directly in a node: punctuated characters outside links."""
    if node.tag == "br":
        return 0.0
    text = node.text(deep=False).strip()
    if node.tag == "p":
        whole = node.text(deep=True, separator="").strip()
        linked = sum(len(a.text(deep=True)) for a in node.css("a"))
        if linked < len(whole) / 2:
            text = whole
    return _score(text)


def _score(text: str) -> float:
    marks = len(PUNCTUATION.findall(text))
    return len(text) ** 0.5 * marks if len(text) >= 10 and marks else 0.0


def _credit(node: LexborNode, weight: float, scores: dict[int, float], nodes: dict[int, LexborNode]) -> None:
    """A node's text counts for its ancestors, less with every step."""
    share = 1.0
    parent: LexborNode | None = node if node.tag not in ("p", "span", "li", "br", "blockquote") else node.parent
    for _ in range(4):
        if parent is None or parent.tag in ("body", "html", None):
            return
        if not NOISE_NAME.search(f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}"):
            key = parent.mem_id
            scores[key] = scores.get(key, 0.0) + weight * share
            nodes[key] = parent
        share *= 0.6
        parent = parent.parent


def _trim(blocks: list[Block]) -> list[Block]:
    """Without leading furniture: crumbs, dates, buttons, that stand before the first words of the article."""
    for index, block in enumerate(blocks):
        if not _is_furniture(block) or index >= MOST_FURNITURE:
            return blocks[index:]
    return blocks


def _is_furniture(block: Block) -> bool:
    return block.link_share > 0.5 or bool(FURNITURE.search(block.text) and len(block.text) < 60)

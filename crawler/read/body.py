"""Finds the article inside a page: known containers first, then the densest part of the tree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.read.blocks import Block, Tree, Walked
from crawler.read.tables import GAP, is_header
from crawler.read.walk import CONTAINERS, Container

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
    r"\b(?:class|id)=\"[^\"]*?(?:nav|menu|foot|header|copyright|sidebar|related|recommend|comment|share|toolbar|crumb|hotnews|rank)",
    re.IGNORECASE,
)
_SPEAKING = frozenset(("p", "div", "td", "section", "article", "li", "blockquote", "pre", "dd", "center", "main"))
_STEPS = 4
_DECAY = 0.6


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks, and how they were found. ``confidence`` 0…1; ``start``: its place in the page's blocks."""

    blocks: tuple[Block, ...]
    method: str
    confidence: float
    start: int = 0


def find_body(tree: Tree, override: str | None = None) -> Body:
    """The article of a page; without one, an empty body."""
    if override:
        found = max(tree.select(override), key=_length, default=())
        if _length(found) >= SHORTEST:
            start = next((n for n, block in enumerate(tree.blocks) if block.text == found[0].text), 0)
            return Body(cut_tail(found), override, 1.0, start)
    for family in range(len(CONTAINERS)):
        place = _longest(tree.walked, family)
        if place:
            blocks = cut_tail(_with_rows(tree.walked, place.start, place.end))
            return Body(blocks, place.selector, 0.98, place.start)
    return _densest(tree.walked)


def _with_rows(walked: Walked, start: int, end: int) -> tuple[Block, ...]:
    """The blocks of a stretch; the rows of a task table stand on one line each, other tables as they are."""
    blocks = walked.blocks[start:end]
    if not any(block.kind in ("td", "th") for block in blocks):
        return blocks
    made: list[Block] = []
    at, inside = start, None
    for row in [one for one in walked.elements if one.name == "tr" and start <= one.start < one.end <= end]:
        cells = walked.blocks[row.start : row.end]
        inside = row.parent if is_header([cell.text for cell in cells]) else inside
        if inside == row.parent and row.start >= at:
            made += [*walked.blocks[at : row.start], _row_of(cells)]
            at = row.end
    return (*made, *walked.blocks[at:end])


def _row_of(cells: tuple[Block, ...]) -> Block:
    links = tuple(link for cell in cells for link in cell.links)
    return Block(GAP.join(cell.text for cell in cells), "td", links)


def _length(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks)


def _longest(walked: Walked, family: int) -> Container | None:
    best, most = None, SHORTEST - 1
    for place in walked.containers:
        length = _length(walked.blocks[place.start : place.end]) if place.family == family else 0
        if length > most:
            best, most = place, length
    return best


def cut_tail(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Without what follows 责任编辑, 相关链接, 上一篇, unless a sentence follows."""
    for index, block in enumerate(blocks):
        if index and STOP.match(block.text) and not any(_is_prose(later) for later in blocks[index + 1 :]):
            return blocks[:index]
    return blocks


def _is_prose(block: Block) -> bool:
    return len(block.text) >= 25 and block.link_share < 0.5 and bool(SENTENCE.search(block.text))


def _densest(walked: Walked) -> Body:
    """The element whose own paragraphs carry the most punctuated, unlinked text (and not much else)."""
    weights = [_weight(walked, number) for number in range(len(walked.blocks))]
    scores: dict[int, float] = {}
    for number, weight in enumerate(weights):
        if weight > 0:
            _credit(walked, walked.holder(number), weight, scores)
    if not scores:
        return _bare(walked.blocks)
    best = walked.elements[max(scores, key=lambda at: scores[at])]
    start, blocks = _trim(_with_rows(walked, best.start, best.end))
    blocks = cut_tail(blocks)
    start += best.start
    share = sum(weights[start : start + len(blocks)]) / (sum(weights) or 1.0)
    return Body(blocks, "density", round(min(0.9, 0.4 + share / 2), 2), start)


def _bare(blocks: tuple[Block, ...]) -> Body:
    """Paragraphs that stand in <body> itself, with nothing around them."""
    if not any(map(_is_prose, blocks)):
        return Body((), "none", 0.0)
    start, rest = _trim(blocks)
    return Body(cut_tail(rest), "body", 0.6, start)


def _weight(walked: Walked, number: int) -> float:
    """Weight of one block: punctuated characters outside links; headings and captions have none."""
    block, owner = walked.blocks[number], walked.owners[number]
    length = len(block.text)
    if length < 10 or owner < 0 or walked.elements[owner].name not in _SPEAKING or block.link_share >= 0.5:
        return 0.0
    return float(length**0.5 * len(PUNCTUATION.findall(block.text)))


def _credit(walked: Walked, at: int, weight: float, scores: dict[int, float]) -> None:
    """A block's text counts for the elements around it, less with every step."""
    for _ in range(_STEPS):
        element = walked.elements[at] if at >= 0 else None
        if element is None or element.name in ("body", "html"):
            return
        if not NOISE_NAME.search(element.tag):
            scores[at] = scores.get(at, 0.0) + weight
        weight *= _DECAY
        at = element.parent


def _trim(blocks: tuple[Block, ...]) -> tuple[int, tuple[Block, ...]]:
    """Without leading furniture: crumbs, dates, buttons, that stand before the first words of the article."""
    for index, block in enumerate(blocks):
        if not _is_furniture(block) or index >= MOST_FURNITURE:
            return index, blocks[index:]
    return 0, blocks


def _is_furniture(block: Block) -> bool:
    return block.link_share > 0.5 or bool(FURNITURE.search(block.text) and len(block.text) < 60)

"""docx: the yearly report as a Word document; changed stretches underlined or struck as on the pages."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from review.exports.columns import finding_words, machine_words
from review.exports.report import Chapter, Report
from review.exports.safe import printable
from review.labels import DECISIONS, REASONS
from review.marks import pieces
from review.matrix import Cell
from review.places import full_name, region_name
from review.rendering import CHINA
from review.words import WORDS
from schema.announcements import Edition
from schema.words import KINDS

_NEW, _OLD, _SOFT = "0B4F9E", "855000", "575F6A"


STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet")
_TABLE = "LightGrid-Accent1"


class _Writer:
    """A document in a language. Its body is written as XML and read once: the library adds a paragraph in 5 ms."""

    def __init__(self, lang: str) -> None:
        self.lang, self.which = lang, 0 if lang == "zh" else 1
        self.document: Any = Document()
        for name in STYLES:
            style = self.document.styles[name]
            style.font.name = "Arial"
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "微软雅黑")
        self.document.styles["Normal"].font.size = Pt(10.5)
        self._ids = {name: self.document.styles[name].style_id for name in STYLES}
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        self._body: list[str] = []

    def word(self, key: str) -> str:
        return WORDS[key][self.which]

    def heading(self, text: str, level: int) -> None:
        self._add(f"Heading {level}" if level else "Title", _run(text))

    def line(self, text: str, *, soft: bool = False) -> None:
        self._add("Normal", _run(text, f'<w:color w:val="{_SOFT}"/><w:sz w:val="18"/>' if soft else ""))

    def marked(self, label: str, text: str, spans: Iterable[tuple[int, int]], *, old: bool) -> None:
        look = f'<w:strike/><w:color w:val="{_OLD}"/>' if old else f'<w:color w:val="{_NEW}"/><w:u w:val="single"/>'
        runs = [_run(piece.text, look if piece.marked else "") for piece in pieces(text, spans)]
        self._add("List Bullet", _run(label + " ", "<w:b/>"), *runs)

    def table(self, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        made = [[_cell(text) for text in row] for row in (head, *rows)]
        grid = "<w:gridCol/>" * len(made[0])
        lines = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in made)
        look = f'<w:tblPr><w:tblStyle w:val="{_TABLE}"/><w:tblW w:w="5000" w:type="pct"/></w:tblPr>'
        self._body.append(f"<w:tbl>{look}<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl><w:p/>")

    def save(self) -> bytes:
        """The document's bytes."""
        body = self.document.element.body
        for element in list(parse_xml(f"<w:body {nsdecls('w')}>{''.join(self._body)}</w:body>")):
            body.insert(len(body) - 1, element)  # the last one holds the section's settings
        made = io.BytesIO()
        self.document.save(made)
        return made.getvalue()

    def _add(self, style: str, *runs: str) -> None:
        self._body.append(f'<w:p><w:pPr><w:pStyle w:val="{self._ids[style]}"/></w:pPr>{"".join(runs)}</w:p>')


def _run(text: str, look: str = "") -> str:
    """One run; a line end is a break."""
    broken = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in printable(text).split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{broken}</w:r>"


def _cell(text: str) -> str:
    return f"<w:tc><w:p>{_run(text)}</w:p></w:tc>"


def as_document(report: Report, lang: str) -> bytes:
    """The document's bytes: summary, table by province, every province's changes, the evidence they rest on."""
    writer = _Writer(lang)
    _front(writer, report)
    _summary(writer, report)
    _by_province(writer, report)
    writer.heading(writer.word("details"), 1)
    for chapter in report.chapters:
        _chapter(writer, chapter)
    _appendix(writer, report)
    return writer.save()


def _front(writer: _Writer, report: Report) -> None:
    writer.heading(f"{report.gathered.year} {writer.word('report')}", 0)
    made = f"{report.gathered.made_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    writer.line(f"{writer.word('title')} · {writer.word('generated')} {made}", soft=True)
    if report.gathered.as_of:
        writer.line(f"{writer.word('as_of')} {report.gathered.as_of.astimezone(CHINA):%Y-%m-%d %H:%M}", soft=True)


def _summary(writer: _Writer, report: Report) -> None:
    writer.heading(writer.word("summary"), 1)
    writer.line(summary_words(report, writer.lang))
    writer.table(
        (writer.word("kind"), writer.word("nationwide")),
        ((f"{KINDS[kind][0]} {KINDS[kind][1 + writer.which]}", str(number)) for kind, number in report.counts),
    )


def summary_words(report: Report, lang: str) -> str:
    """The report in two sentences."""
    counts = "，".join(f"{KINDS[kind][1]} {n}" for kind, n in report.counts)
    if lang == "zh":
        return (
            f"{report.gathered.year} 年共对照 {report.compared} 个省份，另有 {report.baselines} 个为基线、"
            f"{len(report.without)} 个没有可比内容。"
            f"合计：{counts}。已复核 {report.reviewed} 条，待复核 {report.waiting} 条。"
        )
    counts = ", ".join(f"{KINDS[kind][2]} {n}" for kind, n in report.counts)
    return (
        f"{report.compared} provinces were compared for {report.gathered.year}; {report.baselines} are baselines and "
        f"{len(report.without)} have nothing to compare. In all: {counts}. {report.reviewed} changes are reviewed, "
        f"{report.waiting} wait for review."
    )


def _by_province(writer: _Writer, report: Report) -> None:
    writer.heading(writer.word("by_province"), 1)
    head = [writer.word("region"), writer.word("province"), *(names[1 + writer.which] for names in KINDS.values())]
    rows = []
    for cell in report.gathered.cells:
        counts = dict(cell.counts)
        place = [region_name(cell.province.region, writer.lang), full_name(cell.province, writer.lang)]
        numbers = [str(counts.get(kind, 0)) for kind in KINDS] if counts else [state_words(cell, writer.lang)]
        rows.append([*place, *numbers, *[""] * (len(KINDS) - len(numbers))])
    writer.table(head, rows)


def state_words(cell: Cell, lang: str) -> str:
    """A cell's state and its reason, in words."""
    which = 0 if lang == "zh" else 1
    state = WORDS[cell.state.value][which]
    if not cell.reason:
        return state
    reason = REASONS.get(cell.reason, (cell.reason, cell.reason))[which]
    why = f"{reason} {cell.why}".strip()
    return f"{state}（{why}）" if lang == "zh" else f"{state} ({why})"


def _chapter(writer: _Writer, chapter: Chapter) -> None:
    diff = chapter.lines[0].diff if chapter.lines else None
    name = full_name(chapter.cell.province, writer.lang)
    writer.heading(f"{name} {diff.year_old}→{diff.year_new}" if diff else name, 2)
    if not chapter.lines:
        writer.line(writer.word("none_found"))
    for line in chapter.lines:
        change = line.change
        beside = f"（{writer.word('machine')} {machine_words(line, writer.lang)}）" if line.differs else ""
        writer.heading(f"{KINDS[change.kind][0]} {KINDS[change.kind][1 + writer.which]}{beside}", 3)
        if change.old_text:
            writer.marked(str(line.diff.year_old), change.old_text, change.old_highlights, old=True)
        if change.new_text:
            writer.marked(str(line.diff.year_new), change.new_text, change.new_highlights, old=False)
        for finding in change.findings:
            writer.line(finding_words(finding, writer.lang), soft=True)
        if line.now:
            said = f"{writer.word('verdict')}：{DECISIONS[line.now.decision][writer.which]} {line.now.reason}"
            writer.line(f"{said} · {line.now.by}", soft=True)
        writer.line(change.key, soft=True)


def _appendix(writer: _Writer, report: Report) -> None:
    writer.heading(writer.word("appendix"), 1)
    editions = [e for c in report.chapters for e in (c.earlier, c.later) if e]
    head = [writer.word(key) for key in ("province", "year", "original", "hash")]
    writer.table(head, (_evidence(edition, chapter_name(edition, report, writer.lang)) for edition in editions))


def _evidence(edition: Edition, name: str) -> list[str]:
    return [name, str(edition.plan_year), f"{edition.announcement.title}\n{edition.url}", edition.page_sha256]


def chapter_name(edition: Edition, report: Report, lang: str) -> str:
    """The province an edition belongs to, as the report writes it."""
    found = next(c.cell.province for c in report.chapters if c.cell.province.slug == edition.province)
    return full_name(found, lang)

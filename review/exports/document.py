"""docx: the yearly report as a Word document; changed stretches underlined or struck as on the pages."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from review.exports.columns import finding_words
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

_NEW, _OLD, _SOFT = RGBColor(0x0B, 0x4F, 0x9E), RGBColor(0x85, 0x50, 0x00), RGBColor(0x57, 0x5F, 0x6A)


STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")


class _Writer:
    """A document and a language."""

    def __init__(self, lang: str) -> None:
        self.lang, self.which = lang, 0 if lang == "zh" else 1
        self.document: Any = Document()
        for name in STYLES:
            style = self.document.styles[name]
            style.font.name = "Arial"
            style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "微软雅黑")
        self.document.styles["Normal"].font.size = Pt(10.5)
        self._ids = {name: self.document.styles[name].style_id for name in (*STYLES, "List Bullet")}
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Cm(21), Cm(29.7)

    def word(self, key: str) -> str:
        return WORDS[key][self.which]

    def heading(self, text: str, level: int) -> None:
        self._paragraph(f"Heading {level}" if level else "Title").add_run(printable(text))

    def _paragraph(self, style: str) -> Any:
        """A paragraph in a style. By the style's id: looking its name up takes 5 ms, once a paragraph."""
        paragraph = self.document.add_paragraph()
        paragraph._p.style = self._ids[style]  # noqa: SLF001 - the library has no other way by id
        return paragraph

    def line(self, text: str, *, soft: bool = False) -> None:
        run = self.document.add_paragraph().add_run(printable(text))
        if soft:
            run.font.color.rgb, run.font.size = _SOFT, Pt(9)

    def marked(self, label: str, text: str, spans: Iterable[tuple[int, int]], *, old: bool) -> None:
        paragraph = self._paragraph("List Bullet")
        paragraph.add_run(label + " ").bold = True
        for piece in pieces(text, spans):
            run = paragraph.add_run(printable(piece.text))
            if piece.marked:
                run.font.color.rgb = _OLD if old else _NEW
                run.font.strike, run.font.underline = old, not old

    def table(self, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        titles = list(head)
        table = self.document.add_table(rows=1, cols=len(titles))
        table.style = "Light Grid Accent 1"
        for cell, text in zip(table.rows[0].cells, titles, strict=True):
            cell.text = printable(text)
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = printable(text)


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
    made = io.BytesIO()
    writer.document.save(made)
    return made.getvalue()


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
        change, kind = line.change, line.kind or line.change.kind
        writer.heading(f"{KINDS[kind][0]} {KINDS[kind][1 + writer.which]}", 3)
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

"""The yearly report as one file to print or to send: its styles inside, no script, nothing from anywhere else."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from review.exports.document import chapter_name, state_words, summary_words
from review.exports.report import Report
from review.places import region_name, short_name
from review.rendering import HERE, environment, vocabulary
from schema.provinces import Region, find_province

STYLES = ("base.css", "tables.css", "compare.css", "report.css")


@cache
def _templates() -> Environment:
    return environment()


def report_values(report: Report, lang: str) -> dict[str, Any]:
    """What report.html is given, on a page of the desk and in a file of its own."""
    regions = {one.value: one for one in Region}
    return {
        "region_label": lambda label: region_name(regions[label], lang),
        "province_label": lambda label: short_name(find_province(label), lang),
        "report": report,
        "summary": summary_words(report, lang),
        "state_words": state_words,
        "chapter_name": chapter_name,
    }


def as_print(report: Report, lang: str) -> bytes:
    """The file's bytes."""
    styles = Markup("\n".join((HERE / "static" / name).read_text(encoding="utf-8") for name in STYLES))  # noqa: S704 - our own files
    template = _templates().get_template("report_file.html")
    return template.render(**vocabulary(lang), **report_values(report, lang), styles=styles).encode("utf-8", "replace")

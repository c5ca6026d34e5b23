"""Templates in the language a request asks for; the one file that knows Jinja."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review import words
from review.marks import pieces
from review.matrix import Desk
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS

HERE = Path(__file__).parent
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates in the language a request asks for."""

    desk: Desk
    templates: Environment

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. ``?lang=en`` chooses English."""
        lang = language(request)
        which = 0 if lang == "zh" else 1
        chosen = {key: pair[which] for key, pair in words.WORDS.items()}
        html = self.templates.get_template(template).render(
            lang=lang, w=chosen, which=which, path=request.url.path, suffix="?lang=en" if lang == "en" else "", **values
        )
        return HTMLResponse(html, status)

    def missing(self, request: Request) -> HTMLResponse:
        """404, in words."""
        return self.render(request, "missing.html", 404)


def language(request: Request) -> str:
    """Zh, or en when the address says so."""
    return "en" if request.query_params.get("lang") == "en" else "zh"


def environment() -> Environment:
    """Everything is escaped; a name a template does not get is an error."""
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    templates.globals.update(
        kinds={kind.value: entry for kind, entry in KINDS.items()},
        dimensions=DIMENSIONS,
        directions=DIRECTIONS,
        confidences=CONFIDENCES,
        structures=words.STRUCTURES,
        reasons=words.REASONS,
        decisions=words.DECISIONS,
        pieces=pieces,
    )
    templates.filters["china"] = lambda moment: moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return templates

"""Templates in the language a request asks for; the one file that knows Jinja."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from review import people_words, words
from review.guard import Gate
from review.marks import pieces
from review.matrix import Desk
from schema.accounts import Role
from schema.words import CONFIDENCES, DIMENSIONS, DIRECTIONS, KINDS

HERE = Path(__file__).parent
CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders templates in the language a request asks for."""

    desk: Desk
    templates: Environment
    gate: Gate

    def render(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. ``?lang=en`` chooses English.

        Every template knows ``person`` (None for a stranger), ``may_review``, ``is_admin``, and ``token`` for its
        forms; ``token`` is empty where the person may not write.
        """
        lang = language(request)
        which = 0 if lang == "zh" else 1
        person = getattr(request.state, "person", None)
        may_review = person is not None and person.role.covers(Role.REVIEWER)
        cookie, token = self.gate.ticket(request) if person is not None or values.pop("with_form", False) else ("", "")
        given = {
            "person": person,
            "may_review": may_review,
            "is_admin": person is not None and person.role is Role.ADMIN,
            "token": token,
        }
        html = self.templates.get_template(template).render(
            lang=lang,
            w={key: pair[which] for key, pair in WORDS.items()},
            which=which,
            path=request.url.path,
            suffix="?lang=en" if lang == "en" else "",
            **(given | values),
        )
        page = HTMLResponse(html, status, {"Cache-Control": "private, no-store"})
        if cookie:
            self.gate.set_form(page, cookie)
        return page

    def missing(self, request: Request) -> HTMLResponse:
        """404, in words."""
        return self.render(request, "missing.html", 404)

    def refused(self, request: Request, status: int, why: str) -> HTMLResponse:
        """A refusal, in words; ``why`` is a key of REFUSALS."""
        return self.render(request, "refused.html", status, number=status, why=REFUSALS[why])


WORDS = words.WORDS | people_words.WORDS
REFUSALS = words.REFUSALS | people_words.REFUSALS


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
        roles=people_words.ROLES,
        actions=people_words.ACTIONS,
        pieces=pieces,
    )
    templates.filters["china"] = lambda moment: moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return templates

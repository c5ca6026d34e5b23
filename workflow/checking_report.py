"""How `chengnuo sources check` tells what it found: lines for a person, one JSON object a source for a program."""

from __future__ import annotations

import json
from typing import Any

from crawler.propose import Proposal
from schema.announcements import Check
from store.archive import KeptAnnouncement
from workflow.checking import Checked, Verdict
from workflow.proposing import Suggestion
from workflow.say import Voice

_WORDS = {
    Verdict.OK: ("可用", "ok", "green"),
    Verdict.NOTHING_TO_STORE: ("可用，暂无可存", "ok, nothing to store", "green"),
    Verdict.NO_LIST: ("栏目里没有列表", "no list in the column", "yellow"),
    Verdict.DIFFERS: ("两次读得不一样", "the two visits differ", "yellow"),
    Verdict.FAILED: ("没有取到", "not fetched", "red"),
}


def as_json_line(checked: Checked) -> str:
    """One source as one line of JSON."""
    source = checked.source
    answer: dict[str, Any] = {
        "slug": source.slug,
        "name": source.name,
        "verified": source.verified,
        "verdict": checked.verdict.value,
        "identical": not checked.differences and checked.verdict is not Verdict.FAILED,
        "outcomes": dict(checked.outcomes),
        "entries": checked.entries,
        "would_store": [_stored(kept) for kept in checked.would_store],
        "refused": [{"url": url, "reason": reason} for url, reason in checked.refused],
        "troubles": [_trouble(check) for check in checked.troubles],
        "differences": list(checked.differences),
        "suggestions": [_suggestion(one) for one in checked.suggestions],
    }
    return json.dumps(answer, ensure_ascii=False)


def _stored(kept: KeptAnnouncement) -> dict[str, Any]:
    told = kept.announcement
    return {
        "url": kept.url,
        "title": told.title,
        "province": told.province,
        "plan_year": told.plan_year,
        "published": told.published.isoformat() if told.published else None,
        "directives": len(told.directives),
        "commitments": len(told.commitments),
        "quarantine": told.quarantine.reason.value if told.quarantine else None,
    }


def _trouble(check: Check) -> dict[str, Any]:
    return {"url": check.url, "outcome": check.outcome.value, "status": check.status, "detail": check.detail}


def _suggestion(one: Suggestion) -> dict[str, Any]:
    found: Proposal = one.proposal
    told = {"url": one.url, "cms": found.cms, "article_pattern": found.article_pattern}
    return told | {"entries": len(found.entries), "conferences": found.conferences}


def print_checked(voice: Voice, checked: Checked) -> None:
    """A headline, then one line a thing that would be stored, went wrong, or is proposed."""
    zh, en, style = _WORDS[checked.verdict]
    counts = "  ".join(f"{outcome} {number}" for outcome, number in sorted(checked.outcomes.items()))
    head = f"{checked.source.slug}  {checked.source.name}"
    voice.line(
        f"{head}：{zh}（列表 {checked.entries} 行；{counts}）",
        f"{head}: {en} ({checked.entries} entries; {counts})",
        style,
    )
    for kept in checked.would_store:
        told = kept.announcement
        mark = f" [{told.quarantine.reason.value}]" if told.quarantine else ""
        what = f"{told.province} {told.plan_year} {told.title}"
        voice.line(
            f"  会保存 {what}：{len(told.commitments)} 条承诺{mark}",
            f"  would store {what}: {len(told.commitments)} commitments{mark}",
        )
    for check in checked.troubles:
        what = f"{check.outcome.value} {check.status or ''} {check.url} {check.detail}"
        voice.line(f"  没取到 {what}", f"  not fetched: {what}")
    for url in checked.differences:
        voice.line(f"  不一致 {url}", f"  differs: {url}")
    for one in checked.suggestions:
        what = f"{one.url}  {one.proposal.cms or ''}  {one.proposal.article_pattern or ''}"
        voice.line(f"  建议的栏目 {what}", f"  suggested column: {what}")

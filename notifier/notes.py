"""Short messages of their own: a first edition, an incident, a recovery."""

from __future__ import annotations

import hashlib

from notifier.labels import province_name, say
from notifier.letter import Letter, Note, note_letter
from notifier.section import Place
from schema.alerts import AlertKind
from schema.changes import YearlyDiff
from schema.incidents import Incident
from schema.words import INCIDENTS


def baseline_note(diff: YearlyDiff, language: str, place: Place) -> tuple[str, AlertKind, Letter]:
    """Key, kind and words of a province's first edition: one note, no list of "new"."""
    name, number = province_name(language, diff.province), len(diff.new_units)
    subject = say(
        language, (f"【承诺】{name} {diff.year_new}：首个版本", f"[chengnuo] {name} {diff.year_new}: first edition")
    )
    line = say(
        language,
        (f"已建立基线，共 {number} 条承诺；没有上一年可比。", f"Baseline of {number} commitments; no earlier year."),
    )
    data = {"type": "chengnuo.baseline", "province": diff.province, "year_new": diff.year_new, "commitments": number}
    data |= {"review": place.review, "page": place.later_page}
    lines = tuple(one for one in (line, place.review) if one)
    told = "\n".join([AlertKind.BASELINE.value, diff.province, str(diff.year_old), str(diff.year_new)])
    key = hashlib.sha256(told.encode()).hexdigest()[:32]
    return (
        key,
        AlertKind.BASELINE,
        note_letter(Note(subject, lines, {**data, "subject": subject, "lines": list(lines)})),
    )


def incident_note(incident: Incident, language: str) -> tuple[str, AlertKind, Letter]:
    """Key, kind and words of an incident that opened or, with ``closed_at``, closed."""
    over = incident.closed_at is not None
    what = say(language, ("恢复", "recovered") if over else ("故障", "incident"))
    place = province_name(language, incident.province) if incident.province else incident.source
    name = say(language, INCIDENTS[incident.kind])
    subject = say(language, (f"【承诺】{what}：{place} {name}", f"[chengnuo] {what}: {place}, {name}"))
    detail = incident.closing_detail if over else incident.detail
    source = say(language, (f"来源 {incident.source}", f"source {incident.source}"))
    shown = tuple(line for line in (source, incident.url or "", detail) if line)
    data = {
        "type": f"chengnuo.{'recovery' if over else 'incident'}",
        "incident": incident.id,
        "kind": incident.kind.value,
        "source": incident.source,
        "url": incident.url,
        "detail": detail,
        "subject": subject,
        "lines": list(shown),
    }
    key = f"{'recovery' if over else 'incident'}-{incident.id}"
    kind = AlertKind.RECOVERY if over else AlertKind.INCIDENT
    return key, kind, note_letter(Note(subject, shown, data))

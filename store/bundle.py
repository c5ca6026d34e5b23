"""A ZIP that proves one change to somebody who has nothing else: written the same for the same state, and checked."""

from __future__ import annotations

import hashlib
import html
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from schema.announcements import Check, Edition, Page
from schema.changes import Change, YearlyDiff
from schema.errors import StoreError, UnreadableInput
from schema.verdicts import Verdict
from schema.words import KINDS
from store.stamping import Stamped, Stamper, check, stamp
from store.warc import payloads, write_warc

FORMAT = "chengnuo-evidence/1"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The one time every entry carries: a bundle's bytes depend on what is in it alone."""
MANIFEST = "manifest.json"
STAMP, AUTHORITY = "timestamp.tsr", "timestamp-ca.pem"
"""An authority's word that the manifest was there, and the certificates to check it with; in stamped bundles only."""
STYLE = (
    "body{font:16px/1.7 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}blockquote{white-space:pre-wrap}"
    "th{text-align:left;padding-right:1em;vertical-align:top}td{word-break:break-all}"
)
LARGEST = 1 << 30
"""Bytes a bundle may unpack to."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything kept about one change. ``earlier`` None: a first edition."""

    diff: YearlyDiff
    change: Change
    instrument: str
    made_at: datetime
    earlier: Edition | None
    later: Edition
    pages: tuple[Page, ...]
    checks: tuple[Check, ...]
    """Every visit to the addresses of the pages, oldest first."""
    verdicts: tuple[Verdict, ...]


def write_bundle(proof: Proof, file: Path, stamper: Stamper | None = None) -> None:
    """Write the ZIP, stamped when there is a ``stamper``; whole or not at all. Raises StoreError."""
    entries = _entries(proof, stamper)
    part = file.with_name(file.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, content in sorted(entries.items()):
                info = zipfile.ZipInfo(name, EPOCH)
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, content)
        part.replace(file)
    except OSError as error:
        raise StoreError(f"{file}: 写不了证据包 cannot write the bundle: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)


def _entries(proof: Proof, stamper: Stamper | None) -> dict[str, bytes]:
    entries = {
        "pages.warc": write_warc(proof.pages),
        "later.txt": proof.later.announcement.body.encode(),
        "change.json": _json(_change(proof)),
        "checks.json": _json([_plain(check) for check in proof.checks]),
        "verdicts.json": _json([_plain(verdict) for verdict in proof.verdicts]),
        "index.html": _page(proof).encode(),
    }
    if proof.earlier is not None:
        entries["earlier.txt"] = proof.earlier.announcement.body.encode()
    if stamper is not None:
        entries[AUTHORITY] = stamper.authority
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(entries.items())}
    entries[MANIFEST] = _json({"format": FORMAT, "change": proof.change.key, "sha256": hashes})
    if stamper is not None:  # over the manifest, hence not in it
        entries[STAMP] = stamp(entries[MANIFEST], stamper)
    return entries


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(one) for key, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _change(proof: Proof) -> dict[str, Any]:
    diff = proof.diff
    told = {name: getattr(diff, name) for name in ("province", "year_old", "year_new", "outcome", "gap", "provenance")}
    sides = {"earlier": proof.earlier, "later": proof.later}
    plain: dict[str, Any] = _plain(
        {
            **told,
            "change": proof.change,
            "units": {"old": _units(diff, proof.change, "old"), "new": _units(diff, proof.change, "new")},
            "instrument": proof.instrument,
            "compared_at": proof.made_at,
            "texts": {name: _origin(edition) for name, edition in sides.items() if edition is not None},
        }
    )
    return plain


def _units(diff: YearlyDiff, change: Change, side: str) -> list[Any]:
    wanted = set(getattr(change, side))
    return [unit for unit in getattr(diff, f"{side}_units") if unit.id in wanted]


def _origin(edition: Edition) -> dict[str, Any]:
    names = ("url", "source", "rank", "page_sha256", "known_at", "normaliser", "plan_year")
    return {**{name: getattr(edition, name) for name in names}, "title": edition.announcement.title}


def verify_bundle(file: Path) -> list[str]:
    """What is wrong with a bundle, a line each; empty when it proves what it says. Needs no database.

    Every entry against the manifest, every page in the WARC against the SHA-256 the texts name, every unit and every
    quote against the texts. Raises UnreadableInput for what is no bundle.
    """
    entries = _read(file)
    manifest = _load(entries, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise UnreadableInput(file, "不是证据包 no evidence bundle")
    promised: dict[str, str] = manifest.get("sha256", {})
    found = [f"{name}: missing" for name in sorted(promised.keys() - entries.keys())]
    found += [f"{name}: not in the manifest" for name in sorted(entries.keys() - promised.keys() - {MANIFEST, STAMP})]
    for name in sorted(promised.keys() & entries.keys()):
        if hashlib.sha256(entries[name]).hexdigest() != promised[name]:
            found.append(f"{name}: altered")
    if AUTHORITY in promised and STAMP not in entries:
        found.append(f"{STAMP}: missing")
    told = _stamped(entries)
    if isinstance(told, str):
        found.append(f"{STAMP}: {told}")
    return found or _contradictions(entries)


def stamp_of(file: Path) -> Stamped | None:
    """Who vouches for a bundle and since when; None for one without a sound stamp. Raises UnreadableInput."""
    found = _stamped(_read(file))
    return found if isinstance(found, Stamped) else None


def _stamped(entries: Mapping[str, bytes]) -> Stamped | str | None:
    if STAMP not in entries:
        return None
    return check(entries.get(MANIFEST, b""), entries[STAMP], entries.get(AUTHORITY, b""))


def _read(file: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            if len(set(names)) != len(names) or sum(info.file_size for info in archive.infolist()) > LARGEST:
                raise UnreadableInput(file, "不是证据包 no evidence bundle: doubled names, or too large")
            return {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UnreadableInput(file, f"证据包读不了 the bundle cannot be read: {error}") from error


def _load(entries: Mapping[str, bytes], name: str) -> Any:
    try:
        return json.loads(entries.get(name, b"null"))
    except ValueError:
        return None


def _contradictions(entries: Mapping[str, bytes]) -> list[str]:
    """Where the parts of an unaltered bundle do not agree with each other."""
    told = _load(entries, "change.json")
    captured = payloads(entries["pages.warc"])
    found = [
        f"pages.warc: no page with SHA-256 {origin['page_sha256']} for the {side} text"
        for side, origin in sorted(told["texts"].items())
        if origin["page_sha256"] not in captured
    ]
    texts = {side: entries.get(f"{name}.txt", b"").decode() for side, name in (("old", "earlier"), ("new", "later"))}
    for side, units in told["units"].items():
        found += [
            f"change.json: {unit['id']} is not where it says in the {side} text"
            for unit in units
            if texts[side][unit["start"] : unit["end"]] != unit["text"]
        ]
    for finding in told["change"]["findings"]:
        for side in ("old", "new"):
            span, quote = finding[f"{side}_span"], finding[f"{side}_quote"]
            if span is not None and texts[side][span[0] : span[1]] != quote:
                found.append(f"change.json: {finding['rule']}: the {side} quote is not in the text")
    return found


def _page(proof: Proof) -> str:
    """The bundle as a page for people: everything escaped, nothing loaded from anywhere."""
    change, diff = proof.change, proof.diff
    _, zh, en = KINDS[change.kind]
    rows = [
        ("变化 change", f"{zh} {en} · {change.key}"),
        ("省份 province", f"{diff.province} {diff.year_old} → {diff.year_new}"),
        ("可信度 confidence", change.confidence.value),
        ("对照时间 compared", f"{proof.made_at.isoformat()} · {proof.instrument}"),
    ]
    sides = [("上一年 earlier", proof.earlier, change.old_text), ("本年 later", proof.later, change.new_text)]
    parts = [f"<h1>承诺变化的证据 Evidence of a change</h1>{_table(rows)}"]
    for title, edition, text in sides:
        if edition is not None:
            origin = [("原文 original", edition.url), ("SHA-256", edition.page_sha256)]
            parts.append(f"<h2>{title}</h2><blockquote>{_text(text) or '∅'}</blockquote>{_table(origin)}")
    findings = [
        (f.rule, f"{f.dimension.value} {f.direction.value}：“{f.old_quote or '∅'}” → “{f.new_quote or '∅'}” {f.note}")
        for f in change.findings
    ]
    parts.append(f"<h2>依据 Findings</h2>{_table(findings)}")
    parts.append(f"<h2>检查 Checks</h2>{_table(_days(proof.checks))}")
    decided = [(v.at.isoformat(), f"{v.by}：{v.decision.value} {v.kind or ''} {v.reason}") for v in proof.verdicts]
    parts.append(f"<h2>复核 Verdicts</h2>{_table(decided)}")
    parts.append("<p><code>chengnuo verify</code> 校验本包 checks this bundle；pages.warc: any WARC tool.</p>")
    head = f'<meta charset="utf-8"><title>{_text(change.key)}</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _days(checks: Sequence[Check]) -> list[tuple[str, str]]:
    """Every visit as a line: when, what came of it."""
    return [(c.at.isoformat(), f"{c.outcome.value} {c.status or ''} {c.url} {c.detail}".strip()) for c in checks]


def _table(rows: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f"<tr><th>{_text(name)}</th><td>{_text(value)}</td></tr>" for name, value in rows)
    return f"<table>{lines}</table>" if lines else "<p>—</p>"


def _text(value: str) -> str:
    return html.escape(value)

"""What is watched, fetched and read: sources, pages, checks, announcements, editions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum

OCR_FLAG = "ocr"
"""Stands among an announcement's flags where its words were seen in a picture, not read."""


class Rank(IntEnum):
    """How much a source is worth for an edition; lower is better."""

    OFFICIAL = 1
    MEDIA = 2
    DIGEST = 3
    IMPORT = 4


class SourceKind(StrEnum):
    """What stands at a source's address, hence how it is crawled."""

    COLUMN = "column"
    """A department's list page that leads to article pages."""
    DIGEST = "digest"
    """One page with the announcements of many provinces."""
    ARTICLE = "article"
    """Single article pages (WeChat, or a known address)."""
    NATIONAL = "national"
    """The ministry's conference page; a reference, never an edition of a province."""
    IMPORT = "import"
    """Local files."""


class Outcome(StrEnum):
    """What a page turned out to be when it was read. Only ARTICLE can hold announcements."""

    ARTICLE = "article"
    LIST = "list"
    BLOCKED = "blocked"
    SOFT_404 = "soft_404"
    EMPTY = "empty"
    LOGIN = "login"
    NOT_HTML = "not_html"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"


class CheckOutcome(StrEnum):
    """What came of one visit."""

    NEW = "new"
    UNCHANGED = "unchanged"
    BLOCKED = "blocked"
    SOFT_404 = "soft_404"
    GONE = "gone"
    """404 or 410."""
    EMPTY = "empty"
    LOGIN = "login"
    NOT_HTML = "not_html"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    ROBOTS_DENIED = "robots_denied"
    REFUSED = "refused"
    """An address, scheme or redirect we do not follow."""
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    TLS_ERROR = "tls_error"
    DNS_ERROR = "dns_error"
    CONNECTION_ERROR = "connection_error"


class QuarantineReason(StrEnum):
    """Why an announcement never becomes an edition."""

    STALE_TEXT = "stale_text"
    POISONED = "poisoned"
    NOT_PROVINCIAL = "not_provincial"
    RESULTS_ONLY = "results_only"
    DUPLICATE_OF = "duplicate_of"


@dataclass(frozen=True, slots=True)
class Source:
    """来源: one place we watch. ``province`` is a slug, or None for a digest or the ministry."""

    slug: str
    name: str
    kind: SourceKind
    rank: Rank
    province: str | None = None
    urls: tuple[str, ...] = ()
    """Start addresses: columns, the digest page, or single articles."""
    hosts: tuple[str, ...] = ()
    """Hosts that may be fetched from; subdomains are not implied."""
    article_pattern: str | None = None
    """Regular expression on the URL path of an article page."""
    cms: str | None = None
    body_selector: str | None = None
    verify_tls: bool = True
    tls_exception: str | None = None
    """Why TLS is not verified, with date; required when ``verify_tls`` is False."""
    browser: bool = False
    ocr: bool = False
    """Recognise the pictures of scanned PDFs (``pip install chengnuo[ocr]``); no change found with them is sure."""
    verified: bool = False
    """False: the column has not been confirmed by a live visit yet."""
    season: tuple[str, ...] = ()
    """First and last day ("MM-DD") on which this province's conference page was seen in earlier years."""
    quiet: tuple[str, ...] = ()
    """Windows in China's time in which nothing is asked: "23:00-06:00", "sun 02:00-05:00"."""
    notes: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    """CMS-specific values (webid, columnid, unitid …) as text."""


@dataclass(frozen=True, slots=True)
class Page:
    """原始页面: the bytes as received. ``fetched_at`` is an aware UTC time; ``headers`` keep order and repetition."""

    url: str
    source: str
    status: int
    body: bytes
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...] = ()
    url_chain: tuple[str, ...] = ()
    """Every address asked for on the way, first to last; the last one is ``url``."""

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the body; the page's address in the archive."""
        return hashlib.sha256(self.body).hexdigest()

    def header(self, name: str) -> str | None:
        """The first value of a header, case-insensitive, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Check:
    """检查: one visit, whatever came of it."""

    source: str
    url: str
    at: datetime
    outcome: CheckOutcome
    status: int | None = None
    page_sha256: str | None = None
    detail: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RefusedCandidate:
    """落选标题: a line of a list or digest page that was never fetched. ``reason``: a name of review/labels.py."""

    source: str
    url: str
    title: str
    reason: str
    seen_at: datetime
    published: date | None = None


Visit = tuple[Page | None, Check]
"""A visit with the bytes it brought, if it brought any."""


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor inside the body. ``url`` is absolute where the page's address is known."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Target:
    """指标: a number a commitment binds itself to. ``quote`` is verbatim; offsets count code points in the body."""

    quote: str
    comparator: str
    """One of >= <= > < = ~ (about)."""
    value: float
    unit: str
    object: str
    deadline: str | None = None
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Commitment:
    """承诺: one binding sentence or clause; ``body[start:end] == text``. ``id`` is "directive no.commitment no"."""

    id: str
    text: str
    start: int
    end: int
    targets: tuple[Target, ...] = ()
    boundary: str = "sentence"
    """sentence, semicolon or clause: what ended it."""


@dataclass(frozen=True, slots=True)
class Directive:
    """部署: a headed or enumerated group of commitments, in order."""

    no: int
    marker: str
    """As printed: （一）, 一是, ——, or empty."""
    heading: str
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Why an announcement is held back, with the words of the text that prove it."""

    reason: QuarantineReason
    evidence: tuple[str, ...] = ()
    period: str | None = None
    """For stale_text: when the text was plausible, e.g. "2014–2016"."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Announcement:
    """通报: what one page says for one province and one plan year. Offsets of everything inside point into ``body``."""

    province: str | None
    """Slug, or None when the text names none."""
    plan_year: int | None
    year_evidence: str
    title: str
    body: str
    directives: tuple[Directive, ...] = ()
    held_on: date | None = None
    city: str | None = None
    published: datetime | None = None
    source_name: str | None = None
    url: str | None = None
    links: tuple[Link, ...] = ()
    """For a digest entry: the originals it names."""
    quarantine: Quarantine | None = None
    flags: tuple[str, ...] = ()
    """What a reader should know: date_damaged, date_relative, year_from_calendar, ocr …"""

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        """All commitments in order."""
        return tuple(c for d in self.directives for c in d.commitments)


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """How a field was found: the layer that answered, and how far it can be believed (0…1)."""

    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one page; what `chengnuo read --json` prints."""

    outcome: Outcome
    title: str = ""
    published: datetime | None = None
    source_name: str | None = None
    cms: str | None = None
    body: str = ""
    body_selector: str | None = None
    links: tuple[Link, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    origins: dict[str, FieldOrigin] = field(default_factory=dict)
    encoding: str | None = None
    refused: str | None = None
    """Why an article holds no announcement: signed_article, city_meeting, press_conference …"""
    detail: str = ""
    """The evidence for an outcome other than article."""


@dataclass(frozen=True, slots=True)
class Edition:
    """年度版本: the standing text of one province for one plan year, as known at ``known_at``."""

    province: str
    plan_year: int
    announcement: Announcement
    announcement_id: int
    """The archive's number for this version of the text."""
    rank: Rank
    source: str
    page_sha256: str
    url: str
    known_at: datetime
    normaliser: str
    technical: bool = False
    """True when only our own code changed the reading, not the page."""

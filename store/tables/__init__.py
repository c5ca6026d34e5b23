"""Every table, once. Rows become records in store/rows/; the session never leaves store/."""

from store.tables.announcements import AnnouncementRow, CommitmentRow, DirectiveRow, ReadingRow, TargetRow
from store.tables.base import Base, UtcDateTime
from store.tables.captures import BlobRow, CheckRow, PageRow, RefusedCandidateRow
from store.tables.chain import ChainHeadRow, PruningRow, SealRow
from store.tables.diffs import ChangeRow, DiffRow, FindingRow, VerdictRow
from store.tables.jobs import HostLeaseRow, JobRow
from store.tables.ledger import AlertRow, BucketRow, DeliveryRow, ReceiptRow, ToldRow
from store.tables.operations import HeartbeatRow, IncidentRow, TickRow
from store.tables.people import AccountRow, ApiTokenRow, AuditRow, FailedSignInRow, InvitationRow, SessionRow
from store.tables.subscriptions import SubscriptionLogRow, SubscriptionRow

APPEND_ONLY = (
    "blobs",
    "checks",
    "pages",
    "readings",
    "announcements",
    "directives",
    "commitments",
    "targets",
    "diffs",
    "changes",
    "findings",
    "receipts",
    "verdicts",
    "audit",
    "subscription_log",
    "prunings",
    "refused_candidates",
    "seals",
)
"""Tables whose rows are never altered and never deleted; triggers refuse it (store/guards.py), seals show it."""

__all__ = [
    "APPEND_ONLY",
    "AccountRow",
    "AlertRow",
    "AnnouncementRow",
    "ApiTokenRow",
    "AuditRow",
    "Base",
    "BlobRow",
    "BucketRow",
    "ChainHeadRow",
    "ChangeRow",
    "CheckRow",
    "CommitmentRow",
    "DeliveryRow",
    "DiffRow",
    "DirectiveRow",
    "FailedSignInRow",
    "FindingRow",
    "HeartbeatRow",
    "HostLeaseRow",
    "IncidentRow",
    "InvitationRow",
    "JobRow",
    "PageRow",
    "PruningRow",
    "ReadingRow",
    "ReceiptRow",
    "RefusedCandidateRow",
    "SealRow",
    "SessionRow",
    "SubscriptionLogRow",
    "SubscriptionRow",
    "TargetRow",
    "TickRow",
    "ToldRow",
    "UtcDateTime",
    "VerdictRow",
]

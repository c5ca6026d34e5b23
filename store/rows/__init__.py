"""Rows to records and back: the only place that knows both, a file for each family of tables."""

from store.rows.announcements import (
    announcement_record,
    announcement_values,
    commitment_values,
    content_hash,
    directive_values,
    edition_record,
    reading_values,
    target_record,
    target_values,
)
from store.rows.captures import check_record, check_row, page_record, page_row
from store.rows.diffs import change_record, change_values, diff_record, diff_values, finding_record, finding_values
from store.rows.told import alert_row, delivery_record, incident_record

__all__ = [
    "alert_row",
    "announcement_record",
    "announcement_values",
    "change_record",
    "change_values",
    "check_record",
    "check_row",
    "commitment_values",
    "content_hash",
    "delivery_record",
    "diff_record",
    "diff_values",
    "directive_values",
    "edition_record",
    "finding_record",
    "finding_values",
    "incident_record",
    "page_record",
    "page_row",
    "reading_values",
    "target_record",
    "target_values",
]

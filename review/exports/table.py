"""csv: one row a change, with a byte-order mark so that spreadsheets read it as UTF-8."""

from __future__ import annotations

import csv
import io

from review.exports.columns import COLUMNS, Cut
from review.exports.safe import csv_text
from review.gathered import Gathered

BOM = "\ufeff"


def as_csv(gathered: Gathered, lang: str) -> bytes:
    """RFC 4180 with CRLF and every value quoted; nothing in it is taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    which = 0 if lang == "zh" else 1
    writer.writerow([column.names[which] for column in COLUMNS])
    for line in gathered.lines:
        cut = Cut(gathered, line, lang)
        writer.writerow([csv_text(column.value(cut)) for column in COLUMNS])
    return (BOM + made.getvalue()).encode()

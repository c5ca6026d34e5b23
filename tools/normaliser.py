"""`python -m tools.normaliser`: when the samples read otherwise, raise NORMALISER and record what it says now."""

from __future__ import annotations

import json
import re
from pathlib import Path

from bench.readings import RECORDED, digest
from crawler.read import NORMALISER

VERSIONED = Path(__file__).parents[1] / "crawler" / "read" / "__init__.py"


def main() -> int:
    """Raise and record, or say that nothing changed."""
    now, recorded = digest(), json.loads(RECORDED.read_text(encoding="utf-8"))
    if recorded == {"version": NORMALISER, "readings": now}:
        print(f"NORMALISER {NORMALISER}: every sample reads as recorded")
        return 0
    version = NORMALISER if recorded["version"] != NORMALISER else str(int(NORMALISER) + 1)
    source = VERSIONED.read_text(encoding="utf-8")
    VERSIONED.write_text(re.sub(r'(?<=^NORMALISER = ")\d+', version, source, flags=re.MULTILINE), encoding="utf-8")
    RECORDED.write_text(json.dumps({"version": version, "readings": now}, indent=1) + "\n", encoding="utf-8")
    print(f"NORMALISER {NORMALISER} → {version}: kept pages will be read again, technically")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`make audit`: asks pip-audit about every locked package. A finding fails; a network that is away is said aloud.

Exit 0: nothing known, or nobody could be asked (then the last line begins with NOT AUDITED). Exit 1: findings.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 120
"""Seconds for the whole audit."""


def verdict(told: str, trouble: str) -> tuple[int, list[str]]:
    """The exit code and the lines to print, from pip-audit's JSON (empty when it gave none) and its complaint."""
    if not told.strip():
        return 0, [f"NOT AUDITED: pip-audit could not ask: {trouble or 'no answer'}; run `make audit` with a network"]
    packages = json.loads(told)["dependencies"]
    asked = [one for one in packages if "vulns" in one]
    found = [(one, vulnerability) for one in asked for vulnerability in one["vulns"]]
    lines = [
        f"{one['name']} {one['version']}: {v['id']}, fixed in {', '.join(v['fix_versions']) or 'no release yet'}"
        for one, v in found
    ]
    if found:
        return 1, [*lines, f"{len(found)} known vulnerabilities in {len(asked)} packages"]
    if not asked:
        return 0, [f"NOT AUDITED: the index knows none of the {len(packages)} packages; run `make audit` elsewhere"]
    left = f", {len(packages) - len(asked)} could not be asked about" if len(asked) < len(packages) else ""
    return 0, [f"{len(asked)} packages audited, no known vulnerability{left}"]


def main() -> int:
    """Ask about the runtime lock."""
    command = [sys.executable, "-m", "pip_audit", "-r", str(ROOT / "requirements.txt")]
    options = ["--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    try:
        told = subprocess.run([*command, *options], capture_output=True, text=True, timeout=PATIENCE, check=False)
        answer, trouble = told.stdout, told.stderr.strip().splitlines()[-1:] or [""]
    except subprocess.TimeoutExpired:
        answer, trouble = "", [f"no answer within {PATIENCE} s"]
    code, lines = verdict(answer, trouble[0])
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())

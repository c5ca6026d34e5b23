"""`python tools/transcript.py README.md demo.txt`: does the README's transcript stand, line by line, in the output?"""

from __future__ import annotations

import re
import sys
from pathlib import Path

PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")
FENCE = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)


def transcript(readme: str) -> list[str]:
    """The lines of the README's first text block."""
    found = FENCE.search(readme)
    if found is None:
        raise SystemExit("the README has no ```text transcript")
    return [_plain(line) for line in found[1].splitlines() if line.strip()]


def missing(wanted: list[str], output: str) -> list[str]:
    """Lines that do not stand in the output after the line before them; spaces and free ports do not count."""
    lines, lacking, place = [_plain(line) for line in output.splitlines()], [], 0
    for line in wanted:
        try:
            place = lines.index(line, place) + 1
        except ValueError:
            lacking.append(line)
    return lacking


def _plain(line: str) -> str:
    return PORT.sub("8764", " ".join(line.split()))


def main() -> int:
    """Compare; print what is missing."""
    readme, output = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:3])
    wanted = transcript(readme)
    lacking = missing(wanted, output)
    for line in lacking:
        print(f"not in the output: {line}")
    print(f"transcript: {len(wanted) - len(lacking)} of {len(wanted)} lines as the README says")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())

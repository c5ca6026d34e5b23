"""One crawl in a process of its own: pickled (sources, options, known) in, pickled (visits, report, peak MB) out."""

import pickle
import sys
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

from crawler.crawl import crawl

Known = namedtuple("Known", "etag last_modified")  # noqa: PYI024


def main() -> None:
    sources, options, known = pickle.load(sys.stdin.buffer)
    visits = []

    def keep(group):
        visits.extend(group)
        return [check.outcome for _, check in group]

    def validators(url):
        return Known(*known[url]) if url in known else None

    report = crawl(sources, keep, replace(options, validators=validators))
    sys.stdout.buffer.write(pickle.dumps((visits, report, peak_mb())))


def peak_mb() -> float:
    """The most memory this program ever held; the kernel's ``ru_maxrss`` would count the parent's before the exec."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


main()

"""One crawl in a process of its own: pickled (sources, options, known) in, pickled (visits, report) out."""

import pickle
import sys
from collections import namedtuple
from dataclasses import replace

from crawler.crawl import crawl

Known = namedtuple("Known", "etag last_modified")  # noqa: PYI024


def main() -> None:
    sources, options, known = pickle.load(sys.stdin.buffer)
    visits = []

    def keep(page, check):
        visits.append((page, check))
        return check.outcome

    def validators(url):
        return Known(*known[url]) if url in known else None

    report = crawl(sources, keep, replace(options, validators=validators))
    sys.stdout.buffer.write(pickle.dumps((visits, report)))


main()

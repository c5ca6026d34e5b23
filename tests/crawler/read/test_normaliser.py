"""A reading that changes has a version that changes: only then are kept pages read again, and nobody is told."""

import json

from bench.readings import RECORDED, digest, said
from crawler.read import NORMALISER


def test_the_samples_read_as_this_normaliser_is_recorded_to_read_them() -> None:
    """What the reader says of every sample page, text and form; a change without a new version would alert people."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    bump = "the samples read otherwise than recorded: bump NORMALISER (python -m tools.normaliser)"
    assert recorded == {"version": NORMALISER, "readings": digest()}, bump


def test_the_digest_speaks_of_commitments() -> None:
    """It is made of readings, not of outcomes alone."""
    whole = list(said())
    assert len(whole) > 250
    assert sum("Commitment(" in one for one in whole) > 150

"""Bytes to text. The bytes decide: the header and the meta tag are wrong on too many pages to be asked first."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

REPLACEMENT = "\ufffd"
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HOPELESS = 0.02
"""Share of replacement characters beyond which a text is not worth reading."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the encoding that gave it, and how many characters were lost."""

    text: str
    encoding: str
    lost: int

    @property
    def readable(self) -> bool:
        """False when so much was lost that nothing may be read from it."""
        return self.lost <= HOPELESS * max(1, len(self.text))


def decode(body: bytes) -> Decoded:
    """Strict UTF-8 first, then GB18030, else whichever of the two loses fewer characters."""
    for bom, encoding in BOMS:
        if body.startswith(bom):
            text = body.decode(encoding, errors="replace")
            return Decoded(text, encoding, text.count(REPLACEMENT))
    if body[:64].count(0) > 8:
        encoding = "utf-16-le" if body[1:64:2].count(0) >= body[0:64:2].count(0) else "utf-16-be"
        text = body.decode(encoding, errors="replace")
        return Decoded(text, encoding, text.count(REPLACEMENT))
    for encoding in ("utf-8", "gb18030"):
        try:
            return Decoded(body.decode(encoding), encoding, 0)
        except UnicodeDecodeError:
            continue
    tries = [(body.decode(e, errors="replace"), e) for e in ("utf-8", "gb18030")]
    text, encoding = min(tries, key=lambda found: found[0].count(REPLACEMENT))
    return Decoded(text, encoding, text.count(REPLACEMENT))

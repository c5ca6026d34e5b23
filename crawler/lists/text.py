"""List bytes to text: strict UTF-8, else GB18030; headers and meta tags are not believed."""

from __future__ import annotations


def page_text(body: bytes) -> str:
    """The text of a list page. Never fails: what neither encoding knows becomes U+FFFD."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    texts = [body.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(texts, key=lambda text: text.count("\ufffd"))

"""Which content management system made a page, told by its fingerprints."""

from __future__ import annotations

import re

_FINGERPRINTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("wechat", re.compile(r"id=[\"']js_content[\"']|mmbiz\.q")),
    ("dahan_jpaas", re.compile(r"jpaas-publish-server")),
    ("dahan_jcms", re.compile(r"<!--ZJEG_RSS|dataproxy\.jsp|/art_\d+_\d+\.html|jcms|<!--<\$\[")),
    ("trs_wcm", re.compile(r"TRS_(?:Editor|UEDITOR|PreAppend)|createPageHTML\(|/t20\d{6}_\d+\.s?html?", re.IGNORECASE)),
    ("vsb", re.compile(r"v_news_content|vsb_content|_sitegray|/_vsl/|_vsb_|sudyclick")),
    ("webplus", re.compile(r"wp_articlecontent|/_visitcount\?|webplus", re.IGNORECASE)),
    ("ucap", re.compile(r"UCAPCONTENT|UCAPTITLE|ucap", re.IGNORECASE)),
    ("lonsun", re.compile(r"lonsun|j-fontContent", re.IGNORECASE)),
)


def cms_of(html: str, url: str = "") -> str | None:
    """The family's key as the registry writes it, or None. The page's own address counts as a fingerprint."""
    return next((name for name, mark in _FINGERPRINTS if mark.search(url) or mark.search(html)), None)

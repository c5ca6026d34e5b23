"""What the selects of a filter bar offer."""

from __future__ import annotations

from typing import Any

from review.labels import REVIEWS, STRUCTURES
from review.places import ORDERED, REGIONS, short_name
from review.rendering import choices
from review.topics import TOPICS
from schema.words import CONFIDENCES, DIMENSIONS, KINDS


def filter_choices(lang: str) -> dict[str, Any]:
    """Name in a template → pairs of key and words, in the page's language."""
    return {
        "kind_choices": [("changed", "有变化" if lang == "zh" else "changed"), *choices(KINDS, lang, first=1)],
        "dimension_choices": choices(DIMENSIONS, lang),
        "topic_choices": choices(TOPICS, lang),
        "confidence_choices": choices(CONFIDENCES, lang),
        "structure_choices": choices(STRUCTURES, lang),
        "review_choices": choices(REVIEWS, lang),
        "region_choices": choices(REGIONS, lang),
        "province_choices": [(province.slug, short_name(province, lang)) for province in ORDERED],
    }

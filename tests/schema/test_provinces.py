"""The 31 provinces are found by every spelling people use."""

import pytest

from schema.errors import UnknownProvince
from schema.provinces import PROVINCES, Region, find_province, provinces_named


def test_there_are_31_provinces_in_seven_regions() -> None:
    """No province is missing, none is there twice, every region has some."""
    assert len({p.slug for p in PROVINCES}) == len({p.code for p in PROVINCES}) == 31
    assert {p.region for p in PROVINCES} == set(Region)


@pytest.mark.parametrize("spelling", ["henan", "HENAN", "410000", "41", "河南", "河南省", "豫"])
def test_a_province_is_found_by_slug_code_and_name(spelling: str) -> None:
    """Slug, GB/T 2260 code, full, short and one-character names all mean the same province."""
    assert find_province(spelling).slug == "henan"


def test_unknown_names_are_refused_with_the_way_out() -> None:
    """The message names the spelling and shows accepted forms."""
    with pytest.raises(UnknownProvince, match="atlantis"):
        find_province("atlantis")


def test_provinces_are_found_in_running_text() -> None:
    """Full names win over short ones and each province is listed once."""
    found = provinces_named("内蒙古自治区与陕西省、山西省会商，陕西牵头")
    assert [p.slug for p in found] == ["neimenggu", "shaanxi", "shanxi"]

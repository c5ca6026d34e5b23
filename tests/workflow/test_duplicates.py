"""One announcement, told at several addresses, is compared and alerted once."""

from pathlib import Path

from workflow import collecting
from workflow.comparing import compare_pending
from workflow.house import open_house
from workflow.settings import load_settings


def test_a_republished_announcement_brings_no_second_comparison_and_no_alert(
    tmp_path: Path, years: tuple[Path, Path]
) -> None:
    """Imported, compared, told; the same words from another file change nothing but the archive, which says why."""
    copy = tmp_path / "republished.txt"
    copy.write_text("转载\n" + years[1].read_text(encoding="utf-8").replace("，", ","), encoding="utf-8")
    with open_house(load_settings({}, data=tmp_path / "d")) as house:
        collecting.import_files(house, list(years), province=None, year=None, url=None)
        compare_pending(house)
        counted = [house.archive.count(table) for table in ("diffs", "changes", "alerts")]
        standing = house.archive.edition("hubei", 2026)
        collecting.import_files(house, [copy], province=None, year=None, url=None)
        compare_pending(house)
        assert [house.archive.count(table) for table in ("diffs", "changes", "alerts")] == counted
        assert house.archive.edition("hubei", 2026) == standing
        [held] = [a for a in house.archive.announcements(province="hubei") if a.announcement.quarantine]
        assert held.announcement.quarantine.reason.value == "duplicate_of"
        assert held.announcement.quarantine.evidence == (standing.url,)

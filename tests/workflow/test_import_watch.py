"""What is held back of an imported file is an incident, as it would be of a site."""

from pathlib import Path

from sample.sites import SITES
from sample.templates import Article, article_page
from sample.texts import all_texts
from sample.web import site_name
from schema.incidents import IncidentKind
from workflow.house import open_house
from workflow.settings import load_settings


def stale_page() -> bytes:
    """The sample web's re-dated old text of 山东, as a file a person saved."""
    text = next(one for one in all_texts() if (one.slug, one.year) == ("shandong", 2026))
    site = next(one for one in SITES if one.slug == "shandong")
    article = Article("/x.html", text.title, text.published, text.source, tuple(text.body.splitlines()))
    return article_page(site, site_name("shandong"), article).encode(site.encoding)


def test_a_stale_import_opens_an_incident_once(run, years: tuple[Path, Path], tmp_path: Path) -> None:
    """An old text under a new year opens one, a second import adds none; a sound file opens none."""
    data, stale = tmp_path / "data", tmp_path / "stale.html"
    stale.write_bytes(stale_page())
    for file in (years[0], stale, stale):
        told = run("import", file, data=data)
        assert told.returncode == 0, told.stderr
    with open_house(load_settings({}, data=data)) as house:
        found = [(one.kind, one.source, one.province) for one in house.incidents.all()]
    assert found == [(IncidentKind.STALE_TEXT, "import", "shandong")]

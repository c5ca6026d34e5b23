"""`chengnuo sources check` and `add`, tried on the sample web by the real command."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.registry import load_source_file
from crawler.source_file import source_toml
from sample.server import SampleWeb
from schema.announcements import Source, SourceKind

HOSTS = {"CHENGNUO_PRIVATE_HOSTS": "127.0.0.1"}


@pytest.fixture(scope="module")
def web() -> Iterator[SampleWeb]:
    with SampleWeb(season=2026) as served:
        yield served


@pytest.fixture
def data(tmp_path: Path, web: SampleWeb) -> Path:
    """A data folder whose own sources are the sample sites."""
    folder = tmp_path / "d"
    (folder / "sources").mkdir(parents=True)
    for source in web.sources():
        register(folder, source)
    return folder


def register(data: Path, source: Source) -> None:
    (data / "sources" / f"{source.slug}.toml").write_text(source_toml(source, "sample"), encoding="utf-8")


def test_a_check_says_what_it_would_store_and_keeps_nothing(run, web: SampleWeb, data: Path) -> None:
    """Both years' announcements, read the same twice; look-alikes with their reason; a challenge fails; exit 1."""
    before = sorted(data.rglob("*"))
    answer = run(
        "sources", "check", "hubei", "guangxi", "hunan", "--since", "2025", "--delay", "0", "--json", data=data, **HOSTS
    )
    told = {row["slug"]: row for row in map(json.loads, answer.stdout.splitlines())}
    assert answer.returncode == 1, answer.stderr
    assert {slug: row["verdict"] for slug, row in told.items()} == {"hubei": "ok", "guangxi": "ok", "hunan": "failed"}
    stored = {slug: [(s["province"], s["plan_year"]) for s in row["would_store"]] for slug, row in told.items()}
    assert {slug: sorted(rows) for slug, rows in stored.items()} == {
        "hubei": [("hubei", 2025), ("hubei", 2026)],
        "guangxi": [("guangxi", 2025)],
        "hunan": [],
    }
    assert {row["reason"] for row in told["hubei"]["refused"]} >= {"relay", "city_meeting", "symposium"}
    assert [row["reason"].split()[0] for row in told["guangxi"]["refused"]].count("soft_404") == 1
    assert [(row["outcome"], row["status"]) for row in told["hunan"]["troubles"]] == [("blocked", 412)]
    assert [row["identical"] for row in told.values()].count(True) == 2
    assert sorted(data.rglob("*")) == before


def test_a_check_fetches_every_page_twice(run, web: SampleWeb, data: Path) -> None:
    """Each visit downloads for itself: no page is taken on trust from the first, none asked for a third time."""
    web.asked.clear()
    assert run("sources", "check", "gansu", "--delay", "0", data=data, **HOSTS).returncode == 0
    counts = {asked.path: 0 for asked in web.asked}
    for asked in web.asked:
        counts[asked.path] += asked.status == 200
    assert set(counts.values()) == {2}


def test_a_lost_column_is_looked_for_from_the_home_page(run, web: SampleWeb, data: Path) -> None:
    """A known address that is gone: the check fails and names the column that the site's home page leads to."""
    column = next(source for source in web.sources() if source.slug == "gansu")
    lost = Source(
        slug="gansu",
        name=column.name,
        kind=SourceKind.COLUMN,
        rank=column.rank,
        province="gansu",
        urls=(web.base_url + "/gansu/nowhere/",),
        hosts=column.hosts,
    )
    register(data, lost)
    answer = run("sources", "check", "gansu", "--delay", "0", "--json", data=data, **HOSTS)
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["verdict"]) == (1, "failed")
    assert web.base_url + "/gansu/xwdt/list.htm" in [row["url"] for row in told["suggestions"]]


def test_less_than_the_usual_pause_is_refused_for_strangers(run, data: Path) -> None:
    """--delay 0 towards a host that is not our own: one line, exit 2, nothing asked."""
    answer = run("sources", "check", "beijing", "--delay", "0", data=data)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert "--delay" in answer.stderr


def test_an_added_source_is_ready_to_check(run, web: SampleWeb, data: Path, tmp_path: Path) -> None:
    """One request for the page; the file names province, CMS and pattern; the frozen page is the bytes as served."""
    url = web.base_url + "/zhejiang/col/col4566/index.html"
    web.asked.clear()
    folders = ("--sources", tmp_path / "new", "--pages", tmp_path / "pages")
    answer = run("sources", "add", "zhejiang-2", url, *folders, data=data, **HOSTS)
    assert answer.returncode == 0, answer.stderr
    assert [asked.path for asked in web.asked] == ["/robots.txt", "/zhejiang/col/col4566/index.html"]
    source = load_source_file(tmp_path / "new" / "zhejiang-2.toml")
    assert (source.province, source.cms, source.kind, source.verified) == (
        "zhejiang",
        "dahan_jcms",
        SourceKind.COLUMN,
        False,
    )
    frozen = tmp_path / "pages" / "zhejiang-2"
    assert (frozen / "page.html").read_bytes() == web.answer("/zhejiang/col/col4566/index.html", "").body
    assert json.loads((frozen / "page.json").read_text(encoding="utf-8"))["url"] == url
    again = run("sources", "add", "zhejiang-2", url, *folders, data=data, **HOSTS)
    assert (again.returncode, len(again.stderr.splitlines())) == (2, 1)


def test_a_page_that_cannot_be_had_adds_nothing(run, web: SampleWeb, data: Path, tmp_path: Path) -> None:
    """One line with the outcome, exit 1, no file."""
    folders = ("--sources", tmp_path / "new", "--pages", tmp_path / "pages")
    answer = run("sources", "add", "new", web.base_url + "/hunan/fbjd/dtyw/", *folders, data=data, **HOSTS)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (1, 1)
    assert "blocked 412" in answer.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("slug", "url"), [("../x", "https://a.gov.cn/"), ("x", "file:///etc/passwd"), ("beijing", "https://a.gov.cn/")]
)
def test_a_bad_slug_or_address_is_refused_before_anything_is_asked(run, data: Path, slug: str, url: str) -> None:
    """Exit 2 and one line."""
    answer = run("sources", "add", slug, url, data=data)
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)

"""The registry's files are data, and a wrong one is one clear line."""

from pathlib import Path

import pytest

from crawler.registry import load_source_file, load_sources
from schema.announcements import Rank, SourceKind
from schema.errors import ConfigurationError, UnreadableInput

GOOD = """
slug = "hubei"
name = "湖北省应急管理厅"
kind = "column"
rank = "official"
province = "hubei"
urls = ["https://yjt.hubei.gov.cn/fbjd/dtyw/"]
hosts = ["yjt.hubei.gov.cn"]
article_pattern = '/t\\d{8}_\\d+\\.s?html?$'

[options]
columnid = "12"
"""


def write(folder: Path, text: str, name: str = "hubei.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_file_becomes_a_source(tmp_path: Path) -> None:
    """Kind and rank are members, options are texts, what is left out has the type's default."""
    source = load_source_file(write(tmp_path, GOOD))
    assert (source.kind, source.rank, source.options) == (SourceKind.COLUMN, Rank.OFFICIAL, (("columnid", "12"),))
    assert (source.verified, source.verify_tls, source.hosts) == (False, True, ("yjt.hubei.gov.cn",))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "column"', 'kind = "colum"', "kind"),
        ('rank = "official"', "rank = 1", "rank"),
        ('name = "湖北省应急管理厅"\n', "", "name"),
        ('province = "hubei"', 'province = "hubai"', "province"),
        ('province = "hubei"', 'province = "湖北"', "province"),
        ('hosts = ["yjt.hubei.gov.cn"]', "hosts = []", "hosts"),
        ("https://yjt", "ftp://yjt", "urls"),
        ("article_pattern = '", "article_pattern = '(", "article_pattern"),
        ('rank = "official"', 'rank = "official"\nverify_tls = false', "tls_exception"),
        ('rank = "official"', 'rank = "official"\ncolour = "red"', "colour"),
        ('slug = "hubei"', 'slug = "henan"', "slug"),
        ('rank = "official"', "rank = ", "TOML"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, old: str, new: str, key: str) -> None:
    """The complaint carries file and key, on one line."""
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigurationError) as caught:
        load_source_file(path)
    assert (caught.value.file, caught.value.key, "\n" in str(caught.value)) == (str(path), key, False)


def test_a_missing_folder_or_file_is_unreadable_input(tmp_path: Path) -> None:
    """Nothing is made up for what is not there."""
    with pytest.raises(UnreadableInput):
        load_sources(tmp_path / "nowhere")
    with pytest.raises(UnreadableInput):
        load_source_file(tmp_path / "none.toml")

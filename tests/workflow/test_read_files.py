"""chengnuo read over whatever lies in a folder: every file gets its line, and nothing stops the rest."""

import os
import zipfile
from collections import Counter
from pathlib import Path

from docx import Document

from bench.captures import CAPTURES
from bench.reading import read_and_tell
from bench.shells import SHELLS
from workflow.reading import LARGEST, read_file

ARTICLES = 970
ODD = {
    "noise.bin": "undecodable",
    "picture.png": "not_html",
    "empty.html": "empty",
    "folder.html": "not_html",
    "pipe.html": "not_html",
    "nowhere.html": "undecodable",
    "circle.html": "undecodable",
    "missing.html": "undecodable",
    "huge.html": "too_large",
    "other.zip": "not_html",
    "broken.pdf": "not_html",
    "report.docx": "article",
}
"""What lies in a folder beside pages, and what each is called."""


def _lay_out(folder: Path) -> None:
    (folder / "noise.bin").write_bytes(bytes(range(128, 256)) * 40)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(200))
    (folder / "empty.html").touch()
    (folder / "folder.html").mkdir()
    os.mkfifo(folder / "pipe.html")
    (folder / "nowhere.html").symlink_to(folder / "gone.html")
    (folder / "circle.html").symlink_to(folder / "circle.html")
    with (folder / "huge.html").open("wb") as file:
        file.truncate(LARGEST * 100)
    with zipfile.ZipFile(folder / "other.zip", "w") as package:
        package.writestr("a.txt", "x")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    document = Document()
    for line in (
        "全省应急管理工作会议召开。",
        "会议要求，2026年要组建不少于10人的专职消防队，每季度开展一次联合演练。",
    ) * 4:
        document.add_paragraph(line)
    document.save(str(folder / "report.docx"))


def test_a_thousand_files_of_every_kind_each_get_a_line_in_little_memory(tmp_path: Path) -> None:
    """A pipe does not hold it up, two gigabytes are not loaded, and every name is answered in the order given."""
    _lay_out(tmp_path)
    pages = [shell.write().encode() for shell in SHELLS]
    names = list(ODD)
    for number in range(ARTICLES):
        (tmp_path / f"{number}.html").write_bytes(pages[number % len(pages)])
    for number, capture in enumerate(CAPTURES):
        (tmp_path / f"capture{number}.html").write_bytes(capture.body)
    captured = [f"capture{number}.html" for number in range(len(CAPTURES))]
    articles = [f"{number}.html" for number in range(ARTICLES)]
    given = [str(tmp_path / name) for name in (*articles[:5], *names, *captured, *articles[5:])]
    printed, memory = read_and_tell(given)
    assert [one["file"] for one in printed] == given
    assert len(given) > 1000
    told = {Path(one["file"]).name: one for one in printed}
    assert {name: told[name]["outcome"] for name in ODD} == ODD
    assert Counter(told[name]["outcome"] for name in articles) == {"article": ARTICLES}
    assert all(
        one.get("error") or one.get("detail") for name, one in told.items() if ODD.get(name, "article") != "article"
    )
    assert memory < 120


def test_a_name_that_is_no_utf_8_is_printed_all_the_same(tmp_path: Path) -> None:
    """Old archives hold file names in GBK."""
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xcd\xa8\xb1\xa8.html"))
    file.write_bytes(SHELLS[0].write().encode())
    found = read_file(file, None)
    assert (found["outcome"], found["file"].encode().endswith(b".html")) == ("article", True)


def test_a_name_that_no_system_can_open_is_named_too() -> None:
    """A zero byte in a name."""
    assert "cannot be read" in read_file(Path("a\0b.html"), None)["error"]

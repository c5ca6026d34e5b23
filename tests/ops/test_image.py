"""Every step of the Dockerfile, executed: on a base made from Debian's packages, without a container engine."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("buildah", "mmdebstrap")
BASE = "python3,python3-venv,ca-certificates,passwd"
PIP = ("index-url", "extra-index-url", "find-links", "cert")


@pytest.fixture
def store() -> Iterator[Path]:
    """Where buildah keeps its layers, gone afterwards."""
    lacking = [tool for tool in NEEDED if shutil.which(tool) is None]
    if lacking or os.geteuid() != 0:
        pytest.skip(f"the Dockerfile's steps were NOT executed: needs root and Debian's {' and '.join(NEEDED)}")
    with tempfile.TemporaryDirectory(prefix="chengnuo-image-") as name:
        yield Path(name)
        _buildah(Path(name), "rm", "--all")
        for mount in _mounts_below(name):  # what buildah left mounted could not be removed
            subprocess.run(["umount", "--lazy", mount], check=True)


def _mounts_below(folder: str) -> list[str]:
    """Mounted places below a folder, the deepest first."""
    places = (line.split()[1] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines())
    return sorted((one for one in places if one.startswith(folder + "/")), key=len, reverse=True)


def _buildah(store: Path, *arguments: str) -> str:
    command = ["buildah", "--root", str(store / "layers"), "--runroot", str(store / "run"), *arguments]
    environment = {**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=1800, check=False)
    assert told.returncode == 0, f"{told.stdout[-3000:]}\n{told.stderr[-3000:]}"
    return told.stdout.strip()


def _base(store: Path) -> None:
    archive = store / "base.tar"
    subprocess.run(
        ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={BASE}", "bookworm", str(archive)], check=True
    )
    container = _buildah(store, "from", "scratch")
    _buildah(store, "add", "--quiet", container, str(archive), "/")
    archive.unlink()
    _buildah(store, "config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", container)
    _buildah(store, "commit", "--quiet", "--rm", container, "base")


def _index(store: Path) -> list[str]:
    """The package index this machine uses, handed in as the build's secret, with the folders it lies in."""
    told = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    found = dict(re.findall(r"^(?:global|:env:|install|user|site)\.([\w-]+)='(.*)'$", told.stdout, re.MULTILINE))
    lines = ["[global]", *(f"{key} = {found[key]}" for key in PIP if key in found)]
    (store / "pip.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
    folders = re.findall(r"(?:file://)?(/[\w./-]+)", " ".join(found.get(key, "") for key in PIP if "://" not in key))
    folders = [re.sub(r"/simple$", "", folder) for folder in folders if "//" not in folder]
    mounts = sorted({str(Path(f).parent if Path(f).is_file() else Path(f)) for f in folders if Path(f).exists()})
    return ["--secret", f"id=pip_conf,src={store / 'pip.conf'}", *(f"--volume={one}:{one}:ro" for one in mounts)]


@pytest.mark.full
def test_every_step_of_the_dockerfile_runs(store: Path) -> None:
    """Both images come out of one build: no root, no compiler, no pip; the command, chromium and traces are there.

    The target browser stands on every other stage; the plain image is its base as it is.
    """
    _base(store)
    build = ["bud", "--isolation", "chroot", "--network", "host", "--build-arg", "BASE=localhost/base"]
    build += ["--build-arg", "TRACES=1"]
    _buildah(store, *build, "--target", "browser", "--tag", "made", *_index(store), str(ROOT))
    container = _buildah(store, "from", "localhost/made")
    run = ("run", "--isolation", "chroot", container, "--")
    assert _buildah(store, *run, "chengnuo", "--version").startswith("chengnuo")
    assert _buildah(store, *run, "id", "-u") == "10001"
    assert _buildah(store, *run, "sh", "-c", "command -v cc gcc g++ pip || echo none") == "none"
    assert "湖北" in _buildah(store, *run, "sh", "-c", "chengnuo sources list | grep hubei")
    demo = "cd /tmp && chengnuo demo --no-serve --folder /tmp/demo | tail -12"
    assert "信箱" in _buildah(store, *run, "sh", "-c", demo)
    shown = (
        "chromium --headless --no-sandbox --disable-gpu --user-data-dir=/tmp/c --dump-dom 'data:text/html,<p>shown</p>'"
    )
    assert "<p>shown</p>" in _buildah(store, *run, "sh", "-c", shown)
    assert _buildah(store, *run, "python", "-c", "import playwright, opentelemetry.sdk; print('here')") == "here"

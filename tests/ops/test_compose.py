"""docker-compose.yml and Dockerfile: sound on paper, and every service's real command at work."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from crawler.source_file import source_toml
from sample.sources import sample_sources

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PROFILES = ("", "browser", "mail", "metrics", "browser,mail,metrics")
SOURCES = ("hubei", "zhejiang", "jilin", "fujian")
needs_linux = pytest.mark.skipif(not (BIN / "docker-compose").exists(), reason="no docker-compose wheel here")


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of docker/ with fresh secrets and configuration, as docker/secrets.sh makes them."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "docker", folder / "docker", ignore=shutil.ignore_patterns("secrets", "config"))
    (folder / "workflow").mkdir()
    shutil.copy(ROOT / "workflow" / "calendar.toml", folder / "workflow")
    subprocess.run(["sh", folder / "docker" / "secrets.sh"], check=True, capture_output=True)
    return folder / "docker"


@pytest.fixture
def run_folder() -> Iterator[Path]:
    """A folder that others may traverse: PostgreSQL does not run as root."""
    with tempfile.TemporaryDirectory(prefix="chengnuo-compose-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def _compose(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "docker-compose"), "--project-directory", str(ROOT), *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@needs_linux
@pytest.mark.parametrize("profiles", PROFILES)
def test_the_compose_file_is_sound_with_every_profile(profiles: str) -> None:
    """`docker-compose config -q` says nothing."""
    told = _compose("config", "-q", COMPOSE_PROFILES=profiles)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


@needs_linux
def test_every_service_has_limits_restarts_rotation_and_ours_a_health_check() -> None:
    """What keeps a machine usable, service by service."""
    told = _compose("config", "--format", "json", COMPOSE_PROFILES="browser,mail,metrics")
    services = json.loads(told.stdout)["services"]
    assert {"postgres", "valkey", "migrate", "web", "relay", "worker", "beat", "crawl", "browser", "mail"} <= set(
        services
    )
    for name, one in services.items():
        assert one["deploy"]["resources"]["limits"]["memory"], name
        assert one["restart"], name
        assert one["logging"]["options"]["max-size"], name
        if "build" in one:
            assert one["stop_grace_period"] == "45s", name
            assert one["cap_drop"] == ["ALL"], name
            assert one["healthcheck"], name
            assert {secret["source"] for secret in one["secrets"]} >= {"database_url", "broker_url"}, name
            assert not [v for v in one["environment"].values() if "postgresql://" in str(v)], name


def test_the_dockerfile_is_clean() -> None:
    """No finding of hadolint."""
    if not (BIN / "hadolint").exists():
        pytest.skip("no hadolint wheel here")
    told = subprocess.run([BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


def test_the_image_s_stages() -> None:
    """The base is an argument, the last stage runs as nobody's root and knows how to be asked for its health."""
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM ${BASE} AS parts", "FROM parts AS build", "FROM parts AS build-browser", "FROM ${BASE} AS runtime",
        "FROM runtime AS browser", "FROM runtime",
    ]  # fmt: skip
    assert "USER 10001:10001" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_secrets_are_written_once(secrets: Path) -> None:
    """Running the script again changes nothing; the folder is its owner's alone."""
    before = {file.name: file.read_text() for file in (secrets / "secrets").iterdir()}
    subprocess.run(["sh", secrets / "secrets.sh"], check=True, capture_output=True)
    assert {file.name: file.read_text() for file in (secrets / "secrets").iterdir()} == before
    assert before["postgres_password"].strip() in before["database_url"]
    assert (secrets / "secrets").stat().st_mode & 0o077 == 0


def test_no_secret_was_ever_checked_in() -> None:
    """What docker/secrets.sh writes is each operator's own: git ignores it, and holds none of it."""
    told = subprocess.run(
        ["git", "ls-files", "docker/secrets", "docker/config"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if told.returncode:
        pytest.skip("not a git checkout")
    assert told.stdout == ""
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/docker/secrets/", "/docker/config/"} <= set(ignored)


@needs_linux
@pytest.mark.full
def test_the_services_do_their_work_and_recover(secrets: Path, run_folder: Path, tmp_path: Path) -> None:
    """All healthy; a crawl by the calendar ends in a letter and a page; each is killed and comes back; a clean end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        site = probe.getsockname()[1]
    _configure(secrets / "config", site)
    letters, password = tmp_path / "letters", (secrets / "secrets" / "postgres_password").read_text().strip()
    story = [
        sys.executable, str(ROOT / "tests/ops/compose_story.py"), str(run_folder), str(letters),
        f"postgresql://chengnuo:{password}@postgres:5432/chengnuo",
    ]  # fmt: skip
    override = tmp_path / "here.yml"
    override.write_text(yaml.safe_dump(_here(secrets)), encoding="utf-8")
    command = [
        sys.executable, str(ROOT / "tools/compose_run.py"), "--folder", str(run_folder),
        "--file", str(ROOT / "docker-compose.yml"), "--file", str(override),
        "--companion", f"{sys.executable} {ROOT / 'tests/ops/site_and_mail.py'} {letters} {site}",
        "--env", "CHENGNUO_SMTP_URL=smtp://mail:1025", "--env", "CHENGNUO_PRIVATE_HOSTS=127.0.0.1,mail",
        "--env", "CHENGNUO_ALLOW_NETWORKS=127.0.0.0/8", "--env", "COMPOSE_PROFILES=mail", "--", *story,
    ]  # fmt: skip
    slow = {**os.environ, "COMPOSE_SLOW": "3"}  # the other full tests run beside it
    told = subprocess.run(command, env=slow, capture_output=True, text=True, timeout=1800, check=False)
    sys.stdout.write(told.stdout)
    assert told.returncode == 0, f"{told.stdout}\n{told.stderr}\n{_logs(tmp_path / 'run')}"
    for name in ("postgres", "valkey", "web", "relay", "worker", "beat", "crawl"):
        assert f"{name}: healthy after" in told.stdout
        assert f"{name}: stopped in" in told.stdout
    assert "none lost, none twice" in told.stdout


def _configure(config: Path, site: int) -> None:
    for source in sample_sources(f"http://127.0.0.1:{site}", 2026):
        if source.slug in SOURCES:
            (config / "sources" / f"{source.slug}.toml").write_text(source_toml(source, "sample"), encoding="utf-8")
    calendar = ['every = "never"', *(f'[source.{slug}]\nevery = "1h"' for slug in SOURCES)]
    (config / "calendar.toml").write_text("\n".join(calendar), encoding="utf-8")
    (config / "subscriptions.toml").write_text(
        '[[subscription]]\nname = "team"\nchannel = "email"\naddress = "team@example.org"\n', encoding="utf-8"
    )


def _here(secrets: Path) -> dict[str, object]:
    """The same services with this test's secrets and configuration in place of the operator's."""
    names = [file.name for file in (secrets / "secrets").iterdir()]
    house = {"volumes": [f"{secrets / 'config'}:/config:ro"], "environment": {"CHENGNUO_CRAWL_DELAY": "0.1"}}
    services = ("migrate", "web", "relay", "worker", "beat", "crawl")
    return {
        "secrets": {name: {"file": str(secrets / "secrets" / name)} for name in names},
        "services": dict.fromkeys(services, house),
    }


def _logs(run: Path) -> str:
    return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-1500:]}" for log in sorted(run.glob("*.log")))

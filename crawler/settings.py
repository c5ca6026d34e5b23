"""Scrapy's settings: manners towards the sites, safety towards ourselves."""

from __future__ import annotations

from crawler.options import CrawlOptions

PRODUCT = "chengnuo/0.1"
_UNDER_WAY = 32
_LEAST_DELAY = 0.001
"""Seconds. Without any delay Scrapy 2.19 starts every queued request of a host at once, whatever its limit says."""


def user_agent(contact: str) -> str:
    """Who we are and whom to write to."""
    return f"{PRODUCT} (+{contact})" if contact else f"{PRODUCT} (emergency-management announcement watch)"


def scrapy_settings(options: CrawlOptions, private_hosts: frozenset[str]) -> dict[str, object]:
    """Everything that differs from Scrapy's defaults; operations.md "Safety" gives the reasons."""
    return _manners(options) | _safety(options, private_hosts) | _quiet(options)


def _manners(options: CrawlOptions) -> dict[str, object]:
    return {
        "USER_AGENT": user_agent(options.contact),
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": _UNDER_WAY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_ITEMS": 1,  # tasks made for every answer; we have no item pipelines to keep busy
        "DOWNLOAD_DELAY": max(options.delay, _LEAST_DELAY),
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": options.delay > 0,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "RETRY_TIMES": options.retries,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "zh-CN"},
    }


def _safety(options: CrawlOptions, private_hosts: frozenset[str]) -> dict[str, object]:
    handler = "crawler.transport.GuardedDownloadHandler"
    never = dict.fromkeys(("data", "file", "ftp", "s3"))
    stock = "scrapy.downloadermiddlewares"
    return {
        "DOWNLOAD_MAXSIZE": options.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DNS_TIMEOUT": options.timeout,
        "REDIRECT_MAX_TIMES": options.redirects,
        "METAREFRESH_ENABLED": False,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": never | {"http": handler, "https": handler},
        "TWISTED_DNS_RESOLVER": "crawler.resolver.GuardedResolver",
        "CHENGNUO_PRIVATE_HOSTS": sorted(private_hosts),
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "URLLENGTH_LIMIT": 2083,
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.middlewares.GuardAddresses": 10,
            f"{stock}.robotstxt.RobotsTxtMiddleware": None,
            "crawler.middlewares.ObeyRobots": 100,
            f"{stock}.retry.RetryMiddleware": None,
            "crawler.browser.RunScripts": 540,
            "crawler.patience.Patience": 550,
            f"{stock}.httpcompression.HttpCompressionMiddleware": None,
            "crawler.middlewares.Decompress": 590,
            f"{stock}.redirect.RedirectMiddleware": None,
            "crawler.middlewares.Redirects": 600,
            "crawler.middlewares.AskWhatChanged": 700,
        },
    }


def _quiet(options: CrawlOptions) -> dict[str, object]:
    return {
        "LOG_LEVEL": options.log_level,
        "LOGSTATS_INTERVAL": 0,
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # Scrapy would parse our callbacks' source again for every answer
        "EXTENSIONS": {"scrapy.extensions.logstats.LogStats": None, "scrapy.extensions.memusage.MemoryUsage": None},
    }

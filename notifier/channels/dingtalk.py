"""DingTalk 钉钉 group robot: markdown, signed in the query; 130101 silences it for ten minutes."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote

from notifier.channel import ChannelOptions
from notifier.robot import Platform, Robot, json_code, wide

FOREVER = frozenset({"310000", "300001", "300005", "400013", "400101", "400102", "400105", "40035", "460101"})
"""Sign, keyword or address not accepted; token unknown; group dissolved; robot stopped; content refused or too long."""
PAUSES = {"130101": 600.0, "410100": 600.0}


def signature(secret: str, milliseconds: int) -> str:
    r"""Base64 of HMAC-SHA256 over ``ms\\nsecret``, not yet percent-encoded."""
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _request(url: str, subject: str, text: str, moment: tuple[float, str]) -> tuple[str, dict[str, Any]]:
    at, secret = moment
    if secret:
        milliseconds = int(at * 1000)
        glue = "&" if "?" in url else "?"
        url += f"{glue}timestamp={milliseconds}&sign={quote(signature(secret, milliseconds), safe='')}"
    return url, {"msgtype": "markdown", "markdown": {"title": subject, "text": text}}


def _plain(text: str) -> str:
    """Its markdown joins lines unless two spaces stand before the break."""
    return wide(text).replace("\n", "  \n")


def make(options: ChannelOptions) -> Robot:
    """The channel."""
    return Robot(Platform("dingtalk", 18_000, _request, _plain, json_code("errcode"), FOREVER, PAUSES), options)

"""DingTalk 钉钉 group robot: markdown, signed in the query; 130101 silences it for ten minutes.

Sources: 自定义机器人接入 (open.dingtalk.com/document/orgapp/custom-robot-access: 20 messages a minute, then ten minutes
of silence; the signature; 310000 for sign, keyword and address) and its table of codes (400013 dissolved, 400101 token,
400102 stopped, 400105 type, 410100 too often, 430101 link, 430102 content, 430103 keyword, 430104 blocked, 460101
too long). 130101 "send too fast, exceed 20 times per minute" as users report it. Not checked against a live robot.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import quote

from notifier.channel import ChannelOptions
from notifier.robot import Platform, Robot, json_code, wide

LIMIT = 18_000
"""Bytes of text."""
FOREVER = frozenset(
    {
        "310000",
        "300001",
        "300005",
        "400013",
        "400101",
        "400102",
        "400105",
        "430101",
        "430102",
        "430103",
        "430104",
        "40035",
        "460101",
    }
)
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
    return Robot(Platform("dingtalk", LIMIT, _request, _plain, json_code("errcode"), FOREVER, PAUSES), options)

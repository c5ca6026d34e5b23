"""WeCom 企业微信 group robot: markdown, 4,096 bytes, no signature (the address is the secret)."""

from __future__ import annotations

from typing import Any

from notifier.channel import ChannelOptions
from notifier.robot import Platform, Robot, json_code, wide

FOREVER = frozenset({"93000", "40008", "40039", "40058", "44004", "45002", "93004", "93008"})
"""Unknown robot, wrong or empty or too long content, robot removed."""
PAUSES = {"45009": 60.0, "45033": 60.0}
"""Too often a minute; too many at once."""


def _request(url: str, _subject: str, text: str, _moment: tuple[float, str]) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "markdown", "markdown": {"content": text}}


def make(options: ChannelOptions) -> Robot:
    """The channel."""
    return Robot(Platform("wecom", 4096, _request, wide, json_code("errcode"), FOREVER, PAUSES), options)

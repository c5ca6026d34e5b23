"""WeCom 企业微信 group robot: markdown, 4,096 bytes, no signature (the address is the secret).

Sources: 群机器人配置说明 (developer.work.weixin.qq.com/document/path/91770: lengths, 20 messages a minute) and
全局错误码 (…/path/90455: -1 busy, 40008 msgtype, 40058 parameter, 45009 too often, 45033 too many at once, 93000
unknown robot). None of it was checked against a live robot.
"""

from __future__ import annotations

from typing import Any

from notifier.channel import ChannelOptions
from notifier.robot import Platform, Robot, json_code, wide

LIMIT = 4096
"""Bytes of text."""
FOREVER = frozenset({"93000", "40008", "40039", "40058", "44004", "45002", "93004", "93008"})
"""Unknown robot, wrong or empty or too long content, robot removed."""
PAUSES = {"45009": 60.0, "45033": 60.0}
"""Too often a minute; too many at once."""


def _request(url: str, _subject: str, text: str, _moment: tuple[float, str]) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "markdown", "markdown": {"content": text}}


def make(options: ChannelOptions) -> Robot:
    """The channel."""
    return Robot(Platform("wecom", LIMIT, _request, wide, json_code("errcode"), FOREVER, PAUSES), options)

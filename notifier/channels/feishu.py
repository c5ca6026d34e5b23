"""Feishu 飞书 and Lark group robot: plain text, signed in the body.

Source: 自定义机器人使用指南 (open.feishu.cn/document/ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN: 100 a minute and 5 a second,
20 KB, 11232 too often, 9499 malformed, 19001 unknown robot, 19021 sign or clock, 19022 address, 19024 keyword).
Not checked against a live robot.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from notifier.channel import ChannelOptions
from notifier.robot import Platform, Robot, json_code

LIMIT = 18_000
"""Bytes of text."""
FOREVER = frozenset({"9499", "19001", "19002", "19021", "19022", "19024"})
"""Malformed, unknown robot, sign, address or keyword not accepted."""
PAUSES = {"11232": 60.0, "11233": 60.0, "9498": 60.0}
"""Too often, for the tenant or the robot."""


def signature(secret: str, seconds: int) -> str:
    r"""Base64 of HMAC-SHA256 of nothing, keyed with ``s\\nsecret``."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def _request(url: str, _subject: str, text: str, moment: tuple[float, str]) -> tuple[str, dict[str, Any]]:
    at, secret = moment
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        body |= {"timestamp": str(int(at)), "sign": signature(secret, int(at))}
    return url, body


def _plain(text: str) -> str:
    """A tag such as <at> would call people."""
    return text.replace("<", "＜").replace(">", "＞")


def make(options: ChannelOptions) -> Robot:
    """The channel."""
    code = json_code("code", "StatusCode")
    return Robot(Platform("feishu", LIMIT, _request, _plain, code, FOREVER, PAUSES), options)

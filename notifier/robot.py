"""What group robots have in common: one POST, the platform's own code decides, a turn is taken before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from notifier.channel import ChannelOptions, address_of, secret_named
from notifier.http import Answer, http_failure, post
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed

PER_MINUTE = 15
"""Platforms mute a robot beyond 20."""
_URL = re.compile(r"https?://[^\s()<>\[\]*@`]+")
_WIDE = str.maketrans("[]()<>*@`", "［］（）＜＞＊＠｀")
_SHORTEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform: how a text becomes a request, and what its codes mean.

    ``request(url, subject, text, moment_and_secret)`` gives the address and the JSON to post. ``code(answer)`` is "0"
    when the platform took the message. Codes in ``forever`` are given up; ``pauses`` are seconds of silence.
    """

    name: str
    limit: int
    """Bytes of text."""
    request: Callable[[str, str, str, tuple[float, str]], tuple[str, dict[str, Any]]]
    plain: Callable[[str], str]
    """Makes scraped text harmless in this platform's markup."""
    code: Callable[[Answer], tuple[str, str]]
    forever: frozenset[str]
    pauses: dict[str, float]


class Robot:
    """A channel for one platform."""

    idempotent = False

    def __init__(self, platform: Platform, options: ChannelOptions) -> None:
        self._platform, self._options = platform, options

    def send(self, delivery: Delivery) -> Receipt:
        """One message a delivery. HTTP 200 with an error code is a failure."""
        platform, options = self._platform, self._options
        url = address_of(delivery, options)
        secret = secret_named(delivery.secret, options) if delivery.secret else ""
        robot = f"{platform.name}:{hashlib.sha256(url.encode()).hexdigest()[:16]}"
        self._take_turn(robot, delivery)
        subject, text = fitted(delivery, platform.limit, platform.plain)
        target, body = platform.request(url, subject, text, (options.clock().timestamp(), secret))
        headers = {"Content-Type": "application/json; charset=utf-8"}
        answer = post(target, json.dumps(body, ensure_ascii=False).encode(), headers, options.allow_networks)
        code, words = self._judged(answer)
        if code == "0":
            return Receipt(platform.name, options.clock(), f"{platform.name} 0", words)
        pause = platform.pauses.get(code)
        if pause is not None and options.robots is not None:
            options.robots.pause(robot, pause)
        raise SendFailed(f"{code} {words}", permanent=code in platform.forever, retry_after=pause, code=code)

    def _judged(self, answer: Answer) -> tuple[str, str]:
        """The platform's own code; Slack speaks in HTTP codes, too, hence its words come first."""
        code, words = self._platform.code(answer)
        if code in self._platform.forever or code in self._platform.pauses or answer.status // 100 == 2:
            return code, words
        raise http_failure(answer, self._options.clock())

    def _take_turn(self, robot: str, delivery: Delivery) -> None:
        if self._options.robots is None:
            raise SendFailed("no token bucket: ChannelOptions.robots is not set", retry_after=_SHORTEST_PAUSE)
        wait = self._options.robots.take(robot, delivery.idempotency_key, PER_MINUTE)
        if wait > 0:
            raise SendFailed(f"waits {wait:.0f} s for its turn", retry_after=wait, deferred=True)


def fitted(delivery: Delivery, limit: int, plain: Callable[[str], str]) -> tuple[str, str]:
    """Subject and text in ``limit`` bytes: as many whole changes as fit, then how many are left and where they are."""
    alert = delivery.alert
    again = "〔重发〕" if delivery.repeated else ""
    head, *blocks = (plain(block) for block in (again + alert.text).strip("\n").split("\n\n"))
    taken = [head]
    for number, block in enumerate(blocks):
        rest = _rest(len(blocks) - number - 1, alert.data)
        if len("\n\n".join([*taken, block, *rest]).encode()) > limit:
            taken += _rest(len(blocks) - number, alert.data)
            break
        taken.append(block)
    return plain(again + alert.subject), "\n\n".join(taken)


def _rest(count: int, data: str) -> list[str]:
    link = json.loads(data).get("links", {}).get("review", "")
    return [f"另有 {count} 段 {count} more: {link}"] if count else []


def wide(text: str) -> str:
    """Markup characters in their full-width forms, addresses left alone: these platforms know no backslash."""
    parts, at = [], 0
    for found in _URL.finditer(text):
        parts += [text[at : found.start()].translate(_WIDE), found.group()]
        at = found.end()
    return re.sub(r"^(\s*)#", r"\1＃", "".join(parts) + text[at:].translate(_WIDE), flags=re.MULTILINE)


def json_code(*keys: str) -> Callable[[Answer], tuple[str, str]]:
    """Reads the code under the first of ``keys`` that is there; anything else is no success."""

    def read(answer: Answer) -> tuple[str, str]:
        try:
            said = json.loads(answer.text)
        except ValueError:
            return "not JSON", ""
        if not isinstance(said, dict):
            return "not JSON", ""
        code = next((said[key] for key in keys if key in said), "no code")
        words = next((said[key] for key in ("errmsg", "msg", "StatusMessage") if key in said), "")
        return str(code), str(words)[:200]

    return read

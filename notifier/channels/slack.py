"""Slack incoming webhook: text with its markup switched off; it answers "ok", or a word.

Source: Sending messages using incoming webhooks, "Handling errors" (docs.slack.dev), and its rate limits: 429 with
Retry-After. Not checked against a live workspace.
"""

from __future__ import annotations

from html import escape
from typing import Any

from notifier.channel import ChannelOptions
from notifier.http import Answer
from notifier.robot import Platform, Robot

LIMIT = 30_000
"""Bytes of text."""
FOREVER = frozenset(
    {
        "invalid_payload",
        "invalid_token",
        "no_service",
        "no_team",
        "no_text",
        "no_active_hooks",
        "too_many_attachments",
        "team_disabled",
        "user_not_found",
        "channel_not_found",
        "channel_is_archived",
        "action_prohibited",
        "posting_to_general_channel_denied",
    }
)


def _request(url: str, _subject: str, text: str, _moment: tuple[float, str]) -> tuple[str, dict[str, Any]]:
    return url, {"text": text, "mrkdwn": False}


def _plain(text: str) -> str:
    return escape(text, quote=False)


def _code(answer: Answer) -> tuple[str, str]:
    said = answer.text.strip()[:200]
    return ("0", said) if answer.status == 200 and said == "ok" else (said, "")


def make(options: ChannelOptions) -> Robot:
    """The channel."""
    return Robot(Platform("slack", LIMIT, _request, _plain, _code, FOREVER, {}), options)

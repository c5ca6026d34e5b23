"""E-mail over SMTP: TLS where asked, text and HTML, one message a delivery."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from notifier.channel import ChannelOptions
from notifier.message import message_of
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed

TIMEOUT = 30.0
"""Seconds for one conversation with the mail server."""
_FOR_GOOD = 500


class Email:
    """``smtp://user:password@host:587?starttls=1`` or ``smtps://…``."""

    idempotent = False

    def __init__(self, options: ChannelOptions) -> None:
        self._options = options

    def send(self, delivery: Delivery) -> Receipt:
        """The receipt's reference is the message id; a 5xx answer is given up at once."""
        if not self._options.smtp_url:
            raise SendFailed("CHENGNUO_SMTP_URL is not set", permanent=True)
        message = message_of(delivery, self._options, delivery.address)
        try:
            with self._server() as server:
                refused = server.send_message(message)
        except smtplib.SMTPResponseException as error:
            reason = f"{error.smtp_code} {_words(error.smtp_error)}"
            raise SendFailed(reason, permanent=error.smtp_code >= _FOR_GOOD, code=str(error.smtp_code)) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise SendFailed(f"recipients refused: {codes}", permanent=min(codes) >= _FOR_GOOD) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed(f"{type(error).__name__}: {error}", unreachable="channel") from error
        detail = f"refused: {', '.join(refused)}" if refused else ""
        return Receipt("email", self._options.clock(), str(message["Message-ID"]), detail)

    def _server(self) -> smtplib.SMTP:
        """A conversation that is open; what fails on the way to it fails for every mail."""
        try:
            return _connect(urlsplit(self._options.smtp_url))
        except smtplib.SMTPResponseException as error:
            reason = f"{error.smtp_code} {_words(error.smtp_error)}"
            lasting = error.smtp_code >= _FOR_GOOD
            raise SendFailed(reason, permanent=lasting, code=str(error.smtp_code), unreachable="channel") from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed(f"{type(error).__name__}: {error}", unreachable="channel") from error


def _connect(url: SplitResult) -> smtplib.SMTP:
    context = ssl.create_default_context()
    host, options = url.hostname or "localhost", parse_qs(url.query)
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
        if options.get("starttls", ["0"])[0] == "1":
            _or_close(server, lambda: server.starttls(context=context))
    if url.username:
        user, password = unquote(url.username), unquote(url.password or "")
        _or_close(server, lambda: server.login(user, password))
    return server


def _or_close(server: smtplib.SMTP, step: Callable[[], object]) -> None:
    """A step before the conversation; the connection is closed when it fails."""
    try:
        step()
    except BaseException:
        server.close()
        raise


def _words(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer


def make(options: ChannelOptions) -> Email:
    """The channel."""
    return Email(options)

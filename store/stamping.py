"""The one file that knows rfc3161-client: a time-stamp authority's word that a manifest was there at a moment.

The package is optional (``chengnuo[timestamp]``); nothing here touches the network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from cryptography import x509

from schema.errors import StoreError, UsageError

rfc3161: Any = import_module("rfc3161_client") if find_spec("rfc3161_client") else None
MISSING = "没有装 rfc3161-client，时间戳没有校验 the time stamp was not checked: pip install 'chengnuo[timestamp]'"


@dataclass(frozen=True, slots=True)
class Stamper:
    """How a bundle gets its stamp. ``authority``: PEM certificates of those who vouch for the time-stamp authority.

    ``ask`` sends a query (DER) and brings the reply (DER); it raises StoreError.
    """

    authority: bytes
    ask: Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Stamped:
    """Who vouches (a certificate's subject) that the manifest was there, and since when."""

    at: datetime
    by: str


def stamp(manifest: bytes, stamper: Stamper) -> bytes:
    """The authority's reply over the SHA-256 of ``manifest``, checked. Raises StoreError, UsageError."""
    if rfc3161 is None:
        raise UsageError("--timestamp: 先安装 install first: pip install 'chengnuo[timestamp]'")
    query = rfc3161.TimestampRequestBuilder().data(manifest).hash_algorithm(rfc3161.HashAlgorithm.SHA256)
    request = query.nonce(nonce=True).cert_request(cert_request=True).build()
    reply = stamper.ask(request.as_bytes())
    found = check(manifest, reply, stamper.authority, nonce=request.nonce)
    if isinstance(found, str):
        raise StoreError(f"时间戳不可用 the authority's reply is no good: {found}; nothing was written")
    return reply


def check(manifest: bytes, reply: bytes, authority: bytes, *, nonce: int | None = None) -> Stamped | str:
    """Who vouches for this manifest and since when; or what is wrong with the stamp."""
    if rfc3161 is None:
        return MISSING
    try:
        roots = x509.load_pem_x509_certificates(authority)
        answer = rfc3161.decode_timestamp_response(reply)
        verifier = rfc3161.VerifierBuilder(roots=roots, nonce=nonce).build()
        verifier.verify_message(answer, manifest)
    except (ValueError, rfc3161.VerificationError) as error:
        return str(error) or type(error).__name__
    return Stamped(answer.tst_info.gen_time, roots[0].subject.rfc4514_string())

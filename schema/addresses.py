"""Which IP addresses may be asked: global unicast ones, also when hidden inside another address."""

from __future__ import annotations

import ipaddress
import unicodedata

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
_TEREDO = ipaddress.IPv6Network("2001::/32")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def carried(address: Address) -> tuple[Address, ...]:
    """The address and every IPv4 address it carries: mapped, compatible, 6to4, NAT64, Teredo."""
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    inner: list[Address] = [address]
    if address.ipv4_mapped is not None:
        inner.append(address.ipv4_mapped)
    if address.sixtofour is not None:
        inner.append(address.sixtofour)
    if address.teredo is not None:
        inner.extend(address.teredo)
    if any(address in network for network in (*_NAT64, _COMPATIBLE)):
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(inner)


def is_global(address: Address) -> bool:
    """Whether an address, and everything it carries, is global unicast.

    A mapped or translated address is refused outright: no public site is published under one.
    """
    inner = carried(address)
    if isinstance(address, ipaddress.IPv6Address) and (len(inner) > 1 or address in _TEREDO):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def parse_address(host: str) -> Address | None:
    """The address a host spells, in any spelling a resolver may accept (0x7f.1, 2130706433, ①②⑦.0.0.1), or None."""
    text = unicodedata.normalize("NFKC", host).strip().strip("[]").rstrip(".").split("%", 1)[0].replace("。", ".")
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return _loose_ipv4(text)


def _loose_ipv4(text: str) -> ipaddress.IPv4Address | None:
    """inet_aton's forms: one to four parts, decimal, octal or hexadecimal, the last part filling the rest."""
    parts = text.split(".")
    if not 1 <= len(parts) <= 4:
        return None
    numbers = [_number(part) for part in parts]
    if any(number is None for number in numbers):
        return None
    *heads, last = [number for number in numbers if number is not None]
    if any(head > 255 for head in heads) or last >= 256 ** (5 - len(parts)):
        return None
    value = last
    for index, head in enumerate(heads):
        value += head << (24 - 8 * index)
    return ipaddress.IPv4Address(value)


def _number(part: str) -> int | None:
    lowered = part.lower()
    base, digits = (
        (16, lowered[2:]) if lowered.startswith("0x") else (8, lowered) if lowered[:1] == "0" else (10, lowered)
    )
    try:
        return int(digits or "0", base) if lowered.isascii() and not set(lowered) & set("+-_ ") else None
    except ValueError:
        return None


def is_local_name(host: str) -> bool:
    """Names that mean this machine whatever a resolver says (RFC 6761), in any case and width."""
    name = unicodedata.normalize("NFKC", host).rstrip(".").lower()
    return name == "localhost" or name.endswith((".localhost", ".localdomain")) or name == ""

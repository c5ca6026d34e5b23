"""The address guard at connect time: a name is resolved once, judged, and what was judged is what is connected to.

Twisted asks the reactor's name resolver for every connection, literal addresses and redirects included, so there
is no way around this file. One address that is not global refuses the whole name.
"""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from schema.addresses import is_global, parse_address


@implementer(IResolutionReceiver)
class _Judge:
    """Collects every address of a name and passes them on only when all may be asked."""

    def __init__(self, receiver: Any, name: str, guard: GuardedResolver) -> None:
        self._receiver, self._name, self._guard = receiver, name, guard
        self._addresses: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's names
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        refused = [address.host for address in self._addresses if not self._guard.allows(self._name, address.host)]
        if refused:
            self._guard.refused[self._name] = refused[0]
        else:
            for address in self._addresses:
                self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's ``TWISTED_DNS_RESOLVER`` that answers with global addresses only.

    ``refused`` remembers which names were turned away, and the address that was the reason.
    """

    def __init__(self, inner: CachingHostnameResolver, private_hosts: frozenset[str]) -> None:
        self._inner, self._private = inner, private_hosts
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Scrapy's way of making one."""
        inner = CachingHostnameResolver.from_crawler(crawler, reactor)
        return cls(inner, frozenset(crawler.settings.getlist("CHENGNUO_PRIVATE_HOSTS")))

    def install_on_reactor(self) -> None:
        """Scrapy's way of putting it to work."""
        self._inner.reactor.installNameResolver(self)  # type: ignore[arg-type]

    def allows(self, name: str, host: str) -> bool:
        """Whether one address of a name may be connected to."""
        address = parse_address(host)
        return name in self._private or (address is not None and is_global(address))

    def resolveHostName(self, receiver: Any, name: str, *rest: Any, **named: Any) -> Any:  # noqa: N802
        """Twisted's question: which addresses does this name mean."""
        judge: Any = _Judge(receiver, name, self)
        return self._inner.resolveHostName(judge, name, *rest, **named)


def refused_address(url: str) -> str | None:
    """The address for whose sake a name was turned away during this crawl, or None."""
    from twisted.internet import reactor

    guard = getattr(reactor, "nameResolver", None)
    host = urlsplit(url).hostname or ""
    return guard.refused.get(host) if isinstance(guard, GuardedResolver) else None

"""A fast server for bench/crawl.py: every path answers with an article of its own, on many ports at once."""

from __future__ import annotations

import asyncio
import sys

PORTS = 32
_PARAGRAPH = "<p>会议要求，要健全隐患排查治理机制，落实责任，强化演练，提升基层应急能力。</p>" * 60


class Answering(asyncio.Protocol):
    """Keeps connections open; one answer a request."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Small requests come whole."""
        path = data.split(b" ", 2)[1]
        if path == b"/robots.txt":
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        body = f"<html><body><h1>示例 {path.decode()}</h1>{_PARAGRAPH}</body></html>".encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


async def main() -> None:
    """Listen, print the ports, serve until standard input ends."""
    loop = asyncio.get_running_loop()
    servers = [await loop.create_server(Answering, "127.0.0.1", 0) for _ in range(PORTS)]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())

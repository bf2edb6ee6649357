"""The ways on which the observing proxy reaches a server: directly, at another address, on the device, through a proxy."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from explorer.proxy.head import ProxyRequest

CONNECT_LIMIT = 15.0
"""Seconds for a connection, and for an answer of the next proxy."""

Pair = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Inside = Callable[[int], Awaitable[Pair]]
"""Opens a connection to a port of the client's own machine. Raises OSError."""


@dataclass(slots=True)
class Ways:
    """Where connections lead.

    `resolve` maps host and port to an address and port; with `only_resolved`, nothing else is reachable. `aliases` maps
    names that only the client knows to addresses. `inside` opens connections to the client's own loopback, if the client
    is on another machine: to it, `localhost` is itself. `beyond` is the proxy that the client used before ours.
    """

    resolve: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    only_resolved: bool = False
    inside: Inside | None = None
    beyond: tuple[str, int] | None = None

    async def open(self, asked: ProxyRequest) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
        """Connect for a request. The bytes are what to send first; they are empty for a tunnel. Raises OSError."""
        async with asyncio.timeout(CONNECT_LIMIT):
            address = self.resolve.get((asked.host, asked.port))
            if address is not None:
                return *await asyncio.open_connection(*address), asked.head
            if self.only_resolved:
                raise socket.gaierror(socket.EAI_NONAME, f"{asked.host}:{asked.port} is not among the addresses given")
            if self.inside is not None and names_itself(asked.host):
                return *await self.inside(asked.port), asked.head
            if self.beyond is None or asked.host in self.aliases:
                return *await asyncio.open_connection(self.aliases.get(asked.host, asked.host), asked.port), asked.head
            return await self._through(self.beyond, asked)

    async def _through(
        self, proxy: tuple[str, int], asked: ProxyRequest
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
        host, port = proxy
        if self.inside is not None and names_itself(host):
            reader, writer = await self.inside(port)
        else:
            reader, writer = await asyncio.open_connection(self.aliases.get(host, host), port)
        if asked.head:
            return reader, writer, asked.whole
        name = f"[{asked.host}]" if ":" in asked.host else asked.host
        writer.write(f"CONNECT {name}:{asked.port} HTTP/1.1\r\nHost: {name}:{asked.port}\r\n\r\n".encode())
        try:
            answer = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0]
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            writer.close()
            raise ConnectionResetError(f"the device's proxy {host}:{port} gave no answer") from error
        if b" 200 " not in answer + b" ":
            writer.close()
            raise ConnectionError(f"the device's proxy {host}:{port} said {answer.decode('latin-1')[:80]}")
        return reader, writer, b""


def names_itself(host: str) -> bool:
    """Whether a name or address is the machine itself (RFC 6761, 6.3, and the loopback addresses)."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        ip = ipaddress.ip_address(name)
    except ValueError:
        return False
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback

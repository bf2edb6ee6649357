"""Connects to a server by name or address, directly or through the proxy that the environment names."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ipaddress
import socket
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


class Unreachable(Exception):
    """No TCP connection could be made, so this is not a TLS failure. The message is a sentence."""


class Unanswered(Unreachable):
    """DNS gave no answer for the name (a timeout or an error), so it is unknown whether the name has an address."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where to connect: to one of `addresses`, which are tried in order, or through `proxy`.

    `proxy` is (host, port, authorization). A proxy resolves the name itself, so `addresses` is then empty."""

    host: str
    port: int
    addresses: tuple[str, ...] = ()
    proxy: tuple[str, int, str] | None = None

    @property
    def words(self) -> str:
        return f"proxy {self.proxy[0]}:{self.proxy[1]}" if self.proxy else "direct"


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def proxy_for(host: str) -> tuple[str, int, str] | None:
    """The proxy for this host according to HTTPS_PROXY and NO_PROXY, as (host, port, authorization), or None."""
    url = urllib.request.getproxies_environment().get("https")
    if not url or urllib.request.proxy_bypass_environment(host):  # type: ignore[attr-defined] # documented by its use in urllib
        return None
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if not parts.hostname:
        return None
    user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else ""
    return parts.hostname, parts.port or 8080, base64.b64encode(user.encode()).decode() if user else ""


async def route_to(host: str, port: int, address: str | None, timeout: float) -> Route:
    """Find the route to a host. A given `address` is used as it is. Raises Unreachable if the name cannot be resolved."""
    if address:
        return Route(host, port, (address,))
    proxy = None if is_address(host) else proxy_for(host)
    if proxy:
        return Route(host, port, proxy=proxy)
    return Route(host, port, await resolved(host, port, timeout))


_NO_SUCH_NAME = (socket.EAI_NONAME, socket.EAI_NODATA, socket.EAI_ADDRFAMILY)
"""Errors of getaddrinfo(3) that prove that a name has no address. All other errors leave this open."""


def no_address(host: str, error: OSError | UnicodeError) -> Unreachable:
    """The exception for an error of getaddrinfo(3).

    It is Unreachable if the name has no address, and Unanswered if no resolver gave an answer."""
    kind = Unreachable if isinstance(error, UnicodeError) or error.errno in _NO_SUCH_NAME else Unanswered
    return kind(f"The name {host} could not be resolved: {error}.")


async def resolved(host: str, port: int, timeout: float) -> tuple[str, ...]:
    """The addresses of a name, from this machine's resolver.

    Raises Unreachable if there are none, and Unanswered if DNS fails or does not answer within `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    except TimeoutError:
        raise Unanswered(f"The name {host} could not be resolved within {timeout:g} seconds.") from None
    except (OSError, UnicodeError) as error:
        raise no_address(host, error) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@asynccontextmanager
async def connected(
    route: Route, timeout: float
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter, str | None]]:
    """A context with a TCP connection, which is closed on exit. Raises Unreachable.

    Yields the reader, the writer, and the address that accepted the connection (None through a proxy)."""
    reader, writer, address = await _open(route, timeout)
    try:
        yield reader, writer, address
    finally:
        writer.transport.abort()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _open(route: Route, timeout: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str | None]:
    if route.proxy:
        host, port, secret = route.proxy
        reader, writer = await _connect(host, port, timeout)
        try:
            await _tunnel(reader, writer, route, secret, timeout)
        except BaseException:
            writer.transport.abort()
            raise
        return reader, writer, None
    problem: Unreachable | None = None
    for address in route.addresses[:4]:
        try:
            return (*await _connect(address, route.port, timeout), address)
        except Unreachable as error:
            problem = error
    raise problem or Unreachable(f"{route.host} has no address.")


async def _connect(host: str, port: int, timeout: float) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(timeout):
            return await asyncio.open_connection(host, port)
    except TimeoutError:
        raise Unreachable(f"{host}:{port} did not accept a connection within {timeout:g} seconds.") from None
    except OSError as error:
        raise Unreachable(f"{host}:{port} did not accept a connection: {error.strerror or error}.") from error


def _why_no_tunnel(error: Exception, timeout: float) -> str:
    """Why a proxy's answer to CONNECT could not be read, in words. `timeout` is in seconds."""
    match error:
        case TimeoutError():
            return f"no answer within {timeout:g} seconds"
        case asyncio.IncompleteReadError():
            return "it closed the connection " + (
                "in the middle of its answer" if error.partial else "without an answer"
            )
        case asyncio.LimitOverrunError():
            return "its answer is too long"
        case _:
            return getattr(error, "strerror", None) or str(error)


async def _tunnel(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, route: Route, secret: str, timeout: float
) -> None:
    """Open a tunnel with CONNECT (RFC 9110 section 9.3.6)."""
    host = f"[{route.host}]" if ":" in route.host else route.host
    login = f"Proxy-Authorization: Basic {secret}\r\n" if secret else ""
    try:
        writer.write(f"CONNECT {host}:{route.port} HTTP/1.1\r\nHost: {host}:{route.port}\r\n{login}\r\n".encode())
        async with asyncio.timeout(timeout):
            status = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode("latin-1")
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        why = _why_no_tunnel(error, timeout)
        raise Unreachable(f"The {route.words} did not connect to {route.host}:{route.port}: {why}.") from error
    if status.split(" ")[1:2] != ["200"]:
        raise Unreachable(f"The {route.words} refused to connect to {route.host}:{route.port}: {status[:100]}.")

"""One small HTTP request, bounded in time and size, for CRLs, OCSP responses and issuer certificates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from explorer.tls.connect import Route, Unreachable, connected, is_address, resolved, route_to
from flows.private_address import is_blocked, is_private

MAX_BODY = 4 << 20
"""Largest response, in bytes. The largest CRLs of public authorities have a few megabytes."""


class NotAsked(Unreachable):
    """The host was deliberately not contacted, because it is private or may be private. The message is a sentence."""


async def fetch(
    url: str,
    timeout: float,
    body: bytes = b"",
    content_type: str = "",
    limit: int = MAX_BODY,
    *,
    private: bool = False,
    told: Callable[[str], None] | None = None,
) -> bytes | None:
    """GET an http:// URL (POST if there is a body). Returns the content, or None if the request fails.

    A status other than 200 is a failure; redirects are not followed. Certificates contain plain http:// URLs because
    the contents are signed (RFC 5280 section 8). The URL is untrusted. So without `private`, this machine and private
    networks are never contacted, even if a name resolves to them. If a host is not contacted for this reason, `told` is
    called with a sentence that says so.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        return None
    if parts.scheme != "http" or not host or any(c in url for c in " \r\n\\"):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kind = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n" if body else ""
    head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{kind}Connection: close\r\n\r\n"
    try:
        async with asyncio.timeout(timeout):
            route = await _route(host, port, timeout, private=private)
            async with connected(route, timeout) as (reader, writer, _):
                writer.write(head.encode("latin-1", "ignore") + body)
                return _content(await _read(reader, limit))
    except NotAsked as refused:
        if told is not None:
            told(str(refused))
        return None
    except (Unreachable, TimeoutError, OSError):
        return None


async def _route(host: str, port: int, timeout: float, *, private: bool) -> Route:
    """The route to a host. Without `private`, it leads only to public addresses.

    Raises NotAsked if no public address is left, or if only a proxy can resolve the name."""
    route = await route_to(host, port, host if is_address(host) else None, timeout)
    if private:
        return route
    # A proxy resolves the name again, and may stand in the network that is to be left alone: ask first what we would find.
    try:
        # Half of the time, so that it is known that nobody answered, and not only that all the time is over.
        known = route.addresses if route.proxy is None else await resolved(host, port, timeout / 2)
    except Unreachable as error:
        raise NotAsked(
            f"{host} was not asked: only the proxy can resolve its name, so it may lead to a private network."
        ) from error
    public = tuple(address for address in known if not is_private(address))
    if is_private(host) or not public or (route.proxy is not None and len(public) < len(known)):
        where = "blocked by this machine's resolver" if is_blocked(known) else "on this machine or on a private network"
        raise NotAsked(f"{host} was not asked: it is {where}.")
    return replace(route, addresses=public if route.proxy is None else ())


async def _read(reader: asyncio.StreamReader, limit: int) -> bytes:
    data = b""
    while len(data) <= limit:
        piece = await reader.read(1 << 16)
        data += piece
        head, blank, rest = data.partition(b"\r\n\r\n")
        if not piece or (blank and _length(head) is not None and len(rest) >= (_length(head) or 0)):
            return data
    return b""


def _length(head: bytes) -> int | None:
    for line in head.lower().split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit():
            return int(value)
    return None


def _content(data: bytes) -> bytes | None:
    head, blank, rest = data.partition(b"\r\n\r\n")
    if not blank or head.split(b" ", 2)[1:2] != [b"200"]:
        return None
    if b"transfer-encoding: chunked" in head.lower():
        return _unchunked(rest)
    return rest[: _length(head)]


def _unchunked(data: bytes) -> bytes | None:
    """Decode a chunked body (RFC 9112 section 7.1). Trailers are ignored. Returns None if the body is malformed."""
    out = b""
    while True:
        size, line_end, data = data.partition(b"\r\n")
        try:
            length = int(size.split(b";")[0], 16)
        except ValueError:
            return None
        if not line_end or not 0 <= length <= len(data):
            return None
        if length == 0:
            return out
        out, data = out + data[:length], data[length + 2 :]

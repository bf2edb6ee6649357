"""Splits an app's paths to hosts of their own, as a team does that serves its files from a bucket.

A plain proxy between the TLS front and the app: in pages, scripts and redirects it replaces paths that another host
serves by that host's address, and it lets the session's cookies count for all hosts of the site. The app always sees
its own host's name. WebSockets pass through.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_TEXT = re.compile(
    rb"^content-type:\s*(text/html|application/json|text/javascript|application/javascript)",
    re.IGNORECASE | re.MULTILINE,
)
_DROPPED = (b"accept-encoding:", b"connection:", b"host:", b"origin:", b"referer:")
_ALLOWED = (b"access-control-allow-origin:", b"access-control-allow-credentials:")
_TAKEN = (b"content-length:", b"transfer-encoding:", b"connection:", b"content-encoding:")


class Split:
    """One host's proxy. `moves`: expression for the beginning of a path → public address of the host that serves it.

    `home` is the app's own address; `based` says that its pages have links relative to a base. `sends_on` has paths that
    no text can be searched for, as scripts put them together: they are redirected, with method and body."""

    def __init__(
        self,
        port: int,
        own: str,
        home: str,
        moves: Mapping[str, str],
        domain: str,
        *,
        based: bool,
        sends_on: Mapping[str, str],
    ) -> None:
        self._port, self._own, self._home, self._domain = port, own, home, domain
        self._based = based
        self._moves = {path.encode(): url.encode() for path, url in moves.items()}
        self._sends_on = {path.encode(): url.encode() for path, url in sends_on.items()}
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on loopback; gives the port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if not await self._exchange(head, reader, writer):
                    break
        writer.close()

    async def _exchange(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether another may follow on this connection."""
        path = head.split(b" ", 2)[1]
        away = next((url for start, url in self._sends_on.items() if re.match(start, path)), self._own.encode())
        if away != self._own.encode():
            told = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: %s%s\r\n" % (away, path)
            writer.write(told + b"Content-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return False
        socket = re.search(rb"^upgrade:\s*websocket", head, re.IGNORECASE | re.MULTILINE) is not None
        lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(_DROPPED)]
        # Servers hold the origin of a request against its host: both are the app's own here.
        host = urlsplit(self._home).netloc
        lines += [b"Host: " + host.encode(), b"X-Forwarded-Proto: https", b"X-Forwarded-Host: " + host.encode()]
        if re.search(rb"^(origin|referer):", head, re.IGNORECASE | re.MULTILINE):
            lines += [b"Origin: " + self._home.encode(), b"Referer: " + self._home.encode() + b"/"]
        lines.append(b"Connection: Upgrade" if socket else b"Connection: close")
        theirs, ours = await asyncio.open_connection("127.0.0.1", self._port)
        ours.write(b"\r\n".join(lines) + b"\r\n\r\n")
        try:
            if socket:
                await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))
                return False
            length = re.search(rb"^content-length:\s*(\d+)", head, re.IGNORECASE | re.MULTILINE)
            if length is not None:
                ours.write(await reader.readexactly(int(length[1])))
            elif re.search(rb"^transfer-encoding:\s*chunked", head, re.IGNORECASE | re.MULTILINE):
                ours.write(await _chunked(reader, raw=True))
            await ours.drain()
            return await self._answer(theirs, writer, asked=head)
        finally:
            ours.close()

    async def _answer(self, theirs: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> bool:
        head = await theirs.readuntil(b"\r\n\r\n")
        origin = re.search(rb"^origin:\s*(\S+)", asked, re.IGNORECASE | re.MULTILINE)
        if _TEXT.search(head) is None and not re.search(rb"^location:", head, re.IGNORECASE | re.MULTILINE):
            if re.search(rb"^content-type:\s*text/event-stream", head, re.IGNORECASE | re.MULTILINE):
                writer.write(self._heading(head, None, origin))
                await _pump(theirs, writer)
                return False
        chunked = re.search(rb"^transfer-encoding:\s*chunked", head, re.IGNORECASE | re.MULTILINE)
        body = await _chunked(theirs) if chunked else await theirs.read(-1)
        if _TEXT.search(head):
            body = self._moved(body)
        writer.write(self._heading(head, len(body), origin) + (b"" if asked.startswith(b"HEAD ") else body))
        await writer.drain()
        return True

    def _heading(self, head: bytes, length: int | None, origin: re.Match[bytes] | None) -> bytes:
        lines = [line for line in head[:-4].split(b"\r\n") if not line.lower().startswith(_TAKEN)]
        out = []
        for line in lines:
            if line.lower().startswith(b"set-cookie:"):
                line = (
                    re.sub(rb";\s*domain=[^;]*", b"", line, flags=re.IGNORECASE) + b"; Domain=" + self._domain.encode()
                )
            if line.lower().startswith(b"location:"):
                line = self._redirected(line)
            out.append(line)
        if length is not None and b" 304 " not in out[0]:
            out.append(b"Content-Length: %d" % length)
        if length is None:
            out.append(b"Connection: close")
        if origin is not None and self._own != self._home:
            out = [line for line in out if not line.lower().startswith(_ALLOWED)]
            # The app's own address, whatever was asked: Chromium was seen to say «Origin: null» with a redirected upload
            # while it let only the app's own address read the answer. On pages of our own it did not.
            out += [b"Access-Control-Allow-Origin: " + self._home.encode(), b"Access-Control-Allow-Credentials: true"]
        return b"\r\n".join(out) + b"\r\n\r\n"

    def _redirected(self, line: bytes) -> bytes:
        where = line.partition(b":")[2].strip()
        path = where.removeprefix(self._home.encode()) or b"/"
        if not path.startswith(b"/"):
            return line
        base = next((url for start, url in self._moves.items() if re.match(start, path)), self._home.encode())
        return b"Location: " + base + path

    def _moved(self, body: bytes) -> bytes:
        """The text with the paths of other hosts as addresses, and on those hosts everything else as the home's.

        Pages with a base leave out a path's first folder, and so they are matched without it as well."""
        home = re.escape(self._home.encode())
        for start, url in self._moves.items():
            body = re.sub(rb"(?<=[\"'(=])(?:" + home + rb")?(?=" + start + rb")", url, body)
            folder, _, rest = start[1:].partition(b"/")
            if rest and self._based:
                body = re.sub(rb"((?:href|src)=[\"'])(?=" + rest + rb")", rb"\1" + url + b"/" + folder + b"/", body)
        if self._own != self._home:
            body = re.sub(rb"((?:href|action|src)=[\"'])(?=/(?!/))", rb"\1" + self._home.encode(), body)
        return body


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()


async def _chunked(reader: asyncio.StreamReader, *, raw: bool = False) -> bytes:
    """A chunked body, joined; `raw` keeps it as it came."""
    whole, plain = b"", b""
    while True:
        size = await reader.readline()
        count = int(size.split(b";")[0], 16)
        chunk = await reader.readexactly(count + 2)
        whole, plain = whole + size + chunk, plain + chunk[:-2]
        if not count:
            return whole if raw else plain

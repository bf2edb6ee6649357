"""HTTP and WebSocket requests of scripted apps, over the verified connections of `network`."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from explorer.lab.android import traces
from explorer.lab.android.network import MAX_ANSWER, Failed, Network

READ_TIMEOUT = 10.0
"""Time limit for a response, in seconds. It is OkHttp's default read timeout."""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A server's response. The names in `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        return self.status < 400

    def json(self) -> Any:
        """The body as parsed JSON, or None if it is not valid JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


async def call(
    network: Network,
    host: str,
    path: str,
    *,
    port: int = 443,
    method: str = "GET",
    body: bytes | Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Send one request over a new TLS connection, and return the response.

    Raises Failed if the connection fails, or if no response arrives in time.
    """
    sent = dict(headers or {})
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    if isinstance(body, Mapping):
        sent["Content-Type"] = "application/json; charset=utf-8"
    if data or method != "GET":
        sent["Content-Length"] = str(len(data))
    async with network.connect(host, port) as (reader, writer):
        writer.write(_head(method, host, port, path, {"Connection": "close", **sent}) + data)
        await writer.drain()
        try:
            async with asyncio.timeout(READ_TIMEOUT):
                return await _answer(reader)
        except TimeoutError as error:
            raise Failed(traces.read_timeout()) from error


def multipart(mark: str, name: str, content: bytes) -> bytes:
    """A body with one file in the field `file` (RFC 7578). `mark` is its boundary."""
    shown = name.replace('"', "%22").replace("\r", "").replace("\n", "")
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{mark}--\r\n".encode()


def _head(method: str, host: str, port: int, path: str, headers: Mapping[str, str]) -> bytes:
    where = host if port == 443 else f"{host}:{port}"
    lines = [f"{method} {path} HTTP/1.1", f"Host: {where}", "User-Agent: okhttp/4.12.0", "Accept-Encoding: identity"]
    return "\r\n".join([*lines, *(f"{k}: {v}" for k, v in headers.items()), "", ""]).encode()


async def _answer(reader: asyncio.StreamReader) -> HttpResponse:
    status, headers = await _response_head(reader)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        parts = []
        while size := int((await reader.readline()).split(b";")[0] or b"0", 16):
            parts.append(await reader.readexactly(min(size, MAX_ANSWER)))
            await reader.readexactly(2)
        return HttpResponse(status, headers, b"".join(parts))
    if "content-length" in headers:
        return HttpResponse(status, headers, await reader.readexactly(min(int(headers["content-length"]), MAX_ANSWER)))
    return HttpResponse(status, headers, b"" if status in {101, 204, 304} else await reader.read(MAX_ANSWER))


async def _response_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name
    }
    return int(lines[0].split()[1]), headers


class WebSocket:
    """The client's side of RFC 6455 on an open connection, for text messages only."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def open(self, host: str, port: int, path: str) -> int:
        """Upgrade the connection. Returns the status, which is 101 if the server agreed."""
        headers = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Sec-WebSocket-Version": "13",
        }
        self._writer.write(_head("GET", host, port, path, headers))
        await self._writer.drain()
        return (await _response_head(self._reader))[0]

    async def send(self, text: str) -> None:
        await self._frame(0x1, text.encode())

    async def _frame(self, opcode: int, data: bytes) -> None:
        mask = os.urandom(4)
        size = len(data)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))
        self._writer.write(bytes([0x80 | opcode]) + length + mask + masked)
        await self._writer.drain()

    async def receive(self) -> str | None:
        """The next text message; None when the server closes."""
        while True:
            first, second = await self._reader.readexactly(2)
            size = second & 0x7F
            if size == 126:
                (size,) = struct.unpack(">H", await self._reader.readexactly(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", await self._reader.readexactly(8))
            data = await self._reader.readexactly(min(size, MAX_ANSWER))
            if first & 0xF == 0x1:
                return data.decode("utf-8", "replace")
            if first & 0xF == 0x8:
                return None
            if first & 0xF == 0x9:
                await self._frame(0xA, data)

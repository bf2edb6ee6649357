"""Servers that send something other than TLS, or TLS that current OpenSSL refuses to speak. No cryptography here."""

from __future__ import annotations

import asyncio
import socket
import struct

from explorer.tls.faults.recipe import Script

LIMIT = 1 << 16


async def client_hello(reader: asyncio.StreamReader) -> bytes:
    """The ClientHello: the body of the first TLS record that the client sends (RFC 8446 section 5.1).

    Raises asyncio.IncompleteReadError if the client leaves."""
    header = await reader.readexactly(5)
    return await reader.readexactly(int.from_bytes(header[3:5], "big"))


def cipher_suites(hello: bytes) -> list[int]:
    """The numbers of the cipher suites that a ClientHello (with its handshake header) offers; empty if cut short."""
    try:
        at = 4 + 2 + 32
        at += 1 + hello[at]
        length = int.from_bytes(hello[at : at + 2], "big")
        suites = hello[at + 2 : at + 2 + length]
        return [int.from_bytes(suites[i : i + 2], "big") for i in range(0, len(suites) - 1, 2)]
    except IndexError:
        return []


async def cut_with_reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read the ClientHello, then reset the connection (RST), as a firewall does."""
    await client_hello(reader)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def cut_with_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read the ClientHello and return. The front then closes the connection normally (FIN)."""
    await client_hello(reader)


async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read and never answer, until the client gives up."""
    while await reader.read(LIMIT):
        pass


async def plain_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A plain HTTP server that answers a ClientHello with «400 Bad Request», as nginx and Node.js do."""
    await reader.read(LIMIT)
    body = b"<html><h1>400 Bad Request</h1></html>"
    head = f"HTTP/1.1 400 Bad Request\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)


def alert(code: int) -> Script:
    """A server that answers every ClientHello with one fatal alert (RFC 8446 section 6)."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await client_hello(reader)
        writer.write(bytes([21, 3, 3, 0, 2, 2, code]))

    return script


def server_hello(version: int, cipher: int) -> bytes:
    """A ServerHello record of SSL 3.0 to TLS 1.2, without extensions (RFC 5246 section 7.4.1.3)."""
    body = version.to_bytes(2, "big") + bytes(32) + b"\x00" + cipher.to_bytes(2, "big") + b"\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return b"\x16" + version.to_bytes(2, "big") + len(message).to_bytes(2, "big") + message


def only_cipher(version: int, cipher: int) -> Script:
    """A server with one cipher suite: it chooses that suite, or sends the alert handshake_failure (40)."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = await client_hello(reader)
        offered = cipher in cipher_suites(hello)
        writer.write(server_hello(version, cipher) if offered else bytes([21, 3, 3, 0, 2, 2, 40]))
        await writer.drain()
        await reader.read(LIMIT)

    return script


def only_version(version: int, cipher: int) -> Script:
    """A server that always chooses one old version of TLS, whatever the client offers, as old servers did."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await client_hello(reader)
        writer.write(server_hello(version, cipher))
        await writer.drain()
        await reader.read(LIMIT)

    return script


def says(data: bytes) -> Script:
    """A server that answers a ClientHello with these bytes and closes."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await client_hello(reader)
        writer.write(data)
        await writer.drain()

    return script

"""Sends a raw ClientHello and reads the reply, for protocols and ciphers that current OpenSSL refuses to speak.

Only the plaintext part of a handshake is written and read (RFC 8446 section 4.1.2, RFC 5246 section 7.4); there is no
cryptography. Every reader accepts hostile bytes and raises nothing but `ValueError`.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from types import MappingProxyType

MODERN = (0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014, 0x009C, 0x009D, 0x002F, 0x0035)
"""The suites that Chromium offers below TLS 1.3. They include CBC with SHA-1, which Chromium still accepts."""

SUITES = MappingProxyType(
    {
        0x0001: "TLS_RSA_WITH_NULL_MD5",
        0x0002: "TLS_RSA_WITH_NULL_SHA",
        0x003B: "TLS_RSA_WITH_NULL_SHA256",
        0xC006: "TLS_ECDHE_ECDSA_WITH_NULL_SHA",
        0xC010: "TLS_ECDHE_RSA_WITH_NULL_SHA",
        0x0004: "TLS_RSA_WITH_RC4_128_MD5",
        0x0005: "TLS_RSA_WITH_RC4_128_SHA",
        0xC007: "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
        0xC011: "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
        0x000A: "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
        0xC008: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA",
        0xC012: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
        0x0016: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA",
        0x0009: "TLS_RSA_WITH_DES_CBC_SHA",
        0x0003: "TLS_RSA_EXPORT_WITH_RC4_40_MD5",
        0x0008: "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA",
        0x0018: "TLS_DH_anon_WITH_RC4_128_MD5",
        0x0034: "TLS_DH_anon_WITH_AES_128_CBC_SHA",
        0xC018: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA",
        0x0007: "TLS_RSA_WITH_IDEA_CBC_SHA",
        0x0096: "TLS_RSA_WITH_SEED_CBC_SHA",
        0x0033: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
        0x0039: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
        0x0067: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
        0x006B: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
        0x009E: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
        0x009F: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
        0x003C: "TLS_RSA_WITH_AES_128_CBC_SHA256",
        0x003D: "TLS_RSA_WITH_AES_256_CBC_SHA256",
        0xC023: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        0xC024: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
        0xC027: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
        0xC028: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
        0xC009: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
        0xC00A: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        0x0041: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA",
        0x0084: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA",
    }
)
"""Number → name of cipher suites that Chromium does not offer: broken, anonymous or merely obsolete ones."""

OLD = (*MODERN, *SUITES)

MAX_ANSWER = 1 << 18
"""Largest part of a server's first flight that is read, in bytes."""


def broken(suite: str) -> bool:
    """Whether a cipher suite no longer gives any protection. A suite that is merely obsolete is not broken."""
    return any(word in suite for word in ("NULL", "RC4", "DES", "EXPORT", "anon", "IDEA", "SEED"))


def suite_name(code: int) -> str:
    return SUITES.get(code, f"suite 0x{code:04x}")


@dataclass(frozen=True, slots=True)
class ServerReply:
    """A server's reply to a ClientHello.

    `kind` is `hello`, `alert`, `not-tls`, `closed`, `reset`, `timeout`, `garbled`, or `unreachable` (no TCP
    connection). `chain` holds DER certificates if they were sent in plaintext."""

    kind: str
    version: int = 0
    cipher: int = 0
    alert: int = 0
    chain: tuple[bytes, ...] = field(default=(), repr=False)
    raw: bytes = field(default=b"", repr=False)


def _block(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data


def client_hello(version: int, suites: tuple[int, ...], sni: str | None, random: bytes) -> bytes:
    """A ClientHello record for SSL 3.0 to TLS 1.2. `random` is 32 bytes long."""
    extensions = b""
    if sni and not sni.replace(".", "").isdigit() and ":" not in sni:
        name = b"\x00" + _block(sni.encode("ascii", "ignore"), 2)
        extensions += b"\x00\x00" + _block(_block(name, 2), 2)
    extensions += b"\x00\x0a" + _block(_block(b"\x00\x1d\x00\x17\x00\x18\x00\x19", 2), 2)  # x25519, P-256, P-384, P-521
    extensions += b"\x00\x0b" + _block(_block(b"\x00", 1), 2)  # uncompressed points
    if version >= 0x0303:
        algorithms = bytes.fromhex("04030503060308040805080604010501060102030201")
        extensions += b"\x00\x0d" + _block(_block(algorithms, 2), 2)
    extensions += b"\xff\x01" + _block(b"\x00", 2)  # renegotiation_info (RFC 5746)
    body = version.to_bytes(2, "big") + random + b"\x00"
    body += _block(b"".join(s.to_bytes(2, "big") for s in suites), 2) + b"\x01\x00"
    if version > 0x0300:
        body += _block(extensions, 2)
    message = b"\x01" + _block(body, 3)
    record = 0x0300 if version == 0x0300 else 0x0301
    return b"\x16" + record.to_bytes(2, "big") + _block(message, 2)


def _records(data: bytes) -> list[tuple[int, bytes]]:
    """The complete records at the start of `data`, as content type and body."""
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        if data[at] not in (20, 21, 22, 23) or data[at + 1] != 3:
            raise ValueError("no TLS record")
        if at + 5 + length > len(data):
            break
        found.append((data[at], data[at + 5 : at + 5 + length]))
        at += 5 + length
    return found


def _messages(handshake: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at + 4 <= len(handshake):
        length = int.from_bytes(handshake[at + 1 : at + 4], "big")
        if at + 4 + length > len(handshake):
            break
        found.append((handshake[at], handshake[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def certificate_list(body: bytes) -> tuple[bytes, ...]:
    """The DER certificates of a Certificate message (TLS 1.2 and below). A truncated certificate is left out."""
    found: list[bytes] = []
    at = 3
    while at + 3 <= len(body) and len(found) < 128:
        length = int.from_bytes(body[at : at + 3], "big")
        if length == 0 or at + 3 + length > len(body):
            break
        found.append(body[at + 3 : at + 3 + length])
        at += 3 + length
    return tuple(found)


def read_reply(data: bytes) -> ServerReply | None:
    """The reply in these bytes, or None if more bytes are needed. Never raises."""
    if not data:
        return None
    if data[0] not in (21, 22) or (len(data) > 1 and data[1] != 3):
        return ServerReply("not-tls", raw=data[:256])
    try:
        records = _records(data)
    except ValueError:
        return ServerReply("garbled", raw=data[:256])
    if records and records[0][0] == 21 and len(records[0][1]) >= 2:
        return ServerReply("alert", alert=records[0][1][1], raw=data[:256])
    messages = _messages(b"".join(body for kind, body in records if kind == 22))
    if not messages:
        return ServerReply("garbled", raw=data[:256]) if len(data) > 1 << 15 else None
    kind, hello = messages[0]
    if kind != 2 or len(hello) < 38:
        return ServerReply("garbled", raw=data[:256])
    at = 34 + 1 + hello[34]
    version, cipher = int.from_bytes(hello[:2], "big"), int.from_bytes(hello[at : at + 2], "big")
    chains = [certificate_list(body) for kind, body in messages if kind == 11]
    done = bool(chains) or any(kind in (14, 12) for kind, _ in messages[1:]) or any(kind != 22 for kind, _ in records)
    answer = ServerReply("hello", version, cipher, chain=chains[0] if chains else (), raw=data[:256])
    return answer if done else None


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: bytes, timeout: float, patience: float = 0.5
) -> ServerReply:
    """Send a ClientHello and read the reply, for at most `timeout` seconds and `MAX_ANSWER` bytes.

    After a ServerHello, more data is awaited for only `patience` seconds at a time. The connection stays open.
    """
    data = b""
    try:
        writer.write(hello)
        await writer.drain()
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout
        while len(data) < MAX_ANSWER:
            limit = until - loop.time()
            if _server_hello(data) is not None:
                limit = min(limit, patience)
            async with asyncio.timeout(max(limit, 0)):
                piece = await reader.read(1 << 14)
            data += piece
            answer = read_reply(data)
            if answer is not None:
                return answer
            if not piece:
                return _server_hello(data) or ServerReply("garbled" if data else "closed", raw=data[:256])
    except TimeoutError:
        return _server_hello(data) or ServerReply("garbled" if data else "timeout", raw=data[:256])
    except OSError:
        return _server_hello(data) or ServerReply("garbled" if data else "reset", raw=data[:256])
    return _server_hello(data) or ServerReply("garbled", raw=data[:256])


def _server_hello(data: bytes) -> ServerReply | None:
    """The reply if the bytes hold a whole ServerHello, even though the server's flight is incomplete; else None."""
    if not data or data[0] != 22:
        return None
    answer = read_reply(data + b"\x16\x03\x03\x00\x04\x0e\x00\x00\x00")
    return answer if answer is not None and answer.kind == "hello" else None


def fresh_random() -> bytes:
    return os.urandom(32)

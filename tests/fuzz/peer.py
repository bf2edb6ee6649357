"""A TLS server on loopback that answers with damaged bytes, and what the probe makes of it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import cache

from cryptography import x509

from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import server_context
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Terms, show
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore

Damage = Callable[[bytes, random.Random], bytes]
NAME = "desk.test"
PATIENCE = 0.4
"""Seconds for each of the probe's connections."""
_SILENT = 0.02
"""Part of the servers that hold the connection open after what they said."""


@cache
def _authority() -> Authority:
    return Authority.create()


@cache
def _contexts() -> tuple[ssl.SSLContext, ...]:
    """A server of TLS 1.2 and one of TLS 1.3."""
    served = show(_authority().leaf([NAME]))
    two = Terms(maximum=ssl.TLSVersion.TLSv1_2)
    return server_context(served, two, _authority()), server_context(served, Terms(), _authority())


@cache
def _trust() -> TrustStore:
    return TrustStore((), (x509.load_pem_x509_certificate(_authority().root_pem),), "the server's own root")


def seeds(chance: random.Random) -> Iterator[bytes]:
    """What a server does is told by a number: which version it speaks, what it damages, whether it hangs."""
    while True:
        yield chance.randbytes(8)


class _Peer:
    """One server's way to answer. Records of a real handshake are damaged on their way, or rubbish is sent at once."""

    def __init__(self, chance: random.Random, damage: Damage, sent: list[bytes]) -> None:
        self.chance, self.damage, self.sent = chance, damage, sent
        self.context = chance.choice(_contexts())
        self.spared = chance.randrange(2)
        """Answers that go out as they are, before the first damaged one."""
        self.rubbish = chance.random() < 0.2
        self.silent = chance.random() < _SILENT

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        enough = (OSError, asyncio.CancelledError)  # of the probe, of OpenSSL, of the test
        with contextlib.closing(writer), contextlib.suppress(*enough):
            await (self._rubbish(reader, writer) if self.rubbish else self._handshake(reader, writer))
            await writer.drain()
            if self.silent:
                await reader.read()

    async def _rubbish(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1 << 14)
        kind, length = self.chance.choice([20, 21, 22, 23, 72]), self.chance.randrange(1 << 16)
        head = bytes([kind, 3, self.chance.randrange(5)]) + length.to_bytes(2, "big")
        self._say(writer, head + self.chance.randbytes(200))

    def _say(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        self.sent.append(data)
        writer.write(data)

    async def _handshake(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inward, outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = self.context.wrap_bio(inward, outward, server_side=True)
        for number in range(6):
            data = await reader.read(1 << 14)
            if not data:
                return
            inward.write(data)
            with contextlib.suppress(ssl.SSLWantReadError):
                server.do_handshake()
            said = outward.read()
            self._say(writer, self.damage(said, self.chance) if said and number >= self.spared else said)
            await writer.drain()


@asynccontextmanager
async def _serving(peer: _Peer) -> AsyncIterator[int]:
    server = await asyncio.start_server(peer.answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def look(data: bytes, damage: Damage, sent: list[bytes]) -> bool:
    """Probe such a server and diagnose it. It raises nothing, whatever the server does.

    Takes down in `sent` what the server says, answer by answer. Returns whether the probe got its certificates."""

    async def one() -> bool:
        async with _serving(_Peer(random.Random(data), damage, sent)) as port:
            evidence = await probe(NAME, port, address="127.0.0.1", timeout=PATIENCE, offline=True, trust=_trust())
            diagnose(evidence)
            return bool(evidence.chain)

    return asyncio.run(one())

"""A server that staples, as clients and the probe meet it."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime

import pytest

from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.stapling import ocsp_answer
from explorer.tls.revocation import read_ocsp


@pytest.mark.parametrize(("revoked", "word"), [(True, "revoked"), (False, "good")])
def test_an_answer_says_what_it_was_made_to_say(authority: Authority, revoked: bool, word: str) -> None:
    leaf = authority.leaf(["desk.test"])
    issuer = authority.intermediate.certificate
    answer = ocsp_answer(authority, leaf, revoked=revoked)
    assert read_ocsp(answer, leaf.certificate, issuer, datetime.now(tz=UTC)) == word


async def test_a_stapling_server_speaks_to_ordinary_clients(authority: Authority) -> None:
    context = ssl.create_default_context(cadata=authority.root_pem.decode())
    async with await serve(authority, ["desk.test"], None, "healthy-stapled") as front:
        for _ in range(2):
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", front.port, ssl=context, server_hostname="desk.test"
            )
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert b"200 OK" in await reader.read()
            writer.close()
        assert (front.handshakes, front.refused) == (2, 0)


async def test_a_client_that_refuses_or_leaves_is_counted_and_does_no_harm(authority: Authority) -> None:
    stranger = ssl.create_default_context(cadata=Authority.create("Other").root_pem.decode())
    async with await serve(authority, ["desk.test"], None, "revoked-stapled") as front:
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", front.port, ssl=stranger, server_hostname="desk.test")
        _, writer = await asyncio.open_connection("127.0.0.1", front.port)
        writer.write(b"\x16\x03\x01\x00\x05hello")
        writer.close()
        context = ssl.create_default_context(cadata=authority.root_pem.decode())
        _, writer = await asyncio.open_connection("127.0.0.1", front.port, ssl=context, server_hostname="desk.test")
        writer.close()

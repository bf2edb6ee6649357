"""Servers that mean harm: whatever they send, a probe ends in time with a diagnosis and without an exception."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority, CertificateSpec, issue
from explorer.tls.faults.recipe import Fault, Script, Served, Workshop, show
from explorer.tls.faults.scripts import client_hello, says, server_hello
from explorer.tls.probe import probe
from explorer.tls.probe_outcome import as_json, judge_host
from flows.diagnosis import Cause, Evidence

Look = Callable[..., Awaitable[Evidence]]


def record(kind: int, body: bytes) -> bytes:
    return bytes([kind, 3, 3]) + len(body).to_bytes(2, "big") + body


def certificate_message(*entries: bytes) -> bytes:
    """A Certificate message in as many records as it takes (RFC 5246 section 7.4.2)."""
    listed = b"".join(len(e).to_bytes(3, "big") + e for e in entries)
    body = len(listed).to_bytes(3, "big") + listed
    message = b"\x0b" + len(body).to_bytes(3, "big") + body
    return b"".join(record(22, message[i : i + 16000]) for i in range(0, len(message), 16000))


async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A handshake message that promises 16 MB and is fed for as long as anybody listens."""
    await client_hello(reader)
    writer.write(record(22, b"\x02\xff\xff\xff" + b"\x00" * 8000))
    while True:
        writer.write(record(22, b"\x00" * 16000))
        await writer.drain()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One byte at a time, and none of it the end."""
    await client_hello(reader)
    for byte in record(22, b"\x02\x00\x10\x00" + b"\x00" * 4000):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.02)


ROGUES: dict[str, Script] = {
    "random": says(random.Random(1).randbytes(5000)),
    "random-in-records": says(record(22, random.Random(2).randbytes(3000))),
    "empty-records": says(record(22, b"") * 3000),
    "endless": endless,
    "drip": drip,
    "ten-megabyte-certificate": says(server_hello(0x0303, 0xC02F) + certificate_message(b"\x30" * (10 << 20))),
    "hundred-certificates": says(server_hello(0x0303, 0xC02F) + certificate_message(*[b"\x30\x03\x02\x01\x01"] * 100)),
    "alert-storm": says(record(21, b"\x01\x5a") * 5000),
    "alert-of-no-known-number": says(record(21, b"\x02\xee")),
    "half-a-record": says(b"\x16\x03\x03\x40\x00\x02"),
    "server-hello-of-no-known-version": says(server_hello(0x7F12, 0xC02F)),
    "control-characters": says(b"\x1b]0;owned\x07\x1b[31m" + b"<script>alert(1)</script>" * 40),
}


@pytest.mark.parametrize("name", ROGUES)
async def test_whatever_comes_there_is_a_diagnosis(name: str, look: Look) -> None:
    evidence = await look(Fault(name, None, "", script=ROGUES[name]), timeout=1.0)
    diagnosis = diagnose(evidence)
    assert diagnosis.causes
    assert Cause.UNKNOWN_TLS in diagnosis.causes or diagnosis.causes[0] in (
        Cause.NOT_TLS,
        Cause.CONNECTION_CUT,
        Cause.HANDSHAKE_TIMEOUT,
        Cause.WEAK_PROTOCOL,
        Cause.WEAK_CIPHER,
    ), diagnosis.why
    assert diagnosis.why.isprintable()
    assert as_json([judge_host(evidence, evidence.observed_at)])["hosts"][0]["causes"]


def odd(mint: Callable[[Workshop], Served]) -> Fault:
    return Fault("odd", None, "", mint)


async def test_a_chain_of_a_hundred_is_cut_and_judged(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        others = [issue([f"n{n}.test"], None, CertificateSpec(), shop.authority.now).certificate for n in range(99)]
        return show(shop.authority.leaf(shop.names), *others)

    evidence = await look(odd(mint))
    assert diagnose(evidence).causes == ()
    assert len(evidence.chain) <= 32


async def test_control_characters_and_nul_in_names_never_reach_the_screen_and_match_nothing(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        return show(
            shop.authority.leaf(
                ["chat.desk.test\x00.evil.test", "\x1b[31m.test"], CertificateSpec(common_name="a\nb\x00c")
            )
        )

    evidence = await look(odd(mint))
    diagnosis = diagnose(evidence)
    assert Cause.HOSTNAME_MISMATCH in diagnosis.causes
    texts = [evidence.chain[0].subject, *evidence.chain[0].names, diagnosis.why]
    assert all(t.isprintable() for t in texts)


async def test_a_certificate_that_lived_for_a_day_is_over(look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        return show(shop.authority.leaf(shop.names, CertificateSpec(days=(-3, -2))))

    assert diagnose(await look(odd(mint))).causes == (Cause.EXPIRED,)


async def test_issuers_that_point_at_each_other_end(look: Look, authority: Authority) -> None:
    """AIA of the leaf → A, of A → B, of B → A: two strangers who vouch for each other."""
    asked: list[str] = []

    def mint(shop: Workshop) -> Served:
        made: dict[str, x509.Certificate] = {}

        def answer(name: str) -> Callable[[bytes], bytes]:
            def give(_: bytes) -> bytes:
                asked.append(name)
                return made[name].public_bytes(Encoding.DER)

            return give

        url = {name: shop.publish(f"/{name}", answer(name)) for name in ("a", "b")}
        stranger = Authority.create("Loop", now=shop.authority.now)
        a = stranger.sub_authority(CertificateSpec(days=(-9, 90), aia=url["b"]), name="Loop A")
        b = stranger.sub_authority(CertificateSpec(days=(-9, 90), aia=url["a"]), by=a, name="Loop B")
        # A again, this time issued by B: the loop is closed.
        again = stranger.sub_authority(CertificateSpec(days=(-9, 90), aia=url["b"]), by=b, name="Loop A")
        made.update(a=again.certificate, b=b.certificate)
        leaf = stranger.leaf(shop.names, CertificateSpec(aia=url["a"]), by=again)
        return Served(leaf.key_pem, (leaf.certificate,))

    evidence = await look(odd(mint))
    assert diagnose(evidence).causes == (Cause.UNTRUSTED_CA,)
    assert 1 <= len(asked) <= 4


@pytest.mark.parametrize(
    "body", [b"", b"not a certificate", b"\x30\x82" + b"\xff" * 200_000, random.Random(3).randbytes(999)]
)
async def test_an_issuer_url_that_gives_rubbish_leaves_the_chain_incomplete(body: bytes, look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        leaf = shop.authority.leaf(shop.names, CertificateSpec(aia=shop.static("/rubbish", body)))
        return Served(leaf.key_pem, (leaf.certificate,))

    assert diagnose(await look(odd(mint))).causes[:1] == (Cause.INCOMPLETE_CHAIN,)


@pytest.mark.parametrize("path", ["crl", "ocsp"])
async def test_a_revocation_service_that_gives_rubbish_revokes_nothing(path: str, look: Look) -> None:
    def mint(shop: Workshop) -> Served:
        url = shop.static(f"/{path}", random.Random(4).randbytes(4000))
        return show(
            shop.authority.leaf(shop.names, CertificateSpec(crl=url) if path == "crl" else CertificateSpec(ocsp=url))
        )

    evidence = await look(odd(mint))
    assert diagnose(evidence).causes == ()
    assert evidence.facts["revocation"].startswith("no usable response")


async def test_offline_asks_nobody_but_the_host(authority: Authority, root_file: Path) -> None:
    for fault in ("incomplete-chain-aia", "revoked", "revoked-ocsp"):
        async with await serve(authority, ["chat.desk.test"], None, fault) as front:
            await probe("chat.desk.test", front.port, address=front.address, ca=[root_file], offline=True)
            assert front.fetched == ()

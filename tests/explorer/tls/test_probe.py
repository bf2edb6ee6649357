"""How a probe gets there: names, addresses, proxies, SNI; and what it fetches on the way."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from explorer.tls.connect import proxy_for
from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority, CertificateSpec, Issued
from explorer.tls.faults.publish import Publisher
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.fetch import fetch
from explorer.tls.probe import probe
from explorer.tls.revocation import read_ocsp
from explorer.tls.stream import CHUNK
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Evidence

Look = Callable[..., Awaitable[Evidence]]


async def test_evidence_holds_what_was_seen(look: Look) -> None:
    evidence = await look("healthy")
    assert (evidence.protocol, evidence.protocols_offered) == ("TLSv1.3", ("TLSv1.3", "TLSv1.2"))
    assert [c.subject for c in evidence.chain] == ["CN=chat.desk.test", "CN=Trustwalk Test Issuing CA"]
    assert evidence.facts["anchor"] == "CN=Trustwalk Test Root CA"
    assert (evidence.server_software, evidence.facts["http-status"]) == ("nginx", "200")
    assert evidence.server_clock is not None
    assert abs(evidence.server_clock - evidence.observed_at) < timedelta(minutes=5)
    assert evidence.trust_store.endswith("root.pem")
    assert evidence.route == "direct"
    assert evidence.name_matches is True
    assert evidence.verify_faults == ()


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", None), ("::1", None), ("bücher.test", "127.0.0.1"), ("localhost", None)]
)
async def test_addresses_and_names_in_other_scripts_are_hosts_too(
    host: str, address: str | None, authority: Authority, trust: TrustStore
) -> None:
    where = host if ":" in host else "127.0.0.1"
    async with await serve(authority, [host], None, address=where) as front:
        evidence = await probe(host, front.port, address=address, trust=trust)
    assert evidence.address == where
    assert diagnose(evidence).causes == ()
    assert evidence.sni == {"bücher.test": "xn--bcher-kva.test", "localhost": "localhost"}.get(host)


async def test_another_name_in_the_handshake_shows_what_others_get(authority: Authority, trust: TrustStore) -> None:
    async with await serve(authority, ["chat.desk.test"], None, "needs-sni") as front:
        evidence = await probe("chat.desk.test", front.port, address="127.0.0.1", sni="", trust=trust)
    assert diagnose(evidence).causes == (Cause.HOSTNAME_MISMATCH,)


@asynccontextmanager
async def proxy(*, status: str = "200 OK") -> AsyncIterator[tuple[int, list[str]]]:
    """A proxy that knows CONNECT, and where everything lives: on loopback."""
    asked: list[str] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
            writer.write_eof()

    async def shut(writer: asyncio.StreamWriter) -> None:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    handlers: list[asyncio.Task[None] | None] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.current_task())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head)
        writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
        if status.startswith("200"):
            there, away = await asyncio.open_connection("127.0.0.1", int(head.split(" ")[1].rpartition(":")[2]))
            await asyncio.gather(pump(reader, away), pump(there, writer))
            await shut(away)
        await shut(writer)

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], asked
    await asyncio.gather(*(h for h in handlers if h is not None))


async def test_a_host_behind_a_proxy_is_reached_through_it(
    authority: Authority, trust: TrustStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with await serve(authority, ["far.desk.test"], None, "expired") as front, proxy() as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:p%40ss@127.0.0.1:{port}")
        evidence = await probe("far.desk.test", front.port, trust=trust, offline=True, third_party=True)
    assert diagnose(evidence).causes == (Cause.EXPIRED,)
    assert (evidence.route, evidence.address) == (f"proxy 127.0.0.1:{port}", None)
    assert asked[0].startswith(f"CONNECT far.desk.test:{front.port} ")
    assert "Proxy-Authorization: Basic dXNlcjpwQHNz" in asked[0]


async def test_a_proxy_that_refuses_is_no_tls_failure(trust: TrustStore, monkeypatch: pytest.MonkeyPatch) -> None:
    async with proxy(status="403 Forbidden") as (port, _):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        evidence = await probe("far.desk.test", 443, trust=trust)
    assert not evidence.tcp_connected
    assert "403" in (evidence.error or "")
    assert diagnose(evidence).causes == ()


def test_no_proxy_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("NO_PROXY", "desk.test")
    assert proxy_for("chat.desk.test") is None
    assert proxy_for("elsewhere.test") == ("127.0.0.1", 3128, "")


async def test_an_issuer_seen_at_another_host_completes_the_chain(look: Look) -> None:
    other = await look("healthy")
    evidence = await look("incomplete-chain", known=other.chain, offline=True)
    assert evidence.facts["missing"] == "completed"
    assert "BEGIN CERTIFICATE" in evidence.facts["missing-pem"]


async def test_a_bare_leaf_of_which_nothing_is_known_is_called_incomplete_first_and_untrusted_second(
    look: Look,
) -> None:
    def mint(shop: Workshop) -> Served:
        leaf = Authority.create("Nobody Knows", now=shop.authority.now).leaf(shop.names)
        return Served(leaf.key_pem, (leaf.certificate,))

    evidence = await look(Fault("bare", None, "", mint))
    assert diagnose(evidence).causes == (Cause.INCOMPLETE_CHAIN, Cause.UNTRUSTED_CA)


async def test_a_client_certificate_refused_after_the_handshake_is_seen_too(look: Look) -> None:
    """In TLS 1.3 the refusal comes when the client believes itself connected."""
    evidence = await look(
        Fault("strict-13", None, "", terms=Terms(minimum=ssl.TLSVersion.TLSv1_3, client_certificate="strict"))
    )
    assert diagnose(evidence).causes == (Cause.CLIENT_CERTIFICATE_REQUIRED,)


async def test_a_server_that_only_asks_for_a_client_certificate_is_no_fault(look: Look, authority: Authority) -> None:
    async def backend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    def context(leaf: Issued) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(leaf.key_pem + b"".join(c.public_bytes(Encoding.PEM) for c in leaf.chain))
            file.flush()
            made.load_cert_chain(file.name)
        made.verify_mode = ssl.CERT_OPTIONAL
        made.load_verify_locations(cadata=authority.root_pem.decode())
        return made

    server = await asyncio.start_server(backend, "127.0.0.1", 0, ssl=context(authority.leaf(["chat.desk.test"])))
    async with server:
        port = server.sockets[0].getsockname()[1]
        trust = TrustStore((), (authority.root.certificate,), "ours")
        evidence = await probe("chat.desk.test", port, address="127.0.0.1", trust=trust)
    assert evidence.client_certificate_requested is True
    assert diagnose(evidence).causes == ()


def _stapled(
    authority: Authority, leaf: Issued, status: ocsp.OCSPCertStatus, *, by: Issued | None = None, age: int = 0
) -> bytes:
    now = datetime.now(tz=UTC).replace(microsecond=0) - timedelta(days=age)
    signer = by or authority.intermediate
    revoked = status is ocsp.OCSPCertStatus.REVOKED
    builder = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=leaf.certificate,
            issuer=authority.intermediate.certificate,
            algorithm=hashes.SHA1(),
            cert_status=status,
            this_update=now,
            next_update=now + timedelta(days=1),
            revocation_time=now if revoked else None,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate)
    )
    if signer is not authority.intermediate:
        builder = builder.certificates([signer.certificate])
    return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_an_ocsp_answer_counts_only_if_it_is_ours_fresh_and_signed(authority: Authority) -> None:
    leaf, issuer, now = authority.leaf(["desk.test"]), authority.intermediate.certificate, datetime.now(tz=UTC)
    good, bad = ocsp.OCSPCertStatus.GOOD, ocsp.OCSPCertStatus.REVOKED
    assert read_ocsp(_stapled(authority, leaf, good), leaf.certificate, issuer, now) == "good"
    assert read_ocsp(_stapled(authority, leaf, bad), leaf.certificate, issuer, now) == "revoked"
    assert read_ocsp(_stapled(authority, leaf, bad, age=9), leaf.certificate, issuer, now) == ""
    assert read_ocsp(_stapled(authority, authority.leaf(["x.test"]), bad), leaf.certificate, issuer, now) == ""
    forged = _stapled(authority, leaf, bad, by=Authority.create("Trustwalk Test").intermediate)
    assert read_ocsp(forged, leaf.certificate, issuer, now) == ""


def test_only_a_certificate_for_that_may_sign_ocsp_answers_in_its_issuers_name(authority: Authority) -> None:
    leaf, issuer, now = authority.leaf(["desk.test"]), authority.intermediate.certificate, datetime.now(tz=UTC)
    good = ocsp.OCSPCertStatus.GOOD
    responder = authority.leaf(["ocsp.test"], CertificateSpec(eku=(ExtendedKeyUsageOID.OCSP_SIGNING,)))
    assert read_ocsp(_stapled(authority, leaf, good, by=responder), leaf.certificate, issuer, now) == "good"
    itself = _stapled(authority, leaf, good, by=leaf)  # a revoked server would say so of itself
    assert read_ocsp(itself, leaf.certificate, issuer, now) == ""


async def test_fetching_is_bounded_and_only_http() -> None:
    publisher = Publisher()
    await publisher.start()
    url = publisher.publish("/big", lambda _: b"x" * 100_000)
    try:
        assert await fetch(url, 2.0, private=True) == b"x" * 100_000
        assert await fetch(url, 2.0, limit=1000, private=True) is None
        assert await fetch(f"{url}-not", 2.0, private=True) is None
        for other in (
            "file:///etc/hosts",
            "ftp://127.0.0.1/x",
            "http://[",
            "https://127.0.0.1/",
            f"{url} HTTP/1.1\r\nX: y",
        ):
            assert await fetch(other, 2.0, private=True) is None
    finally:
        await publisher.close()


async def test_a_host_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a host name"):
        await probe("not a host", 443)


def test_show_sends_what_a_well_kept_server_sends(authority: Authority, root_file: Path) -> None:
    assert len(show(authority.leaf(["desk.test"], CertificateSpec())).chain) == 2
    assert root_file.read_bytes() == authority.root_pem


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "localhost.",
        "x.localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.1.2.3",
        "169.254.169.254",
    ],
)
async def test_nothing_is_fetched_from_a_private_address(host: str) -> None:
    """However it is written: the URL is chosen by whoever made the certificate."""
    publisher = Publisher()
    await publisher.start()
    url = publisher.publish("/router/reboot", lambda _: b"x")
    try:
        assert await fetch(url.replace("127.0.0.1", host), 1.0) is None
        assert publisher.asked == []
    finally:
        await publisher.close()


async def test_nothing_is_fetched_from_a_name_that_resolves_to_a_private_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publisher = Publisher()
    await publisher.start()
    url = publisher.publish("/router/reboot", lambda _: b"x")
    loop = asyncio.get_running_loop()
    ask = loop.getaddrinfo

    async def one_name(host: str, port: int, **more: Any) -> Any:
        return await ask("127.0.0.1" if host == "pki.shop.example" else host, port, **more)

    monkeypatch.setattr(loop, "getaddrinfo", one_name)
    try:
        named = url.replace("127.0.0.1", "pki.shop.example")
        assert await fetch(named, 2.0) is None
        async with proxy() as (port, asked):
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            assert await fetch(named, 2.0) is None
            assert asked == []
        monkeypatch.delenv("HTTPS_PROXY")
        assert publisher.asked == []
        assert await fetch(named, 2.0, private=True) == b"x"
    finally:
        await publisher.close()


async def test_why_nothing_is_fetched_is_told_where_only_a_proxy_can_resolve_the_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def silent(*_: object, **__: object) -> list[object]:
        await asyncio.Event().wait()
        return []

    async with proxy() as (port, asked):
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", silent)
        told: list[str] = []
        assert await fetch("http://pki.shop.example/issuer", 0.4, told=told.append) is None
        assert asked == []
    assert told == [
        "pki.shop.example was not asked: only the proxy can resolve its name, so it may lead to a private network."
    ]


@pytest.mark.parametrize("fault", ["incomplete-chain-aia", "revoked", "revoked-ocsp"])
async def test_a_certificate_sends_no_probe_to_a_private_network(
    authority: Authority, trust: TrustStore, fault: str
) -> None:
    async with await serve(authority, ["shop.example"], None, fault) as front:
        await probe("shop.example", front.port, address="127.0.0.1", trust=trust)
        assert front.fetched == ()
        await probe("shop.example", front.port, address="127.0.0.1", trust=trust, private=True)
        assert front.fetched != ()
        before = len(front.fetched)
        await probe("localhost", front.port, trust=trust)
        assert len(front.fetched) > before  # the host is private itself


@pytest.mark.parametrize("proxied", [True, False])
async def test_an_issuer_that_is_left_alone_is_told_and_one_that_is_not_there_is_not(
    proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    assert await fetch("http://127.0.0.1:1/ca.der", 2.0, told=told.append) is None
    assert told == ["127.0.0.1 was not asked: it is on this machine or on a private network."]
    told.clear()
    if proxied:
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert await fetch("http://pki.nowhere.invalid/ca.der", 2.0, told=told.append) is None
    assert [("only the proxy can resolve its name" in text) for text in told] == [True] * proxied

"""The virtual device's calls are real handshakes, and fail in Android's words."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from explorer.lab.android.calls import HttpResponse, call
from explorer.lab.android.network import Failed, Network, _pin
from explorer.lab.demo.app import held
from explorer.tls.faults.front import Front, serve
from explorer.tls.faults.mint import Authority

HOST = "chat.desk.test"
ANCHOR = "CertPathValidatorException: Trust anchor for certification path not found."


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


async def fetch(authority: Authority, front: Front, skew: float = 0, pins: set[str] | None = None) -> HttpResponse:
    routes = {(HOST, 443): (front.address, front.port)}
    network = Network(routes, authority.root_pem.decode(), lambda: time.time() + skew, patience=2.0)
    if pins:
        network.pins[HOST] = pins
    return await call(network, HOST, "/")


async def failure(authority: Authority, front: Front, skew: float = 0, pins: set[str] | None = None) -> str:
    with pytest.raises(Failed) as caught:
        await fetch(authority, front, skew, pins)
    return caught.value.trace


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("expired", "CertificateExpiredException: Certificate expired at"),
        ("expired-intermediate", "CertificateExpiredException: Certificate expired at"),
        ("not-yet-valid", "CertificateNotYetValidException: Certificate not valid until"),
        ("hostname-mismatch", f"SSLPeerUnverifiedException: Hostname {HOST} not verified:"),
        ("invalid-certificate-no-san", "subjectAltNames: []"),
        ("invalid-certificate", "End-entity certificate does not have a valid extendedKeyUsage."),
        ("self-signed", ANCHOR),
        ("untrusted-ca", ANCHOR),
        ("incomplete-chain", ANCHOR),
        ("incomplete-chain-aia", ANCHOR),  # Android fetches nothing
        ("interception", ANCHOR),
        ("weak-signature", "Signature uses an insecure hash function"),
        ("weak-protocol", "TLSV1_ALERT_PROTOCOL_VERSION"),
        ("weak-cipher", "HANDSHAKE_FAILURE_ON_CLIENT_HELLO"),
        ("client-certificate-required", "SSLV3_ALERT_HANDSHAKE_FAILURE"),
        ("not-tls", "Unable to parse TLS packet header"),
        ("connection-cut", "SocketException: Connection reset"),
        ("connection-cut-eof", "SSLHandshakeException: connection closed"),
        ("handshake-timeout", "SSL handshake timed out"),
    ],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
async def test_each_fault_fails_in_the_platforms_words(authority: Authority, fault: str, words: str) -> None:
    async with await serve(authority, (HOST,), None, fault) as front:
        trace = await failure(authority, front)
    assert words in trace
    assert "com.android.org.conscrypt" in trace or "okhttp3.internal" in trace


@pytest.mark.parametrize(
    "fault", ["healthy", "healthy-tls12", "healthy-wildcard", "chain-wrong-order", "revoked", "weak-key"]
)
async def test_what_android_takes_is_reached(authority: Authority, fault: str) -> None:
    """It asks for no revocation, and takes keys of 1024 bits."""
    name = "chat.desk.test"
    async with await serve(authority, (name,), None, fault) as front:
        assert (await fetch(authority, front)).ok


async def test_a_refused_client_is_not_told_as_nothing_in_common(authority: Authority) -> None:
    async with await serve(authority, (HOST,), None, "client-certificate-required") as front:
        assert "HANDSHAKE_FAILURE_ON_CLIENT_HELLO" not in await failure(authority, front)


async def test_a_wrong_device_clock_shows_in_the_comparison(authority: Authority) -> None:
    ahead = 4000 * 86_400.0
    async with await serve(authority, (HOST,), None) as front:
        trace = await failure(authority, front, skew=ahead)
    year = datetime.fromtimestamp(time.time() + ahead, UTC).year
    assert "Certificate expired at" in trace and f"{year})" in trace


async def test_pins_are_held_against_the_chain(authority: Authority) -> None:
    async with await serve(authority, (HOST,), None) as front:
        assert (await fetch(authority, front, pins={_pin(authority.intermediate.certificate)})).ok
        assert "Certificate pinning failure!" in await failure(authority, front, pins={"A" * 43 + "="})


async def test_what_is_no_tls_failure_says_so(authority: Authority) -> None:
    roots = authority.root_pem.decode()
    with held() as nobody, pytest.raises(Failed, match="ConnectException"):
        await call(Network({(HOST, 443): nobody.getsockname()}, roots, time.time), HOST, "/")
    with pytest.raises(Failed, match="Unable to resolve host"):
        await call(Network({}, roots, time.time), "nowhere.desk.test", "/")

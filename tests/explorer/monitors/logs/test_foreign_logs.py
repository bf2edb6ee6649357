"""Logs of servers, tools and browsers, pasted as people paste them: each failure has its own causes and its own host."""

from __future__ import annotations

import pytest

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import SignatureBook, make_book


@pytest.fixture(scope="module")
def book() -> SignatureBook:
    return make_book()


def scan(book: SignatureBook, *lines: str) -> list[LogFinding]:
    scanner = LogScanner(book)
    return [*scanner.feed("".join(f"{line}\n" for line in lines).encode()), *scanner.close()]


def told(findings: list[LogFinding]) -> list[tuple[int, str, str, int]]:
    return [(f.line, str(f.causes[0]), f.host, f.port) for f in findings]


VERIFY = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed"
POOL = "HTTPSConnectionPool(host='{}', port=8443): Max retries exceeded with url: /v1 (Caused by SSLError({}))"


def test_lines_of_a_browser_s_console_are_failures_of_their_own(book: SignatureBook) -> None:
    found = scan(
        book,
        "app.js:7 GET https://pay.lamp.example/cart net::ERR_CERT_AUTHORITY_INVALID",
        "GET https://img.lamp.example/a.png 200 (OK)",
        "GET https://help.lamp.example/q net::ERR_CERT_DATE_INVALID",
        "GET https://ads.lamp.example/q net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    )
    assert told(found) == [
        (1, "untrusted-ca", "pay.lamp.example", 0),
        (3, "expired", "help.lamp.example", 0),
        (4, "weak-protocol", "ads.lamp.example", 0),
    ]


@pytest.mark.parametrize(
    "stamp", ["2031-05-06 07:08:0{},123 ", "[2031-05-06T07:08:0{}.1Z] ", "2031/05/06 07:08:0{} ", "0{}:08:01.5 ", ""]
)
def test_a_line_with_a_time_of_any_form_begins_an_entry(book: SignatureBook, stamp: str) -> None:
    found = scan(
        book,
        stamp.format(1)
        + "ERROR sync: "
        + POOL.format("one.lamp.example", f"{VERIFY}: certificate has expired (_ssl.c:1006)"),
        stamp.format(2) + "INFO sync: next",
        stamp.format(3)
        + "ERROR sync: "
        + POOL.format("two.lamp.example", f"{VERIFY}: self-signed certificate (_ssl.c:1006)"),
    )
    assert told(found) == [(1, "expired", "one.lamp.example", 8443), (3, "self-signed", "two.lamp.example", 8443)]


def test_a_traceback_below_its_entry_is_one_failure(book: SignatureBook) -> None:
    found = scan(
        book,
        "2031-05-06 07:08:01,123 ERROR sync: could not sync",
        "Traceback (most recent call last):",
        '  File "sync.py", line 7, in go',
        f"ssl.SSLCertVerificationError: {VERIFY}: certificate has expired (_ssl.c:1006)",
        "",
        "During handling of the above exception, another exception occurred:",
        "Traceback (most recent call last):",
        f"requests.exceptions.SSLError: {POOL.format('api.lamp.example', VERIFY + ': certificate has expired')}",
    )
    assert [str(f.causes[0]) for f in found] == ["expired"] and found[0].host == "api.lamp.example"


def test_apple_s_connections_are_told_apart_by_their_number(book: SignatureBook) -> None:
    found = scan(
        book,
        "Connection 11: default TLS Trust evaluation failed(-9814)",
        "Connection 12: failed to connect 3:-9806, reason -1",
    )
    assert [(f.tag, str(f.causes[0])) for f in found] == [
        ("Connection 11", "expired"),
        ("Connection 12", "connection-cut"),
    ]


UPSTREAM = (
    "2031/05/06 07:08:0{0} [error] 9#9: *{0} upstream SSL certificate verify error: ({1}) while SSL handshaking to upstream, "
    'client: 203.0.113.9, server: shop.lamp.example, request: "GET / HTTP/1.1", upstream: "https://198.51.100.{0}:9443/", host: "shop.lamp.example"'
)


def test_a_proxy_s_failure_belongs_to_the_server_behind_it(book: SignatureBook) -> None:
    found = scan(
        book, UPSTREAM.format(1, "10:certificate has expired"), UPSTREAM.format(2, "18:self-signed certificate")
    )
    assert told(found) == [(1, "expired", "198.51.100.1", 9443), (2, "self-signed", "198.51.100.2", 9443)]


HOSTLESS = {
    "a class is no host": ["E x: Connection reset by peer", "javax.net.ssl.SSLException: Connection reset"],
    "an address in an unrelated line": [
        "Docs are at https://manual.lamp.example/tls",
        "javax.net.ssl.SSLHandshakeException: Chain validation failed",
    ],
    "the client of a server": [
        "2031/05/06 07:08:01 http: TLS handshake error from 203.0.113.9:51000: remote error: tls: bad certificate"
    ],
    "a placeholder": ["javax.net.ssl.SSLPeerUnverifiedException: Hostname <server> not verified"],
    "a null": ["javax.net.ssl.SSLPeerUnverifiedException: Hostname null not verified"],
    "any address": [
        "SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca) while SSL handshaking, client: 203.0.113.9, server: 0.0.0.0:443"
    ],
}


@pytest.mark.parametrize("lines", HOSTLESS.values(), ids=HOSTLESS)
def test_what_is_no_host_is_not_told_as_one(book: SignatureBook, lines: list[str]) -> None:
    (finding,) = scan(book, *lines)
    assert (finding.host, finding.port) == ("", 0)


NAMED = {
    f"aiohttp: Cannot connect to host a.lamp.example:8443 ssl:True [{VERIFY}: certificate has expired]": ("a.lamp.example", 8443),
    "SSL_connect returned=1 errno=0 peeraddr=198.51.100.4:587 state=error: certificate verify failed (certificate has expired)": ("198.51.100.4", 587),
    'OpenSSL::SSL::SSLError: hostname "mail.lamp.example" does not match the server certificate': ("mail.lamp.example", 0),
    "request to https://cdn.lamp.example/a.json failed, reason: certificate has expired": ("cdn.lamp.example", 0),
}  # fmt: skip


@pytest.mark.parametrize("line", NAMED)
def test_a_host_that_a_tool_names_in_its_own_way_is_taken(book: SignatureBook, line: str) -> None:
    (finding,) = scan(book, line)
    assert (finding.host, finding.port) == NAMED[line]


@pytest.mark.parametrize(
    ("line", "first"),
    [
        (
            "http: TLS handshake error from 203.0.113.9:1: remote error: tls: unknown certificate authority",
            "untrusted-ca",
        ),
        (
            'error when serving connection "198.51.100.4:443"<->"203.0.113.9:1": remote error: tls: unknown certificate',
            "untrusted-ca",
        ),
        ("1930000000: OpenSSL Error[0]: error:0A000418:SSL routines::tlsv1 alert unknown ca", "untrusted-ca"),
        (
            "http: TLS handshake error from 203.0.113.9:1: tls: client didn't provide a certificate",
            "client-certificate-required",
        ),
    ],
)
def test_an_alert_that_a_server_reads_is_about_its_own_certificate(book: SignatureBook, line: str, first: str) -> None:
    (finding,) = scan(book, line)
    assert str(finding.causes[0]) == first


CHAIN = [" 0 s:CN = api.lamp.example", "   i:{}", "---", "verify error:num=20:unable to get local issuer certificate"]


@pytest.mark.parametrize(
    ("issuer", "causes"),
    [("CN = api.lamp.example", ["self-signed"]), ("O = Public CA, CN = R9", ["incomplete-chain", "untrusted-ca"])],
)
def test_a_chain_that_the_log_prints_is_used(book: SignatureBook, issuer: str, causes: list[str]) -> None:
    (finding,) = scan(book, *(line.format(issuer) for line in CHAIN))
    assert [str(c) for c in finding.causes] == causes


def test_a_failure_that_okhttp_s_logger_and_the_app_tell_is_one(book: SignatureBook) -> None:
    why = "javax.net.ssl.SSLHandshakeException: Chain validation failed"
    lines = [
        "D okhttp.OkHttpClient: --> GET https://api.lamp.example/x",
        f"D okhttp.OkHttpClient: <-- HTTP FAILED: {why}",
        f"E Cart: {why}",
    ]
    assert told(scan(book, *lines)) == [(2, "expired", "api.lamp.example", 0)]


def test_a_stack_that_stands_in_the_handshake_tells_what_timed_out(book: SignatureBook) -> None:
    why, frame = (
        "javax.net.ssl.SSLException: Read timed out",
        "\tat sun.security.ssl.SSLSocketImpl.{}(SSLSocketImpl.java:1)",
    )
    (finding,) = scan(book, why, frame.format("readHandshakeRecord"))
    assert [str(c) for c in finding.causes] == ["handshake-timeout"]


@pytest.mark.parametrize(
    "line",
    [
        "10:00:00.123456+0200\tShop\tTIC Read Status [4:0x0]: 1:57",
        "[  +12 ms] [DEVICE LOG] all well",
        "flutter: cart loaded",
        "TIC Read Status [4:0x0]: 1:57",
        "> > I/flutter ( 4000): fine",
        "[Tue May 06 07:08:01.5 2031] [core:notice] [pid 7] ready",
        '{"level":"info","ts":"2031-05-06T07:08:01Z","msg":"ready"}',
        "INFO: ready",
    ],
)  # fmt: skip
def test_a_healthy_log_is_known_as_a_log(book: SignatureBook, line: str) -> None:
    scanner = LogScanner(book)
    assert [*scanner.feed(f"{line}\n".encode()), *scanner.close()] == [] and scanner.recognised


@pytest.mark.parametrize("line", ["error code: 525", "error code: 526", "525: SSL handshake failed"])
def test_a_cdn_that_cannot_reach_the_origin_is_one_kind_of_failure(book: SignatureBook, line: str) -> None:
    (finding,) = scan(book, line)
    assert (finding.signature, [str(c) for c in finding.causes]) == ("cdn-to-origin", ["unknown-tls"])

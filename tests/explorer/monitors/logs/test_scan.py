from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import SignatureBook, make_book

DATA = Path(__file__).parent / "log_data"
TRUST = "javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Trust anchor for certification path not found."
TRUSTED_BY_NONE = ["untrusted-ca", "self-signed", "incomplete-chain"]


@pytest.fixture(scope="module")
def book() -> SignatureBook:
    return make_book()


def scan(book: SignatureBook, text: str | bytes, *, package: str = "", cut: int = 0) -> list[LogFinding]:
    raw = text.encode() if isinstance(text, str) else text
    scanner = LogScanner(book, package)
    found: list[LogFinding] = []
    lines = raw.splitlines(keepends=True)
    step = cut or max(len(lines), 1)
    for at in range(0, len(lines), step):
        found += scanner.feed(b"".join(lines[at : at + step]))
    assert scanner.lines == len(lines)
    return [*found, *scanner.close()]


def logcat(
    lines: Iterable[str], pid: int = 2000, tid: int = 2001, tag: str = "System.err", at: str = "11-23 10:00:00.100"
) -> str:
    return "".join(f"{at} {pid:5} {tid:5} W {tag}: {line}\n" for line in lines)


def told(findings: list[LogFinding]) -> list[tuple[int, list[str]]]:
    return [(f.line, [str(c) for c in f.causes]) for f in findings]


GOLDEN = {
    "conscrypt.txt": [
        ["expired", "clock-skew"],
        ["not-yet-valid", "clock-skew"],
        ["hostname-mismatch"],
        TRUSTED_BY_NONE,
        TRUSTED_BY_NONE,
        ["weak-protocol"],
        ["weak-cipher", "weak-protocol"],
        ["pin-mismatch"],
        ["not-tls", "weak-protocol", "unknown-tls"],
        ["connection-cut", "weak-protocol", "weak-cipher"],
    ],
    "jsse.txt": [
        ["expired", "clock-skew"],
        ["not-yet-valid", "clock-skew"],
        ["hostname-mismatch"],
        TRUSTED_BY_NONE,
        TRUSTED_BY_NONE,
        TRUSTED_BY_NONE,
        ["weak-protocol"],
        ["weak-cipher", "weak-protocol"],
        ["pin-mismatch"],
        ["not-tls", "weak-protocol", "unknown-tls"],
        ["connection-cut", "weak-protocol", "weak-cipher"],
    ],
    "conscrypt-incomplete-fresh.txt": [TRUSTED_BY_NONE],
}


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("dressed", [False, True], ids=["plain", "logcat"])
@pytest.mark.parametrize("cut", [0, 1, 7])
def test_recorded_traces_give_one_finding_each_with_all_that_the_text_allows(
    book: SignatureBook, name: str, dressed: bool, cut: int
) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    if dressed:
        text = logcat(text.split("\n"))
    found = scan(book, text, cut=cut)
    assert [[str(c) for c in f.causes] for f in found] == GOLDEN[name]


def test_interleaved_processes_are_kept_apart(book: SignatureBook) -> None:
    one = logcat([TRUST, "\tat a.b.C.d(C.java:1)", f"Caused by: {TRUST[34:]}"]).splitlines()
    two = logcat(
        [
            "javax.net.ssl.SSLHandshakeException: Chain validation failed",
            "\tat a.b.C.d(C.java:1)",
            "Caused by: java.security.cert.CertificateExpiredException: Certificate expired at Sat Mar 01 00:00:00 GMT 2025 (compared to Mon Mar 03 08:00:00 GMT 2025)",
        ],
        pid=3000,
        tid=3001,
    ).splitlines()
    mixed = "\n".join(line for pair in zip(one, two, strict=True) for line in pair)
    assert told(scan(book, mixed)) == [(1, TRUSTED_BY_NONE), (2, ["expired", "clock-skew"])]


def test_two_exceptions_in_a_row_on_one_thread_are_two_findings(book: SignatureBook) -> None:
    trace = [TRUST, "\tat a.b.C.d(C.java:1)", "\t... 3 more"]
    assert [f.line for f in scan(book, logcat([*trace, *trace]))] == [1, 4]
    later = logcat(trace) + logcat(trace, at="11-23 10:00:00.900")
    assert [f.line for f in scan(book, later)] == [1, 4]


def test_a_bug_reports_second_copy_of_a_buffer_is_not_told_again(book: SignatureBook) -> None:
    text = logcat([TRUST, "\tat a.b.C.d(C.java:1)"])
    between = logcat(["------ LAST LOGCAT ------", *["nothing of note"] * 300], tag="x")
    assert [f.line for f in scan(book, text + between + text)] == [1, 304]
    assert [f.line for f in scan(book, "== dumpstate: 2026-11-23 10:00:00\n" + text + between + text)] == [2]


def test_a_flutter_reason_on_the_next_line_is_joined_with_and_without_its_prefix(book: SignatureBook) -> None:
    head = "I/flutter ( 4000): HandshakeException: Handshake error in client (OS Error:\n"
    reason = "CERTIFICATE_VERIFY_FAILED: Hostname mismatch(handshake.cc:359))\n"
    assert told(scan(book, head + "I/flutter ( 4000): \t" + reason)) == [(1, ["hostname-mismatch"])]
    assert told(scan(book, head + reason)) == [(1, ["hostname-mismatch"])]


def test_glides_root_causes_are_one_failure_with_the_url_of_its_first_line(book: SignatureBook) -> None:
    lines = [
        "Load failed for https://img.example.org/a.png with size [100x100]",
        "class com.bumptech.glide.load.engine.GlideException: Failed to load resource",
        "There was 1 root cause:",
        "javax.net.ssl.SSLHandshakeException(Chain validation failed)",
        " call GlideException#logRootCauses(String) for more detail",
        "  Cause (1 of 1): class javax.net.ssl.SSLHandshakeException: Chain validation failed",
        "Root cause (1 of 1)",
        "javax.net.ssl.SSLHandshakeException: Chain validation failed",
        "Caused by: java.security.cert.CertificateExpiredException: Certificate expired at Sat Mar 01 00:00:00 GMT 2025 (compared to Mon Mar 03 08:00:00 GMT 2025)",
    ]
    (finding,) = scan(book, logcat(lines, tag="Glide"))
    assert (finding.signature, finding.host) == ("certificate-expired", "img.example.org")


def test_a_managed_exception_and_its_java_half_are_one_failure(book: SignatureBook) -> None:
    lines = [
        "System.Net.Http.HttpRequestException: Connection failure",
        f" ---> {TRUST.replace('javax.net.ssl', 'Javax.Net.Ssl')}",
        "  --- End of managed Javax.Net.Ssl.SSLHandshakeException stack trace ---",
        TRUST,
        "\tat com.android.org.conscrypt.X.y(X.java:1)",
    ]
    assert told(scan(book, logcat(lines, tag="DOTNET"))) == [(1, TRUSTED_BY_NONE)]


def test_apples_many_lines_on_one_connection_are_one_failure(book: SignatureBook) -> None:
    head = "2026-11-23 12:00:00.123456+0100 MyApp[123:4567] "
    lines = [
        "Connection 1: default TLS Trust evaluation failed(-9843)",
        "Connection 1: encountered error(3:-9843)",
        "Task <6A>.<1> HTTP load failed, 0/0 bytes (error code: -1202 [3:-9843])",
        'Task <6A>.<1> finished with error [-1202] Error Domain=NSURLErrorDomain Code=-1202 "The certificate is invalid" UserInfo={NSErrorFailingURLKey=https://api.example.org/v1}',
    ]
    (finding,) = scan(book, "".join(f"{head}{line}\n" for line in lines))
    assert (finding.signature, finding.host, finding.package) == ("apple-name", "api.example.org", "MyApp")


def test_the_long_format_joins_a_message_under_its_header(book: SignatureBook) -> None:
    text = f"[ 11-23 10:00:00.100  2000: 2001 W/System.err ]\n{TRUST}\n\n[ 11-23 10:00:00.200  2000: 2001 I/Other ]\nfine\n\n"
    (finding,) = scan(book, text)
    assert (finding.pid, finding.tag, finding.time) == ("2000", "System.err", "11-23 10:00:00.100")


STACK = """javax.net.ssl.SSLHandshakeException: Chain validation failed
\tat com.android.org.conscrypt.SSLUtils.toSSLHandshakeException(SSLUtils.java:363)
Caused by: java.security.cert.CertificateException: Chain validation failed
\t... 27 more
Caused by: java.security.cert.CertificateExpiredException: Certificate expired at Sat Mar 01 00:00:00 GMT 2025 (compared to Mon Mar 03 08:00:00 GMT 2025)
\t... 46 more""".split("\n")
DRESSES = {
    "threadtime": "11-23 10:00:00.100  2000  2001 W System.err: {}",
    "year, zone, usec, user": "2025-11-23 10:00:00.100123 +0100 u0_a123  2000  2001 W System.err: {}",
    "time": "11-23 10:00:00.100 W/System.err( 2000): {}",
    "brief": "W/System.err( 2000): {}",
    "process": "W( 2000) {}  (System.err)",
    "thread": "W( 2000: 2001) {}",
    "tag": "W/System.err: {}",
    "raw": "{}",
    "long": "[ 11-23 10:00:00.100  2000: 2001 W/System.err ]\n{}\n",
    "epoch": "     1763888400.100  2000  2001 W System.err: {}",
    "monotonic": "      12345.100  2000  2001 W System.err: {}",
    "studio, old": "11-23 10:00:00.100 2000-2001/com.example.app W/System.err: {}",
    "studio": "2025-11-23 10:00:00.100  2000-2001  System.err              com.example.app          W  {}",
    "studio, no package": "2025-11-23 10:00:00.100  2000-2001  System.err              W  {}",
    "studio, compact": "10:00:00.100  W  {}",
    "colours": "\x1b[38;5;166m11-23 10:00:00.100  2000  2001 W System.err: {}\x1b[0m",
    "Windows": "11-23 10:00:00.100  2000  2001 W System.err: {}\r",
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=list(DRESSES))
def test_a_trace_of_many_lines_is_one_failure_in_every_format(book: SignatureBook, dress: str) -> None:
    (finding,) = scan(book, "\n".join(dress.format(line) for line in STACK) + "\n")
    assert finding.signature == "certificate-expired"
    assert finding.last_line > finding.line


def test_two_failures_in_the_long_format_are_two(book: SignatureBook) -> None:
    dressed = "\n".join(DRESSES["long"].format(line) for line in STACK)
    assert len(scan(book, dressed + "\n" + dressed.replace("10:00:00", "10:00:09") + "\n")) == 2


def test_lines_of_webview_and_its_verifier_tell_one_failure(book: SignatureBook) -> None:
    text = (
        "11-23 10:00:00.100  2000  2031 E cr_X509Util: Failed to validate the certificate chain, error: "
        "java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.\n"
        "11-23 10:00:00.101  2000  2031 E chromium: [ERROR:ssl_client_socket_impl.cc(985)] handshake failed; returned -1, SSL error code 1, net_error -202\n"
    )
    assert told(scan(book, text)) == [(1, TRUSTED_BY_NONE)]


def test_a_failure_far_into_the_log_keeps_its_line_number_time_and_app(book: SignatureBook) -> None:
    noise = logcat(["nothing of note"] * 5_000, pid=900, tid=900, tag="wifi")
    start = "11-23 09:59:00.000  1000  1100 I ActivityManager: Start proc 2000:org.example.app/u0a123 for activity\n"
    text = start + noise + logcat([TRUST, "\tat a.b.C.d(C.java:1)"], at="2026-11-23 10:00:00.100 +0100") + noise
    for cut in (0, 777, 5_003):
        (finding,) = scan(book, text, cut=cut)
        assert (finding.line, finding.last_line, finding.package) == (5_002, 5_003, "org.example.app")
        assert finding.time == "2026-11-23T09:00:00.100Z"


def test_another_apps_failures_are_left_out_when_a_package_is_named(book: SignatureBook) -> None:
    start = "I ActivityManager: Start proc 2000:org.example.app:remote/u0a1 for service\n"
    text = "11-23 09:00:00.000  1000  1100 " + start + logcat([TRUST]) + logcat(["Chain of " + TRUST], pid=77, tid=78)
    assert len(scan(book, text)) == 2
    assert len(scan(book, text, package="org.example.app")) == 2  # whose the second is, the log does not tell
    assert [f.pid for f in scan(book, text, package="org.other")] == ["77"]


def test_a_dead_process_gives_its_id_back(book: SignatureBook) -> None:
    text = (
        "11-23 09:00:00.000  1000  1100 I am_proc_start: [0,2000,10123,org.example.app,activity,{x/y}]\n"
        "11-23 09:00:01.000  1000  1100 I ActivityManager: Process org.example.app (pid 2000) has died: fg TOP\n"
    )
    (finding,) = scan(book, text + logcat([TRUST]))
    assert finding.package == ""


@pytest.mark.parametrize(
    ("text", "host", "port", "url"),
    [
        ("javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified:", "api.example.org", 0, ""),
        (
            "java.net.UnknownServiceException: CLEARTEXT communication to 192.0.2.9 not permitted by network security policy",
            "192.0.2.9",
            0,
            "",
        ),
        (
            "W cr: onReceivedSslError primary error: 3 on URL: https://192.0.2.9:8068/a?token=geheim",
            "192.0.2.9",
            8068,
            "https://192.0.2.9:8068/a?token=…",
        ),
        (
            "tickets.example.org:8443 uses an invalid security certificate. The certificate expired. SEC_ERROR_EXPIRED_CERTIFICATE",
            "tickets.example.org",
            8443,
            "",
        ),
        (f"GET https://a.example.org/x failed: {TRUST}", "a.example.org", 0, "https://a.example.org/x"),
        (f"https://a.example.org/ by way of https://b.example.org/: {TRUST}", "", 0, ""),
        (
            "App Transport Security has blocked a cleartext HTTP (http://) resource load since it is insecure.",
            "",
            0,
            "",
        ),
        (
            "curl: (35) OpenSSL SSL_connect: Connection reset by peer in connection to api.example.org:8443",
            "api.example.org",
            8443,
            "",
        ),
        (
            "HttpDataSourceException: Cleartext HTTP traffic not permitted. See https://developer.android.com/guide/topics/media/issues/cleartext-not-permitted",
            "",
            0,
            "",
        ),
    ],
)
def test_host_port_and_url_are_what_the_log_names_and_never_a_guess(
    book: SignatureBook, text: str, host: str, port: int, url: str
) -> None:
    (finding,) = scan(book, text)
    assert (finding.host, finding.port, finding.url) == (host, port, url)


def test_each_line_of_the_console_of_safari_has_its_own_host(book: SignatureBook) -> None:
    refused = (
        "The certificate for this server is invalid. You might be connecting to a server that is pretending to be “{}”"
    )
    text = "".join(
        f"[Error] Failed to load resource: {refused.format(host)} (x, line 0)\n[Log] done\n"
        for host in ("a.example.org", "b.example.org")
    )
    assert [f.host for f in scan(book, text)] == ["a.example.org", "b.example.org"]


def test_a_request_named_just_before_by_the_same_process_gives_the_host(book: SignatureBook) -> None:
    text = logcat(["--> GET https://api.example.org/v1/me?session=abcdef"], tag="okhttp.OkHttpClient")
    text += logcat([f"<-- HTTP FAILED: {TRUST}"], tag="okhttp.OkHttpClient")
    (finding,) = scan(book, text)
    assert (finding.host, finding.url) == ("api.example.org", "https://api.example.org/v1/me?session=…")
    other = logcat(["--> GET https://other.example.org/"], pid=5, tid=6) + logcat([TRUST])
    assert scan(book, other)[0].host == ""


def test_secrets_do_not_come_through(book: SignatureBook) -> None:
    text = f"POST https://me:pa55@api.example.org/a?token=t0k3n#x Authorization: Bearer abc.def.ghi password=hunter2 {TRUST}"
    (finding,) = scan(book, text)
    for secret in ("pa55", "t0k3n", "abc.def", "hunter2"):
        assert secret not in finding.excerpt + finding.url


@pytest.mark.parametrize(
    ("clock", "stamp", "first"),
    [
        ("compared to Mon Mar 03 08:00:00 GMT 2025", "2025-03-03 08:00:00.000", "not-yet-valid"),
        ("compared to Thu Jan 01 00:10:00 GMT 1970", "01-01 00:10:00.000", "clock-skew"),
        ("compared to Mon Mar 03 08:00:00 GMT 2025", "2025-03-20 08:00:00.000", "clock-skew"),
    ],
)
def test_a_clock_that_gives_itself_away_is_named_first(book: SignatureBook, clock: str, stamp: str, first: str) -> None:
    text = f"java.security.cert.CertificateNotYetValidException: Certificate not valid until Tue Mar 11 00:00:00 GMT 2025 ({clock})"
    (finding,) = scan(book, logcat([text], at=stamp))
    assert [str(c) for c in finding.causes] in ([first, "clock-skew"], ["clock-skew", "not-yet-valid"])
    assert str(finding.causes[0]) == first


TRAPS = [
    "V/NativeCrypto(30189): Write error: ssl=0x773deb430458: I/O error during system call, Broken pipe",
    "E/some.app(1): hiddenapi: Accessing hidden method Lcom/android/org/conscrypt/OpenSSLSocketImpl;->setHostname(Ljava/lang/String;)V using reflection: denied",
    "D/NetworkSecurityConfig(1): Using Network Security Config from resource network_security_config debugBuild: true",
    "java.net.SocketTimeoutException: failed to connect to api.example.org/192.0.2.7 (port 443) from /10.0.0.2 (port 4711) after 10000ms",
    "java.net.ConnectException: Failed to connect to https://api.example.org:443/ Connection refused",
    'java.net.UnknownHostException: Unable to resolve host "ssl.example.org": No address associated with hostname',
    "io.socket.engineio.client.EngineIOException: xhr poll error",
    "W/Firestore(1): Stream closed with status: Status{code=UNAVAILABLE, description=End of stream or IOException, cause=null}.",
    "type=1400 audit(0.0:77): avc: denied { read } for comm=app scontext=u:r:untrusted_app:s0 tcontext=u:object_r:cert_file:s0 tclass=file permissive=0",
    "D/libMEOW(1): meow new tls: 0x7b3c, meow reload base cfg path: na",
    "I/kernel: Loading compiled-in X.509 certificates",
    "E/keystore2(1): system/security/keystore2/src/error.rs:180 - getting certificate: Error::Rc(ResponseCode(7))",
    "I/apexd(1): Found pre-installed APEX /system/apex/com.android.conscrypt.capex",
    "D/app(1): GET https://ssl.gstatic.com/images/certificate.png 200",
    "[boringssl] boringssl_context_handle_warning_alert(1890) [C1:1] read alert, level: warning, description: close notify",
    "I/app(1): HandshakeCompletedEvent: javax.net.ssl.HandshakeCompletedEvent[source=SSL socket over TLS]",
    'Error Domain=NSURLErrorDomain Code=-1003 "A server with the specified hostname could not be found." UserInfo={NSErrorFailingURLKey=https://api.example.org/}',
    'Error Domain=NSURLErrorDomain Code=-1001 "The request timed out."',
    'I/chromium(1): [INFO:CONSOLE(1)] "net::ERR_CONNECTION_REFUSED https://api.example.org:443"',
    "W/app(1): the certificate of participation was rejected by the printer",
    "D/SSLSocketFactory(1): using SSL socket factory com.android.org.conscrypt.OpenSSLSocketFactoryImpl",
]


@pytest.mark.parametrize("text", TRAPS)
def test_words_of_tls_without_a_failure_give_nothing(book: SignatureBook, text: str) -> None:
    assert scan(book, text) == []


def test_text_that_is_no_log_is_not_taken_for_one(book: SignatureBook) -> None:
    scanner = LogScanner(book)
    assert list(scanner.feed(b"dear diary\nnothing happened today\n" * 1_000)) == []
    assert list(scanner.close()) == []
    assert not scanner.recognised


def test_a_failure_deep_inside_an_enormous_line_is_found(book: SignatureBook) -> None:
    text = logcat(['{"blob": "' + "x" * 700_000 + f'", "error": "{TRUST}"' + "y" * 90_000])
    (finding,) = scan(book, text)
    assert (finding.signature, finding.pid, finding.line) == ("trust-anchor-not-found", "2000", 1)


@pytest.mark.parametrize(
    "junk",
    [b"\x00" * 5_000, b"\xff\xfe\xfa" * 5_000, b"(SSL" * 50_000, b"SSL certificate error: " * 9_000, b"\n" * 9_000],
)
def test_junk_between_two_failures_hides_neither(book: SignatureBook, junk: bytes) -> None:
    one = logcat([TRUST]).encode()
    two = logcat([TRUST], at="11-23 10:09:00.100").encode()
    findings = scan(book, one + junk + b"\n" + two)
    assert [f.signature for f in findings if f.time] == ["trust-anchor-not-found"] * 2

"""The stack traces that Android logs when TLS fails.

`conscrypt.txt` was recorded with Conscrypt 2.5.2 (the OpenJDK build) and OkHttp 3.13.1. On a device, the classes are
`com.android.org.conscrypt.*`. Traces that could not be recorded use the texts in Conscrypt's source.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from importlib.resources import files


@cache
def _all() -> dict[str, str]:
    text = (files(__package__) / "conscrypt.txt").read_text(encoding="utf-8")
    text = text.replace("org.conscrypt.", "com.android.org.conscrypt.").replace("java.base/", "")
    return {part.split("\n", 1)[0].strip(): part.split("\n", 1)[1].strip() for part in text.split("=== ")[1:]}


def recorded(name: str) -> str:
    """The trace with this name in `conscrypt.txt`, with the class names of a device."""
    return _all()[name]


def _java(moment: datetime) -> str:
    """A time as `java.util.Date.toString` prints it."""
    return moment.strftime("%a %b %d %H:%M:%S UTC %Y")


def expired(until: datetime, now: datetime) -> str:
    """The trace of an expired certificate. `now` is the device's clock; it differs from ours if the clock is wrong."""
    return re.sub(
        r"Certificate expired at .*",
        f"Certificate expired at {_java(until)} (compared to {_java(now)})",
        recorded("expired"),
    )


def not_yet_valid(since: datetime, now: datetime) -> str:
    return re.sub(
        r"Certificate not valid until .*",
        f"Certificate not valid until {_java(since)} (compared to {_java(now)})",
        recorded("not_yet_valid"),
    )


def hostname(host: str, pin: str, subject: str, names: list[str]) -> str:
    frames = _frames(recorded("hostname_mismatch"))
    return (
        f"javax.net.ssl.SSLPeerUnverifiedException: Hostname {host} not verified:\n"
        f"    certificate: sha256/{pin}\n    DN: {subject}\n    subjectAltNames: [{', '.join(names)}]\n{frames}"
    )


def pins(host: str, chain: list[tuple[str, str]], wanted: list[str]) -> str:
    peers = "".join(f"    sha256/{pin}: {subject}\n" for pin, subject in chain)
    mine = "".join(f"    sha256/{pin}\n" for pin in wanted)
    return (
        "javax.net.ssl.SSLPeerUnverifiedException: Certificate pinning failure!\n"
        f"  Peer certificate chain:\n{peers}  Pinned certificates for {host}:\n{mine}{_frames(recorded('pin_mismatch'))}"
    )


def trust_anchor() -> str:
    """The trace of a missing trust anchor. It is the same for self-signed, untrusted CA and incomplete chain."""
    return recorded("self_signed")


def wrong_purpose() -> str:
    return trust_anchor().replace(
        "Trust anchor for certification path not found.",
        "End-entity certificate does not have a valid extendedKeyUsage.",
    )


def unacceptable(subject: str, why: str) -> str:
    frames = _frames(trust_anchor())
    return (
        f"javax.net.ssl.SSLHandshakeException: Unacceptable certificate: {subject}\n{frames}\n"
        f"Caused by: java.security.cert.CertificateException: Unacceptable certificate: {subject}\n"
        "\tat com.android.org.conscrypt.ChainStrengthAnalyzer.check(ChainStrengthAnalyzer.java:52)\n\t... 26 more\n"
        f"Caused by: java.security.cert.CertificateException: {why}\n"
        "\tat com.android.org.conscrypt.ChainStrengthAnalyzer.checkCert(ChainStrengthAnalyzer.java:77)\n\t... 27 more"
    )


def ssl_error(text: str, greeted: bool) -> str:
    """Conscrypt's error for OpenSSL's `text`. `greeted` says whether a ServerHello had arrived."""
    if "WRONG_VERSION_NUMBER" in text or "PACKET_LENGTH" in text or "HTTP_REQUEST" in text or "RECORD_LAYER" in text:
        return recorded("plain_http")
    if "PROTOCOL_VERSION" in text or "UNSUPPORTED_PROTOCOL" in text:
        return recorded("tls1_0_only")
    if "CERTIFICATE_REQUIRED" in text:
        return _alert("1000045c", "TLSV1_CERTIFICATE_REQUIRED")
    if "EOF" in text:
        return recorded("close_after_hello")
    if "HANDSHAKE_FAILURE" in text or "NO_CIPHERS" in text or "CIPHER" in text:
        said = recorded("weak_cipher")
        return "\n".join(
            line for line in said.split("\n") if not greeted or "HANDSHAKE_FAILURE_ON_CLIENT_HELLO" not in line
        )
    alert = re.search(r"\[SSL: (\w+)\]", text)
    return _alert("10000438", alert[1] if alert else "TLSV1_ALERT_INTERNAL_ERROR")


def _alert(number: str, name: str) -> str:
    return re.sub(
        r"error:1000042e:SSL routines:OPENSSL_internal:\w+",
        f"error:{number}:SSL routines:OPENSSL_internal:{name}",
        recorded("tls1_0_only"),
    )


def handshake_timeout() -> str:
    return "java.net.SocketTimeoutException: SSL handshake timed out\n" + _frames(recorded("close_after_hello"))


def unknown_host(host: str) -> str:
    return (
        f'java.net.UnknownHostException: Unable to resolve host "{host}": No address associated with hostname\n'
        "\tat java.net.Inet6AddressImpl.lookupHostByName(Inet6AddressImpl.java:156)\n"
        "\tat java.net.InetAddress.getAllByName(InetAddress.java:1152)"
    )


def refused(host: str, port: int) -> str:
    return (
        f"java.net.ConnectException: Failed to connect to {host}/10.0.2.2:{port}\n"
        "\tat okhttp3.internal.connection.RealConnection.connectSocket(RealConnection.java:265)\n"
        "Caused by: java.net.ConnectException: failed to connect to "
        f"{host}/10.0.2.2 (port {port}) from /10.0.2.15 (port 41234) after 10000ms: isConnected failed: "
        "ECONNREFUSED (Connection refused)"
    )


def cleartext(host: str) -> str:
    return (
        f"java.net.UnknownServiceException: CLEARTEXT communication to {host} not permitted by network security policy\n"
        "\tat okhttp3.internal.connection.RealConnection.connect(RealConnection.java:150)"
    )


def _frames(trace: str) -> str:
    """The frames of a trace's first exception."""
    head = trace.split("\nCaused by:", 1)[0]
    return "\n".join(line for line in head.split("\n") if line.startswith("\tat "))


def read_timeout() -> str:
    return (
        "java.net.SocketTimeoutException: timeout\n"
        "\tat okhttp3.internal.http2.Http2Stream$StreamTimeout.newTimeoutException(Http2Stream.kt:675)"
    )

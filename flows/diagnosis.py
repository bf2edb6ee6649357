"""Why TLS failed: causes with their titles, evidence, diagnosis and remedies.

Facts (`Evidence`), judgements (`Diagnosis`) and advice (`Remedy`) are separate: evidence never says «bad», and a diagnosis
never says what to change. `explorer.tls` gathers and judges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    """One reason for a TLS failure (docs/causes.md); the values are the ids in every report."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    HOSTNAME_MISMATCH = "hostname-mismatch"
    SELF_SIGNED = "self-signed"
    UNTRUSTED_CA = "untrusted-ca"
    INCOMPLETE_CHAIN = "incomplete-chain"
    INVALID_CERTIFICATE = "invalid-certificate"
    WEAK_PROTOCOL = "weak-protocol"
    WEAK_CIPHER = "weak-cipher"
    WEAK_SIGNATURE = "weak-signature"
    WEAK_KEY = "weak-key"
    REVOKED = "revoked"
    CLOCK_SKEW = "clock-skew"
    INTERCEPTION = "interception"
    PIN_MISMATCH = "pin-mismatch"
    CLEARTEXT_BLOCKED = "cleartext-blocked"
    MIXED_CONTENT = "mixed-content"
    CLIENT_CERTIFICATE_REQUIRED = "client-certificate-required"
    NOT_TLS = "not-tls"
    CONNECTION_CUT = "connection-cut"
    HANDSHAKE_TIMEOUT = "handshake-timeout"
    UNKNOWN_TLS = "unknown-tls"


OTHER = "other"
"""A verdict's `cause` if the journey failed and no TLS incident explains it."""

TITLES: dict[Cause, str] = {
    Cause.EXPIRED: "Certificate has expired",
    Cause.NOT_YET_VALID: "Certificate is not yet valid",
    Cause.HOSTNAME_MISMATCH: "Certificate is for another host name",
    Cause.SELF_SIGNED: "Certificate is self-signed",
    Cause.UNTRUSTED_CA: "Certificate authority is not trusted",
    Cause.INCOMPLETE_CHAIN: "Server does not send its intermediate certificate",
    Cause.INVALID_CERTIFICATE: "Certificate breaks the rules for TLS servers",
    Cause.WEAK_PROTOCOL: "Server only speaks TLS versions that clients refuse",
    Cause.WEAK_CIPHER: "Server only offers ciphers that clients refuse",
    Cause.WEAK_SIGNATURE: "Certificate is signed with a broken hash",
    Cause.WEAK_KEY: "Certificate's key is too short",
    Cause.REVOKED: "Certificate has been revoked",
    Cause.CLOCK_SKEW: "The client's clock is wrong",
    Cause.INTERCEPTION: "Something between client and server replaces the certificate",
    Cause.PIN_MISMATCH: "The server's key does not match the app's pins",
    Cause.CLEARTEXT_BLOCKED: "The app's policy forbids unencrypted connections",
    Cause.MIXED_CONTENT: "A secure page loads an insecure resource",
    Cause.CLIENT_CERTIFICATE_REQUIRED: "Server requires a client certificate",
    Cause.NOT_TLS: "Server does not speak TLS on this port",
    Cause.CONNECTION_CUT: "Connection is cut during the handshake",
    Cause.HANDSHAKE_TIMEOUT: "Handshake never finishes",
    Cause.UNKNOWN_TLS: "TLS fails for an unknown reason",
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate, as facts (RFC 5280 section 4).

    `names` holds the subjectAltName entries (DNS names and IP addresses as text); `aia` the caIssuers URLs;
    `key` reads like «RSA 2048» or «EC P-256»; times are aware and in UTC.
    """

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    names: tuple[str, ...]
    key: str
    signature: str
    sha256: str
    is_ca: bool
    self_issued: bool
    aia: tuple[str, ...] = ()
    pem: str = ""


@dataclass(frozen=True, slots=True)
class VerifyFault:
    """One verify error: OpenSSL's `X509_V_ERR_*` number (or 0), the depth in the chain, and the text."""

    code: int
    depth: int
    text: str
    verifier: str = "openssl"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts from our probe of a server. `None` means that something was not or could not be observed.

    `chain` is as served, leaf first. `alert` is the TLS alert's name (RFC 8446 section 6) that ended a handshake.
    `trust_store` names the roots, and `route` the network path, that the probe used. `facts` holds further observations
    by name, as plain text, for reports and for causes that need more than the fields here.
    """

    host: str
    port: int
    address: str | None
    sni: str | None
    observed_at: datetime
    tcp_connected: bool = False
    client_hello_sent: bool = False
    protocol: str | None = None
    cipher: str | None = None
    alert: str | None = None
    chain: tuple[Certificate, ...] = ()
    verify_faults: tuple[VerifyFault, ...] = ()
    name_matches: bool | None = None
    protocols_offered: tuple[str, ...] = ()
    client_certificate_requested: bool | None = None
    server_clock: datetime | None = None
    server_software: str | None = None
    trust_store: str = ""
    route: str = "direct"
    error: str | None = None
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientJudgement:
    """How one client would judge the server: `verdict` is `accepts`, `refuses` or `not-observable`."""

    client: str
    verdict: str
    causes: tuple[Cause, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to change for one cause: `where` names the server or client kind («nginx», «OkHttp»…).

    `lines` are the exact lines to add, and `check` is the command that checks the result.
    """

    cause: Cause
    where: str
    title: str
    text: str
    lines: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why one host failed: all causes that apply, headline first. Empty `causes` mean that the probe found no fault.

    `decided_by` is `client`, `probe` or `both`; `why` is one sentence for a person. `client_saw` is the client's error
    (for example `net::ERR_CERT_DATE_INVALID`), or empty if there was no client.
    """

    host: str
    port: int
    causes: tuple[Cause, ...]
    why: str
    decided_by: str
    evidence: Evidence | None
    client_saw: str = ""
    remedies: tuple[Remedy, ...] = ()
    clients: tuple[ClientJudgement, ...] = ()
    third_party: bool = False

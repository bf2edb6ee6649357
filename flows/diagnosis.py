"""Why TLS failed: the cause ids, what each means, and the facts and advice that go with a diagnosis.

Facts (`Evidence`), judgements (`Diagnosis`) and advice (`Remedy`) are kept apart: evidence never says «bad»,
a diagnosis never says what to type. The machinery that gathers and judges lives in `explorer.tls`.
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
"""What stands in a verdict's `cause` when the journey failed and no TLS incident explains it."""

TITLES: dict[Cause, str] = {
    Cause.EXPIRED: "Certificate has expired",
    Cause.NOT_YET_VALID: "Certificate is not valid yet",
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
    Cause.PIN_MISMATCH: "The app pins another key than the server uses",
    Cause.CLEARTEXT_BLOCKED: "The app is not allowed to speak unencrypted",
    Cause.MIXED_CONTENT: "A secure page asks for an insecure resource",
    Cause.CLIENT_CERTIFICATE_REQUIRED: "Server wants a client certificate",
    Cause.NOT_TLS: "Server does not speak TLS on this port",
    Cause.CONNECTION_CUT: "Connection is cut during the handshake",
    Cause.HANDSHAKE_TIMEOUT: "Handshake never finishes",
    Cause.UNKNOWN_TLS: "TLS fails for a reason that could not be told",
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
    """One complaint of a verifier: OpenSSL's `X509_V_ERR_*` number (or 0), depth in the chain, and its words."""

    code: int
    depth: int
    text: str
    verifier: str = "openssl"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What our own probe of a server saw: facts only, `None` where a thing was not or could not be seen.

    `chain` is as served, leaf first. `alert` is the TLS alert's name (RFC 8446 section 6) that ended a handshake.
    `trust_store` and `route` say in whose name and which way the probe looked. `facts` holds further
    observations by name, as plain text, for showing and for causes that need more than the fields here.
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

    `lines` are the exact lines to put there, `check` the command that shows that it is mended.
    """

    cause: Cause
    where: str
    title: str
    text: str
    lines: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why one host failed: all causes that apply, headline first; empty `causes` means that the probe saw no fault.

    `decided_by` is `client`, `probe` or `both`; `why` is one sentence for a person. `client_saw` repeats the
    client's own words (for example `net::ERR_CERT_DATE_INVALID`), or is empty when there was no client.
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

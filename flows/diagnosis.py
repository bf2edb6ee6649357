"""Why TLS failed: causes with their titles, evidence, diagnosis and remedies.

Facts (`Evidence`), judgements (`Diagnosis`) and advice (`Remedy`) are separate: evidence never says «bad», and a
diagnosis never says what to change. `explorer.tls` gathers the evidence and makes the diagnosis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flows.probe_facts import ProbeFacts


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
"""The `cause` of a verdict if the journey failed for a reason other than TLS."""


class Topic(StrEnum):
    """The subject of a cause. The errors of some clients name only the subject (dates or trust)."""

    DATES = "dates"
    TRUST = "trust"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """The properties of a cause that decide how it is judged.

    `passable`: a browser can be told to ignore this fault of the certificate (CDP
    `Security.setOverrideCertificateErrors`), so a counter-proof is possible: repeat the journey without the fault.
    `ambiguous`: the client's error for this cause can also have other reasons, so only the probe can prove the cause.
    `client_only`: the client's error names the cause unambiguously, and a probe cannot see it.
    """

    title: str
    passable: bool = False
    ambiguous: bool = False
    client_only: bool = False
    about: Topic = Topic.OTHER


CAUSES: Mapping[Cause, CauseFacts] = {
    Cause.NOT_TLS: CauseFacts("Server does not speak TLS on this port", ambiguous=True),
    Cause.CONNECTION_CUT: CauseFacts("Connection is cut during the handshake", ambiguous=True),
    Cause.HANDSHAKE_TIMEOUT: CauseFacts("Handshake never finishes", ambiguous=True),
    Cause.WEAK_PROTOCOL: CauseFacts("Server only speaks TLS versions that clients refuse"),
    Cause.WEAK_CIPHER: CauseFacts("Server only offers ciphers that clients refuse"),
    Cause.CLIENT_CERTIFICATE_REQUIRED: CauseFacts("Server requires a client certificate", ambiguous=True),
    Cause.INTERCEPTION: CauseFacts(
        "Something between client and server replaces the certificate", passable=True, about=Topic.TRUST
    ),
    Cause.CLOCK_SKEW: CauseFacts("The client's clock is wrong", passable=True, about=Topic.DATES),
    Cause.REVOKED: CauseFacts("Certificate has been revoked", passable=True, client_only=True),
    Cause.EXPIRED: CauseFacts("Certificate has expired", passable=True, about=Topic.DATES),
    Cause.NOT_YET_VALID: CauseFacts("Certificate is not yet valid", passable=True, about=Topic.DATES),
    Cause.HOSTNAME_MISMATCH: CauseFacts("Certificate is for another host name", passable=True),
    Cause.SELF_SIGNED: CauseFacts("Certificate is self-signed", passable=True, about=Topic.TRUST),
    Cause.INCOMPLETE_CHAIN: CauseFacts(
        "Server does not send its intermediate certificate", passable=True, about=Topic.TRUST
    ),
    Cause.UNTRUSTED_CA: CauseFacts("Certificate authority is not trusted", passable=True, about=Topic.TRUST),
    Cause.INVALID_CERTIFICATE: CauseFacts("Certificate breaks the rules for TLS servers", passable=True),
    Cause.WEAK_SIGNATURE: CauseFacts("Certificate is signed with a broken hash", passable=True),
    Cause.WEAK_KEY: CauseFacts("Certificate's key is too short", passable=True),
    Cause.PIN_MISMATCH: CauseFacts("The server's key does not match the app's pins", client_only=True),
    Cause.CLEARTEXT_BLOCKED: CauseFacts("The app's policy forbids unencrypted connections", client_only=True),
    Cause.MIXED_CONTENT: CauseFacts("A secure page loads an insecure resource", client_only=True),
    Cause.UNKNOWN_TLS: CauseFacts("TLS fails for an unknown reason"),
}
"""All causes with their facts, in order of precedence: the first cause that applies is the headline.

Faults that end the handshake before any certificate matters come first. Interception and a wrong client clock follow,
because they explain any complaint about a certificate. Then come faults of the certificate itself: revoked, outside its
validity period, wrong name, untrusted, malformed, weak. `UNKNOWN_TLS` comes last and applies only if nothing else does.
"""

TITLES: Mapping[Cause, str] = {cause: facts.title for cause, facts in CAUSES.items()}


def causes_with(test: Callable[[CauseFacts], bool]) -> frozenset[Cause]:
    """Returns the causes whose facts satisfy `test`."""
    return frozenset(cause for cause, facts in CAUSES.items() if test(facts))


@dataclass(frozen=True, slots=True)
class Certificate:
    """One X.509 certificate, as facts (RFC 5280 section 4).

    `names` holds the subjectAltName entries (DNS names and IP addresses as text). `aia` holds the caIssuers URLs.
    `key` reads like «RSA 2048» or «EC P-256». Times are timezone-aware and in UTC.
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
    """One error of certificate verification, with its depth in the chain and its text.

    `code` is OpenSSL's `X509_V_ERR_*` number, or 0 if OpenSSL has none. `verifier` names the source of the error.
    """

    code: int
    depth: int
    text: str
    verifier: str = "openssl"


RECORDED_ROUTE = "recorded in "
"""Prefix of `Evidence.route` if the evidence is from a file and not from a probe. The file («the net log») follows."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The facts from our probe of a server. `None` means that something was not observed, or could not be.

    `chain` is as served, leaf first. `alert` is the name of the TLS alert (RFC 8446 section 6) that ended a handshake.
    `trust_store` names the root certificates that the probe used. `route` names the network path that it took. `facts`
    holds observations that only some causes need (`flows.probe_facts`).
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
    facts: ProbeFacts = field(default_factory=ProbeFacts)


@dataclass(frozen=True, slots=True)
class ClientJudgement:
    """How one client would judge the server: `verdict` is `accepts`, `refuses` or `not-observable`."""

    client: str
    verdict: str
    causes: tuple[Cause, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to change for one cause. `where` names the kind of server or client («nginx», «OkHttp»…).

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
    """Why TLS failed at one host.

    `causes` holds all causes that apply, headline first. It is empty if the probe found no fault.

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
    alternatives: bool = False
    """Whether only one of the causes applies, but it is unknown which.

    `causes` then lists all that the client's error allows, likeliest first."""

"""How each kind of client would judge a server. Pure.

Where this file says «not-observable», the answer hangs on something that a probe cannot see: what a device's store holds,
which revocation data a client has. The roots named in the evidence stand for the stores of desktop clients only.

| client | sources |
|---|---|
| chromium | measured with the fault lab (`tests/explorer/tls/test_front_chromium.py`) |
| firefox | mozilla::pkix: no AIA fetching, subjectAltName required, SHA-2 required |
| openssl | measured: OpenSSL at security level 2, as Debian and Ubuntu build it; curl, Python, PHP, Ruby |
| android-N | N is the release: up to 9 (API 28) TLS 1.2 at most by default, none fetches AIA; from 7 (API 24) user-installed roots do not count for apps |
| ios | Apple's requirements for trusted certificates (iOS 13, macOS 10.15): RSA 2048, SHA-2, subjectAltName, serverAuth, 825 days |
| java | JSSE: no AIA fetching unless switched on, SHA-1 and RSA below 1024 refused |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from explorer.tls.hello import broken
from explorer.tls.rule import path
from flows.diagnosis import Cause, ClientJudgement, Evidence

CLIENTS = ("chromium", "firefox", "openssl", "android-7", "android-9", "android-14", "ios", "java")

_MOBILE = frozenset({"android-7", "android-9", "android-14", "ios", "java"})

_TOLERATED: Mapping[Cause, Mapping[str, str]] = MappingProxyType(
    {
        Cause.REVOKED: {
            "chromium": "accepts: it does not ask the issuer by default",
            "openssl": "accepts: it does not ask the issuer unless given a CRL",
            "firefox": "not-observable: it decides by its own revocation data",
            "ios": "not-observable: it decides by its own revocation data",
            "java": "accepts: it does not ask the issuer by default",
            "android-7": "accepts: it does not ask the issuer",
            "android-9": "accepts: it does not ask the issuer",
            "android-14": "accepts: it does not ask the issuer",
        },
        Cause.WEAK_KEY: {
            "chromium": "accepts: measured with RSA 1024 under a private root",
            "firefox": "not-observable: it depends on the kind of root",
            "java": "accepts: only RSA below 1024 bits is refused",
            "android-7": "not-observable: the limit differs by release",
            "android-9": "not-observable: the limit differs by release",
            "android-14": "not-observable: the limit differs by release",
        },
        Cause.WEAK_SIGNATURE: {"android-7": "not-observable: SHA-1 was refused by and by"},
        Cause.WEAK_PROTOCOL: {
            "android-7": "not-observable: it speaks TLS 1.0 and 1.1, if the app allows it",
            "android-9": "not-observable: it speaks TLS 1.0 and 1.1, if the app allows it",
        },
        Cause.WEAK_CIPHER: {"android-7": "not-observable: it offers some old suites"},
        Cause.INTERCEPTION: {},
    }
)
"""Cause → client → «verdict: why», where a client does not simply refuse."""


def judge(evidence: Evidence, causes: Sequence[Cause]) -> tuple[ClientJudgement, ...]:
    """What each client makes of this server. Empty if nothing answered."""
    if not evidence.tcp_connected:
        return ()
    return tuple(_judge(client, evidence, causes) for client in CLIENTS)


def _judge(client: str, evidence: Evidence, causes: Sequence[Cause]) -> ClientJudgement:
    refused: list[Cause] = []
    open_questions: list[str] = []
    notes: list[str] = []
    for cause in causes:
        verdict, why = _one(client, evidence, cause)
        if verdict == "refuses":
            refused.append(cause)
        elif verdict == "not-observable":
            open_questions.append(why)
        elif why:
            notes.append(why)
    if refused:
        return ClientJudgement(client, "refuses", tuple(refused), ", ".join(c.value for c in refused))
    own = _own_limits(client, evidence)
    if own:
        return ClientJudgement(client, "refuses", (), own)
    if open_questions:
        return ClientJudgement(client, "not-observable", (), "; ".join(open_questions))
    if client in _MOBILE:
        return ClientJudgement(client, "not-observable", (), _store(client, evidence))
    notes.append(f"with the roots of {evidence.trust_store}")
    return ClientJudgement(client, "accepts", (), "; ".join(notes))


def _one(client: str, evidence: Evidence, cause: Cause) -> tuple[str, str]:
    """A client's verdict on one cause, and why."""
    if cause is Cause.CLOCK_SKEW:
        return "not-observable", "it depends on that client's clock"
    if cause is Cause.UNKNOWN_TLS:
        return ("refuses", "") if evidence.facts.get("handshake") else ("not-observable", "the reason is not known")
    if cause is Cause.INCOMPLETE_CHAIN and client in ("chromium", "ios"):
        fetched = evidence.facts.get("missing") == "completed" and "http" in evidence.facts.get("missing-from", "")
        if fetched and client == "chromium":
            return "accepts", "it fetches the missing intermediate by itself"
        if fetched:
            return "not-observable", "it fetches missing intermediates if the network lets it"
    if cause is Cause.INVALID_CERTIFICATE and client in ("openssl", "java") and not evidence.verify_faults:
        return "accepts", "it falls back to the subject's common name"
    if cause is Cause.WEAK_CIPHER and client in ("openssl", "java") and not broken(evidence.cipher or "NULL"):
        return "accepts", f"it still offers {evidence.cipher}"
    verdict, _, why = _TOLERATED.get(cause, {}).get(client, "refuses").partition(": ")
    return verdict, why


def _own_limits(client: str, evidence: Evidence) -> str:
    """What only this client objects to."""
    leaf = evidence.chain[0] if evidence.chain else None
    enumerated = "enumerated" in evidence.facts  # one handshake tells the newest common version, not the others
    if client in ("android-7", "android-9") and enumerated and evidence.protocols_offered == ("TLSv1.3",):
        return "the server speaks TLS 1.3 only, and this client TLS 1.2 at most"
    if leaf is None:
        return ""
    if leaf.key.startswith("Ed") and client in ("chromium", "firefox", "android-7", "android-9", "android-14", "ios"):
        return f"the certificate's key is {leaf.key}, which this client does not take in TLS"
    if client == "ios" and (leaf.not_after - leaf.not_before).days > 825:
        return "the certificate is issued for more than 825 days"
    if client == "firefox" and "must-staple" in evidence.facts:
        return evidence.facts["must-staple"]
    return ""


def _store(client: str, evidence: Evidence) -> str:
    """Why trust on a device cannot be told from here."""
    anchor = evidence.facts.get("anchor", "")
    if evidence.facts.get("anchor-private"):
        return f"whether this client was given the private root «{anchor}» cannot be seen from here"
    if client == "android-7" and any("ISRG Root X1" in c.issuer for c in path(evidence)):
        return "«ISRG Root X1» came with Android 7.1.1 (API 25); 7.0 refuses it"
    return "what its store of roots holds cannot be seen from here"

"""Decides which kinds of client would accept a server. Pure.

`not-observable` means that the answer depends on something that a probe cannot see: the roots on a device, or the
revocation data of a client. The trusted roots of the probe are taken as those of Chromium, Firefox and OpenSSL, but not
as those of Android, iOS and Java.

What is known about each client, and from where:

- chromium: measured with the fault lab (`tests/explorer/tls/faults/live_web/test_front_chromium.py`).
- firefox: the rules of mozilla::pkix. Firefox does not fetch issuers (AIA), but has the intermediates of public
  authorities preloaded. It requires subjectAltName and SHA-2, and refuses a certificate whose stapled OCSP response
  says «revoked».
- openssl: measured with the fault lab, with OpenSSL at security level 2, as Debian and Ubuntu build it. This stands for
  curl, PHP and Ruby, too.
- android-N, where N is the release: Up to 9 (API 28), apps speak TLS 1.2 at most by default. Up to 14, they speak TLS
  1.0 and 1.1 if the app allows it. From 8 on, they do not speak SSL 3.0. No release fetches issuers (AIA). Up to 8, the
  common name counts. RSA below 1024 bits is refused (Conscrypt's ChainStrengthAnalyzer). From 7 (API 24) on, apps
  ignore roots that users install.
- ios: Apple's requirements for trusted certificates (iOS 13, macOS 10.15), which are RSA 2048, SHA-2, subjectAltName,
  serverAuth and at most 825 days.
- java: measured with the fault lab (OpenJDK 17). Java does not fetch issuers (AIA) unless this is enabled. It refuses
  SHA-1 only under the JDK's own roots, and always refuses RSA below 1024 bits. The common name counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from explorer.tls.hello import broken
from explorer.tls.rule import path
from explorer.tls.verify_codes import NO_SIGNING
from flows.diagnosis import Cause, ClientJudgement, Evidence

CLIENTS = ("chromium", "firefox", "openssl", "android-7", "android-9", "android-14", "ios", "java")
"""The clients that are judged. `ios` stands for macOS, too, which has the same requirements for certificates."""

CLIENT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "chromium": "Chromium",
        "firefox": "Firefox",
        "openssl": "OpenSSL",
        "android-7": "Android 7",
        "android-9": "Android 9",
        "android-14": "Android 14",
        "ios": "iOS and macOS",
        "java": "Java",
    }
)
"""The name of each client, as it is written in sentences."""

_STORE_UNKNOWN = frozenset({"android-7", "android-9", "android-14", "ios", "java"})

_ANDROID = frozenset({"android-7", "android-9", "android-14"})

_APPLE_825 = datetime(2019, 7, 1, tzinfo=UTC)
"""Apple's clients accept at most 825 days of validity for certificates issued from this day on."""

Opinion = tuple[str, str]
"""A verdict (`accepts`, `refuses` or `not-observable`) and its reason, which is empty if it is obvious."""

_REFUSES: Opinion = ("refuses", "")


def judge_clients(evidence: Evidence, causes: Sequence[Cause]) -> tuple[ClientJudgement, ...]:
    """The judgement of each client on this server or chain. Empty if the server did not answer and no chain is known."""
    if not evidence.tcp_connected and not evidence.chain:
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
    if client in _STORE_UNKNOWN:
        return ClientJudgement(client, "not-observable", (), _store(client, evidence))
    notes.append(f"with the roots of {evidence.trust_store}")
    return ClientJudgement(client, "accepts", (), "; ".join(notes))


def _revoked(client: str, evidence: Evidence) -> Opinion:
    """The client's opinion of a revoked certificate.

    Chromium accepts it, unless the server itself staples the OCSP response that says so (measured)."""
    stapled = "stapled" in evidence.facts.get("revocation", "")
    if client in ("firefox", "chromium") and stapled:
        return _REFUSES
    if client in ("firefox", "ios"):
        return "not-observable", "this client uses its own revocation data"
    return "accepts", "this client does not ask the issuer by default"


def _weak_key(client: str, evidence: Evidence) -> Opinion:
    keys = [c.key.partition(" ") for c in path(evidence)]
    if any(kind != "RSA" or int(bits) < 1024 for kind, _, bits in keys if kind in ("RSA", "DSA")):
        return _REFUSES
    if client in _ANDROID or client == "java":
        return "accepts", "this client refuses only RSA below 1024 bits"
    if client == "chromium":
        return "accepts", "this client accepts RSA 1024 under a private root"
    return ("not-observable", "the answer depends on whether the root is public") if client == "firefox" else _REFUSES


def _weak_signature(client: str, evidence: Evidence) -> Opinion:
    if any(c.signature in ("md5", "md2") for c in path(evidence)):
        return _REFUSES
    if client in ("android-7", "android-9"):
        return "not-observable", "newer releases refuse SHA-1, older ones accept it"
    if client == "java" and "anchor-private" in evidence.facts:
        return "accepts", "this client refuses SHA-1 only under its own built-in roots"
    return _REFUSES


def _weak_protocol(client: str, evidence: Evidence) -> Opinion:
    if client in _ANDROID and evidence.protocol in ("TLSv1", "TLSv1.1"):
        return "not-observable", "this client speaks TLS 1.0 and 1.1 if the app allows it"
    return _REFUSES


def _weak_cipher(client: str, evidence: Evidence) -> Opinion:
    if client in ("openssl", "java") and not broken(evidence.cipher or "NULL"):
        return "accepts", f"this client still offers {evidence.cipher}"
    return ("not-observable", "this client offers some old cipher suites") if client == "android-7" else _REFUSES


def _incomplete(client: str, evidence: Evidence) -> Opinion:
    completed = evidence.facts.get("missing") == "completed"
    fetched = completed and "http" in evidence.facts.get("missing-from", "")
    if client == "chromium" and fetched:
        return "accepts", "this client fetches the missing intermediate itself"
    if client == "ios" and fetched:
        return "not-observable", "this client fetches missing intermediates if the network allows it"
    private = "completed-private" in evidence.facts or evidence.facts.get("missing") == "kin"
    if client == "firefox" and not private:
        return "not-observable", "this client has the intermediates of public authorities preloaded"
    return _REFUSES


def _invalid(client: str, evidence: Evidence) -> Opinion:
    faults = {f.text for f in evidence.verify_faults if f.code != 62}
    leaf = evidence.chain[0] if evidence.chain else None
    if faults == {NO_SIGNING}:
        if client == "openssl":
            return "accepts", "this client does not check the key usage"
        return ("not-observable", "whether this client checks key usage is unknown") if client == "ios" else _REFUSES
    named = leaf is not None and not leaf.names and f"CN={evidence.host}" in leaf.subject.split(",")
    if named and not faults and client in ("openssl", "java", "android-7"):
        return "accepts", "this client falls back to the subject's common name"
    return _REFUSES


OPINIONS: Mapping[Cause, Callable[[str, Evidence], Opinion]] = MappingProxyType(
    {
        Cause.REVOKED: _revoked,
        Cause.WEAK_KEY: _weak_key,
        Cause.WEAK_SIGNATURE: _weak_signature,
        Cause.WEAK_PROTOCOL: _weak_protocol,
        Cause.WEAK_CIPHER: _weak_cipher,
        Cause.INCOMPLETE_CHAIN: _incomplete,
        Cause.INVALID_CERTIFICATE: _invalid,
        Cause.CLOCK_SKEW: lambda _, __: ("not-observable", "the answer depends on the client's clock"),
        Cause.UNKNOWN_TLS: lambda _, e: (
            _REFUSES if e.facts.get("handshake") else ("not-observable", "the cause is unknown")
        ),
    }
)
"""Cause → the function that judges it for one client. All clients refuse a server with a cause that is not here."""


def _one(client: str, evidence: Evidence, cause: Cause) -> Opinion:
    opinion = OPINIONS.get(cause)
    return opinion(client, evidence) if opinion else _REFUSES


def _own_limits(client: str, evidence: Evidence) -> str:
    """The reason, other than a cause, for which this client refuses the server. Empty if there is none."""
    leaf = evidence.chain[0] if evidence.chain else None
    enumerated = "enumerated" in evidence.facts  # one handshake shows the newest common version only
    if client in ("android-7", "android-9") and enumerated and evidence.protocols_offered == ("TLSv1.3",):
        return "the server speaks only TLS 1.3, and this client at most TLS 1.2"
    if leaf is None:
        return ""
    if leaf.key.startswith("Ed") and client not in ("openssl", "java"):
        return f"the certificate's key is {leaf.key}, which this client does not accept"
    if leaf.key == "EC P-521" and client == "chromium":
        return f"the certificate's key is {leaf.key}, which this client does not accept"
    if client == "ios" and leaf.not_before >= _APPLE_825 and (leaf.not_after - leaf.not_before).days > 825:
        return "the certificate is valid for more than 825 days"
    if client == "firefox" and "must-staple" in evidence.facts:
        return evidence.facts["must-staple"]
    return ""


def _store(client: str, evidence: Evidence) -> str:
    """Why a probe cannot tell whether this client (a device or a Java runtime) trusts the chain.

    For Android 7 and the root «ISRG Root X1», the text says instead which releases have that root."""
    anchor = evidence.facts.get("anchor", "")
    if evidence.facts.get("anchor-private"):
        apps = "; apps trust roots that users install only if their network security config allows it"
        return f"the probe cannot see whether this client has the private root «{anchor}»" + (
            apps if client in _ANDROID else ""
        )
    if client == "android-7" and any("ISRG Root X1" in c.issuer for c in path(evidence)):
        return "Android has «ISRG Root X1» from 7.1.1 (API 25) on; 7.0 refuses it"
    return "the probe cannot see which roots this client trusts"

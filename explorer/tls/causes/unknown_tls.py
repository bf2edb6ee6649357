"""TLS failed, and the evidence does not explain why."""

from __future__ import annotations

from explorer.tls.advice import LOOK, Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.faults.scripts import alert, says
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    """The sentence that explains this cause; empty if TLS did not fail.

    This cause applies to any TLS failure. `explorer.tls.diagnose` drops it if another cause applies."""
    if ended(evidence):
        said = f"the alert {evidence.alert}" if evidence.alert else evidence.error or ended(evidence)
        return f"The handshake fails with {said}; the evidence does not explain why."
    if "unreadable" in evidence.facts and not evidence.chain:
        return f"The server's certificate cannot be read: {evidence.facts['unreadable']}."
    if evidence.verify_faults and not evidence.facts.get("anchor"):
        return f"OpenSSL rejects the chain ({evidence.verify_faults[0].text}); the evidence does not explain why."
    return ""


_ADVICE = Advice(
    "Read the server's log at the time of the failure",
    "The evidence holds everything that is visible from outside. The server's error log may name the reason.",
    LOOK,
    check="openssl s_client -connect {host}:{port} -servername {host} -msg </dev/null",
)


FAULTS = (
    Fault(
        "unknown-tls",
        Cause.UNKNOWN_TLS,
        "Answers every ClientHello with the alert internal_error.",
        script=alert(80),
        chromium="ERR_SSL_PROTOCOL_ERROR",
    ),
    Fault(
        "unknown-tls-garbage",
        Cause.UNKNOWN_TLS,
        "Answers with a TLS record that holds garbage.",
        script=says(b"\x16\x03\x03\x00\x10" + b"\xa5" * 16),
        chromium="ERR_SSL_PROTOCOL_ERROR",
    ),
)

RULE = Rule(Cause.UNKNOWN_TLS, recognise, FAULTS, _ADVICE)

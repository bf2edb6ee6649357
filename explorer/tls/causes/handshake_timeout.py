"""The server accepts the ClientHello and never answers."""

from __future__ import annotations

from explorer.tls.advice import LOOK, Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.faults.scripts import stall
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    """The sentence that explains this cause, or an empty string if the cause does not apply.

    It applies only if TCP connected and a ClientHello was sent. Otherwise the failure is not a TLS failure."""
    proven = evidence.tcp_connected and evidence.client_hello_sent and evidence.protocol is None
    if not proven or ended(evidence) != "timeout":
        return ""
    return "The server accepts the connection and the ClientHello, and never answers."


_ADVICE = Advice(
    "Find what blocks the handshake",
    (
        "Likely reasons: overloaded workers, a load balancer whose backend hangs, or a network path that loses large "
        "packets (a ClientHello with post-quantum key shares needs two packets)."
    ),
    LOOK,
    check="time openssl s_client -connect {host}:{port} -servername {host} </dev/null",
)


FAULTS = (
    Fault(
        "handshake-timeout",
        Cause.HANDSHAKE_TIMEOUT,
        "Sends nothing after the ClientHello.",
        script=stall,
        chromium="hangs",
    ),
)

RULE = Rule(Cause.HANDSHAKE_TIMEOUT, recognise, FAULTS, _ADVICE)

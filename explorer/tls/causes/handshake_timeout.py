"""The server takes the ClientHello and never answers."""

from __future__ import annotations

from explorer.tls.advice import LOOK, Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.faults.scripts import stall
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    """DESIGN section 4: it needs proof that TCP connected and a ClientHello was sent."""
    proven = evidence.tcp_connected and evidence.client_hello_sent and evidence.protocol is None
    if not proven or ended(evidence) != "timeout":
        return ""
    return "The server takes the connection and the ClientHello, and never answers."


_ADVICE = Advice(
    "Find what keeps the handshake waiting",
    "Overloaded workers, a load balancer whose backend hangs, or a path on which large packets are lost (a ClientHello with post-quantum key shares needs two).",
    LOOK,
    check="time openssl s_client -connect {host}:{port} -servername {host} </dev/null",
)


FAULTS = (
    Fault(
        "handshake-timeout", Cause.HANDSHAKE_TIMEOUT, "Silent after the ClientHello.", script=stall, chromium="hangs"
    ),
)

RULE = Rule(Cause.HANDSHAKE_TIMEOUT, recognise, FAULTS, _ADVICE)

"""The connection is cut after the ClientHello."""

from __future__ import annotations

from explorer.tls.advice import LOOK, Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.faults.scripts import cut_with_end, cut_with_reset
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    """The sentence that explains this cause, or an empty string if the cause does not apply.

    It applies only if TCP connected and a ClientHello was sent. Otherwise the failure is not a TLS failure."""
    if not (evidence.tcp_connected and evidence.client_hello_sent) or evidence.client_certificate_requested:
        return ""
    if ended(evidence) not in ("closed", "reset") or evidence.protocol is not None:
        return ""
    how = "resets" if ended(evidence) == "reset" else "closes"
    return f"The server accepts the connection and {how} it when the handshake begins."


_ADVICE = Advice(
    "Find what cuts the connection: a firewall, a load balancer without a backend, or the server itself",
    "Check on the server whether the ClientHello arrives. Filters often cut connections because of its host name.",
    LOOK,
    check="tcpdump -ni any port {port}   # on the server, while: openssl s_client -connect {host}:{port} -servername {host}",
)


FAULTS = (
    Fault(
        "connection-cut",
        Cause.CONNECTION_CUT,
        "Resets the connection after the ClientHello.",
        script=cut_with_reset,
        chromium="ERR_CONNECTION_RESET",
    ),
    Fault(
        "connection-cut-eof",
        Cause.CONNECTION_CUT,
        "Closes the connection after the ClientHello.",
        script=cut_with_end,
        chromium="ERR_CONNECTION_CLOSED",
    ),
)

RULE = Rule(Cause.CONNECTION_CUT, recognise, FAULTS, _ADVICE)

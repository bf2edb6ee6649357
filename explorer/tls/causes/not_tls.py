"""The server speaks a protocol other than TLS on this port."""

from __future__ import annotations

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.faults.scripts import plain_http, says
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    if ended(evidence) != "not-tls":
        return ""
    said = evidence.facts.get("first-bytes", "")
    return f"The server answers a ClientHello with something other than TLS: «{said[:40]}»."


_ADVICE = Advice(
    "Enable TLS on this port, or use another port",
    "Either the client uses the wrong port, or TLS is not enabled on this port of the server.",
    {
        "nginx": "listen {port} ssl;   # «ssl» is missing on this listen line",
        "Apache": "<VirtualHost *:{port}>\n    SSLEngine on",
        "Caddy": "https://{host}:{port} {   # not http://",
        "HAProxy": "bind :{port} ssl crt /etc/haproxy/certs/{host}.pem   # «ssl» is missing on this bind line",
        "Node.js": "https.createServer(options, app).listen({port});   // not http.createServer",
        "load balancer": "# The listener on port {port} must have the protocol HTTPS or TLS, not HTTP or TCP.",
        "CDN or object storage": "# Use the provider's https endpoint; website endpoints of object storage often speak http only.",
    },
    check="curl -sI https://{host}:{port}/",
)


FAULTS = (
    Fault("not-tls", Cause.NOT_TLS, "Plain HTTP on a TLS port.", script=plain_http, chromium="ERR_SSL_PROTOCOL_ERROR"),
    Fault(
        "not-tls-ssh",
        Cause.NOT_TLS,
        "SSH on a TLS port.",
        script=says(b"SSH-2.0-OpenSSH_9.9\r\n"),
        chromium="ERR_SSL_PROTOCOL_ERROR",
    ),
)

RULE = Rule(Cause.NOT_TLS, recognise, FAULTS, _ADVICE)

"""The server requires a client certificate."""

from __future__ import annotations

import ssl

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault, Terms, good
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence

_REFUSALS = (
    "handshake_failure",
    "certificate_required",
    "bad_certificate",
    "certificate_unknown",
    "access_denied",
    "unknown_ca",
)


def recognise(evidence: Evidence) -> str:
    if not evidence.client_certificate_requested:
        return ""
    if ended(evidence):
        said = f"with the alert {evidence.alert}" if evidence.alert in _REFUSALS else "by closing the connection"
        return f"The server asks for a client certificate and, without one, ends the handshake {said}."
    if evidence.facts.get("after-handshake") in ("alert", "closed", "reset") and "http-status" not in evidence.facts:
        return "The server asks for a client certificate and, without one, ends the connection."
    if evidence.facts.get("http-status") in ("400", "403", "496") or "http-says" in evidence.facts:
        return f"The server asks for a client certificate and, without one, answers with status {evidence.facts.get('http-status', '400')}."
    return ""


_ADVICE = Advice(
    "Give the client a certificate, or stop asking for one",
    (
        "If users are not meant to have client certificates, this host asks for them by mistake. "
        "Ask for a certificate only on the paths that need it."
    ),
    {
        "nginx": "ssl_verify_client off;   # or «optional», and check $ssl_client_verify in the one location that needs it",
        "Apache": "SSLVerifyClient none   # and «SSLVerifyClient require» in the one <Location> that needs it",
        "Caddy": "# remove «client_auth» from the tls block of {host}",
        "HAProxy": "bind :{port} ssl crt /etc/haproxy/certs/{host}.pem   # without «verify required»",
        "Node.js": "https.createServer({ requestCert: false, ...options }, app)",
        "load balancer": "aws elbv2 modify-listener --listener-arn LISTENER --mutual-authentication Mode=off",
        "CDN or object storage": "# Switch mutual TLS off for {host}.",
    },
    {
        "OkHttp": (
            "If clients are meant to have a certificate, configure it in the client.",
            (
                "val certificates = HandshakeCertificates.Builder().addPlatformTrustedCertificates()\n"
                "    .heldCertificate(clientCertificate).build()\n"
                "OkHttpClient.Builder().sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager).build()"
            ),
        )
    },
    "curl -sv --cert client.pem --key client.key https://{host}:{port}/ -o /dev/null",
)


FAULTS = (
    # TLS 1.2: the refusal comes within the handshake. In TLS 1.3 it comes after the client has finished.
    Fault(
        "client-certificate-required",
        Cause.CLIENT_CERTIFICATE_REQUIRED,
        "Ends the handshake if the client sends no certificate.",
        good,
        Terms(maximum=ssl.TLSVersion.TLSv1_2, client_certificate="strict"),
        chromium="ERR_BAD_SSL_CLIENT_AUTH_CERT",
    ),
    Fault(
        "client-certificate-required-400",
        Cause.CLIENT_CERTIFICATE_REQUIRED,
        "Completes the handshake, then answers every request with status 400, as nginx does.",
        good,
        Terms(client_certificate="http-400"),
    ),
)

RULE = Rule(Cause.CLIENT_CERTIFICATE_REQUIRED, recognise, FAULTS, _ADVICE)

"""The server accepts only cipher suites that clients refuse."""

from __future__ import annotations

import ssl

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault, Terms, good
from explorer.tls.faults.scripts import only_cipher
from explorer.tls.hello import SUITES, broken
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    if not ended(evidence) or evidence.client_certificate_requested:
        return ""
    suite = evidence.cipher or ""
    modern_version = evidence.protocol == "TLSv1.2"
    if suite in SUITES.values() and (modern_version or broken(suite)):
        return f"The server accepts only {suite} of the cipher suites tried, and clients do not offer it."
    # Only one handshake was made, so the alert is the only evidence; this alert is about cipher suites.
    if (
        evidence.alert in ("handshake_failure", "insufficient_security")
        and "enumerated" not in evidence.facts
        and not suite
    ):
        return f"The server ends the handshake with the alert {evidence.alert}: clients and server have no cipher suite in common."
    return ""


_ADVICE = Advice(
    "Enable cipher suites that clients accept",
    "For TLS 1.2, use forward-secret AEAD suites. TLS 1.3 has suites of its own.",
    {
        "nginx": "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
        "Apache": "SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
        "Caddy": "# Caddy's defaults are right: remove the «ciphers» line from the tls block.",
        "HAProxy": "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
        "Node.js": "https.createServer({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305', ...options }, app)",
        "load balancer": "aws elbv2 modify-listener --listener-arn LISTENER --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06",
        "CDN or object storage": "# Choose the provider's current security policy (TLS 1.2, 2021 or later) for {host}.",
    },
    check="openssl s_client -connect {host}:{port} -servername {host} -cipher ECDHE+AESGCM </dev/null | grep -i cipher",
)


FAULTS = (
    Fault(
        "weak-cipher",
        Cause.WEAK_CIPHER,
        "Accepts only suites that do not encrypt (NULL).",
        good,
        Terms(maximum=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "weak-cipher-rc4",
        Cause.WEAK_CIPHER,
        "Accepts RC4 only (RFC 7465).",
        script=only_cipher(0x0303, 0x0005),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "weak-cipher-3des",
        Cause.WEAK_CIPHER,
        "Accepts 3DES only.",
        script=only_cipher(0x0303, 0x000A),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
)

RULE = Rule(Cause.WEAK_CIPHER, recognise, FAULTS, _ADVICE)

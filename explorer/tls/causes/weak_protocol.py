"""The server speaks only TLS versions that clients refuse (RFC 8996)."""

from __future__ import annotations

import ssl

from explorer.tls.advice import Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Terms, Workshop, show
from explorer.tls.faults.scripts import only_version
from explorer.tls.rule import Rule, ended
from flows.diagnosis import Cause, Evidence

_OLD = "ALL:!aNULL:!eNULL:@SECLEVEL=0"


def _rsa(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(key="rsa")))


_OLD_VERSIONS = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})


def recognise(evidence: Evidence) -> str:
    if not ended(evidence) or evidence.client_certificate_requested:
        return ""
    if evidence.protocol in _OLD_VERSIONS:
        return f"The newest version that the server speaks is {evidence.protocol}; clients require TLS 1.2 or 1.3."
    if evidence.alert == "protocol_version" and evidence.protocol is None:
        return "The server answers a ClientHello for TLS 1.2 or 1.3 with the alert protocol_version."
    return ""


_ADVICE = Advice(
    "Enable TLS 1.2 and 1.3",
    "TLS 1.0 and 1.1 were deprecated in 2021 (RFC 8996). If the server's TLS library supports nothing newer, put a current proxy in front of it.",
    {
        "nginx": "ssl_protocols TLSv1.2 TLSv1.3;",
        "Apache": "SSLProtocol -all +TLSv1.2 +TLSv1.3",
        "Caddy": "{host} {\n    tls {\n        protocols tls1.2 tls1.3\n    }\n}",
        "HAProxy": "ssl-default-bind-options ssl-min-ver TLSv1.2",
        "Node.js": "https.createServer({ minVersion: 'TLSv1.2', ...options }, app)",
        "load balancer": "aws elbv2 modify-listener --listener-arn LISTENER --ssl-policy ELBSecurityPolicy-TLS13-1-2-2021-06",
        "CDN or object storage": "# Set the minimum TLS version of the distribution for {host} to 1.2.",
    },
    check="openssl s_client -connect {host}:{port} -servername {host} -tls1_2 </dev/null | grep Protocol",
)


FAULTS = (
    Fault(
        "weak-protocol",
        Cause.WEAK_PROTOCOL,
        "Speaks TLS 1.0 only.",
        _rsa,
        Terms(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1, _OLD),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "weak-protocol-1.1",
        Cause.WEAK_PROTOCOL,
        "Speaks TLS 1.1 only.",
        _rsa,
        Terms(ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1, _OLD),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
    Fault(
        "weak-protocol-ssl3",
        Cause.WEAK_PROTOCOL,
        "Speaks SSL 3.0 only.",
        script=only_version(0x0300, 0x002F),
        chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
    ),
)

RULE = Rule(Cause.WEAK_PROTOCOL, recognise, FAULTS, _ADVICE)

"""Remedies: the configuration lines for each kind of server, and the command that shows whether the fix works.

No remedy tells anybody to switch certificate checks off; a test enforces this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flows.diagnosis import Cause, Evidence, Remedy

SERVERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "nginx": ("nginx", "openresty", "tengine"),
        "Apache": ("apache",),
        "Caddy": ("caddy",),
        "HAProxy": ("haproxy",),
        "Node.js": ("node", "express"),
        "load balancer": ("awselb", "awsalb", "google frontend", "microsoft-azure", "envoy", "istio"),
        "CDN or object storage": (
            "cloudflare",
            "cloudfront",
            "amazons3",
            "akamai",
            "fastly",
            "varnish",
            "netlify",
            "vercel",
        ),
    }
)
"""Kind of server → words in lower case, any of which identifies it in the `Server` header."""

CHECK = "trustwalk probe {host}:{port}"
DATES = "openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -noout -dates -subject -ext subjectAltName"
CHAIN = "openssl s_client -connect {host}:{port} -servername {host} -showcerts </dev/null | grep -E ' [is]:|Verify'"

RELOAD: Mapping[str, str] = MappingProxyType(
    {
        "nginx": "ssl_certificate     /etc/ssl/{host}/fullchain.pem;   # the leaf first, then its intermediates\n"
        "ssl_certificate_key /etc/ssl/{host}/privkey.pem;\n# then: nginx -t && nginx -s reload",
        "Apache": "SSLCertificateFile    /etc/ssl/{host}/fullchain.pem   # the leaf first, then its intermediates (2.4.8 and later)\n"
        "SSLCertificateKeyFile /etc/ssl/{host}/privkey.pem\n# then: apachectl configtest && apachectl graceful",
        "Caddy": "{host} {\n    tls /etc/ssl/{host}/fullchain.pem /etc/ssl/{host}/privkey.pem   # without this line, Caddy gets and renews a certificate itself\n}\n"
        "# then: caddy reload",
        "HAProxy": "bind :{port} ssl crt /etc/haproxy/certs/{host}.pem   # leaf, intermediates and key in one file\n"
        "# then: haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy",
        "Node.js": "https.createServer({\n  cert: fs.readFileSync('/etc/ssl/{host}/fullchain.pem'),   // the leaf first, then its intermediates\n"
        "  key: fs.readFileSync('/etc/ssl/{host}/privkey.pem'),\n}, app).listen({port});",
        "load balancer": "aws acm import-certificate --certificate fileb://cert.pem --private-key fileb://privkey.pem --certificate-chain fileb://chain.pem\n"
        "aws elbv2 modify-listener --listener-arn LISTENER --certificates CertificateArn=NEW_ARN",
        "CDN or object storage": "# The edge has its own certificate, separate from the origin's: install the new one (leaf, then intermediates)\n"
        "# on the distribution that serves {host}, or let the provider issue one for that name.",
    }
)
"""Kind of server → the lines that set the server's certificate, and the command that reloads the server."""


LOOK: Mapping[str, str] = MappingProxyType(
    {
        "nginx": "error_log /var/log/nginx/error.log info;   # then: grep SSL_do_handshake /var/log/nginx/error.log\n"
        "# Also look for «ssl_reject_handshake on» in the server block of {host}",
        "Apache": "LogLevel ssl:info   # then: grep AH02008 /var/log/apache2/error.log («SSL library error in handshake»)",
        "Caddy": "{\n    debug\n}\n# then: journalctl -u caddy | grep 'TLS handshake error'",
        "HAProxy": "option dontlognull   # remove it: it hides connections that fail during the handshake\n"
        "# then: journalctl -u haproxy | grep 'SSL handshake failure'",
        "Node.js": "server.on('tlsClientError', (error, socket) => console.error(socket.remoteAddress, error.code));",
        "load balancer": "# Check the listener's TLS error metric, and whether any backend for port {port} is healthy.",
        "CDN or object storage": "# Check that {host} is configured on the distribution, and that its origin answers.",
    }
)
"""Kind of server → where to read why a handshake failed: log settings and a search, or what to check."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What to change for one cause.

    `lines` maps each kind of server to its configuration lines; `text` explains them. `client` maps each kind of client
    to its own text and lines. `check` is the command that shows whether the fix works."""

    title: str = ""
    text: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    client: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Kind of client («Android network security config», «OkHttp», «WebView»…) → (text, lines)."""
    check: str = CHECK


def server_kind(evidence: Evidence | None) -> str:
    """The kind of server that the `Server` header names, or an empty string."""
    said = ((evidence.server_software if evidence else None) or "").lower()
    return next((kind for kind, words in SERVERS.items() if any(w in said for w in words)), "")


def remedies(cause: Cause, advice: Advice, host: str, port: int, evidence: Evidence | None) -> tuple[Remedy, ...]:
    """The remedies for one cause: one for the server's kind, and one for each kind of client.

    If the server's kind is unknown, or the advice has no lines for it, there is a remedy for every kind of server."""

    def fill(text: str) -> str:
        missing = evidence.facts.get("missing-pem", "") if evidence else ""
        given = text.replace("{host}", host).replace("{port}", str(port))
        return given.replace(
            "{missing}", missing or "(the intermediate certificate as PEM, from the authority that issued the leaf)"
        )

    kind = server_kind(evidence)
    kinds = [kind] if kind in advice.lines else list(advice.lines)
    made = [
        Remedy(cause, where, fill(advice.title), fill(advice.text), fill(advice.lines[where]), fill(advice.check))
        for where in kinds
    ]
    made += [
        Remedy(cause, where, fill(advice.title), fill(text), fill(lines), fill(advice.check))
        for where, (text, lines) in advice.client.items()
    ]
    return tuple(made or [Remedy(cause, "any server", fill(advice.title), fill(advice.text), "", fill(advice.check))])

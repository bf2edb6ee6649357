"""Remedies in the app: how to trust a private root, and what to change for causes that only a client can report."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.tls.advice import Advice
from flows.diagnosis import Cause

PRIVATE_ROOT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Android network security config": (
            "If the authority is your own, ship its root with the app and trust it for this host only.",
            (
                "<!-- res/xml/network_security_config.xml; the root as res/raw/company_root.pem -->\n"
                "<network-security-config>\n  <domain-config>\n    <domain>{host}</domain>\n    <trust-anchors>\n"
                '      <certificates src="system"/>\n      <certificates src="@raw/company_root"/>\n'
                "    </trust-anchors>\n  </domain-config>\n</network-security-config>\n"
                '<!-- AndroidManifest.xml: <application android:networkSecurityConfig="@xml/network_security_config"> -->'
            ),
        ),
        "OkHttp": (
            "If the authority is your own, let the app trust its root in addition to the platform's roots.",
            (
                "val certificates = HandshakeCertificates.Builder()\n    .addPlatformTrustedCertificates()\n"
                "    .addTrustedCertificate(companyRoot).build()\n"
                "OkHttpClient.Builder().sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager).build()"
            ),
        ),
        "WebView": (
            (
                "A WebView follows the network security config. Do not override onReceivedSslError; if you must, call "
                "handler.cancel() in it."
            ),
            "override fun onReceivedSslError(view: WebView, handler: SslErrorHandler, error: SslError) = handler.cancel()",
        ),
    }
)

CONFIG = "Android network security config"
_PIN = "openssl s_client -connect {host}:{port} -servername {host} </dev/null 2>/dev/null | openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64"

ONLY_CLIENTS: Mapping[Cause, Advice] = MappingProxyType(
    {
        Cause.PIN_MISMATCH: Advice(
            "Pin the key that {host} uses now, and the key that it will use next",
            "The check below prints the pin of the current key. Also pin a backup key and set an expiration date, or the next renewal breaks the app again.",
            client={
                CONFIG: (
                    "Use at least two pins and an expiration date.",
                    (
                        "<domain-config>\n  <domain>{host}</domain>\n"
                        '  <pin-set expiration="YYYY-MM-DD">\n    <pin digest="SHA-256">PIN OF THE KEY IN USE</pin>\n'
                        '    <pin digest="SHA-256">PIN OF A SPARE KEY</pin>\n  </pin-set>\n</domain-config>'
                    ),
                ),
                "OkHttp": (
                    "Set the same pins in code. OkHttp's error message lists the pins of the chain that it received.",
                    (
                        'CertificatePinner.Builder()\n    .add("{host}", "sha256/PIN OF THE KEY IN USE")\n'
                        '    .add("{host}", "sha256/PIN OF A SPARE KEY").build()'
                    ),
                ),
                "WebView": ("A WebView follows the pins of the network security config and knows no others.", ""),
            },
            check=_PIN,
        ),
        Cause.CLEARTEXT_BLOCKED: Advice(
            "Use https for {host}",
            (
                "Android blocks http in apps that target Android 9 or later, unless the app allows it. "
                "Change the address in the app to https; the server must support TLS."
            ),
            client={
                CONFIG: (
                    "If a host cannot speak TLS at all (a device in the local network), allow http for this host only.",
                    (
                        '<domain-config cleartextTrafficPermitted="true">\n  <domain>{host}</domain>\n</domain-config>\n'
                        '<base-config cleartextTrafficPermitted="false"/>'
                    ),
                ),
                "OkHttp": ("Change the address.", '.url("https://{host}/…")   // not http://'),
                "WebView": ("Change the address.", 'webView.loadUrl("https://{host}/…")   // not http://'),
            },
            check="curl -sI https://{host}/",
        ),
        Cause.MIXED_CONTENT: Advice(
            "Load {host} over https",
            (
                "A page that was loaded over https may not load scripts or frames, or send requests, over http. "
                "Change the address in the page, or let browsers upgrade it to https."
            ),
            {
                "nginx": 'add_header Content-Security-Policy "upgrade-insecure-requests" always;',
                "Apache": 'Header always set Content-Security-Policy "upgrade-insecure-requests"',
                "Caddy": 'header Content-Security-Policy "upgrade-insecure-requests"',
                "HAProxy": 'http-response set-header Content-Security-Policy "upgrade-insecure-requests"',
                "Node.js": "response.setHeader('Content-Security-Policy', 'upgrade-insecure-requests');",
                "CDN or object storage": "# Add the response header Content-Security-Policy: upgrade-insecure-requests to the page.",
            },
            {
                "WebView": (
                    "Keep the strict default, and change the address to https.",
                    "webView.settings.mixedContentMode = WebSettings.MIXED_CONTENT_NEVER_ALLOW",
                )
            },
            check="curl -s https://{host}/ | grep -n 'http://'",
        ),
    }
)
"""Advice for the causes that only a client can report. The probe sees none of them, so the fault lab has no servers
for them."""

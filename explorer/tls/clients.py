"""What apps can do for hosts with a private authority: trust its root, for this host, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PRIVATE_ROOT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Android network security config": (
            "If the authority is your own: put its root into the app, for this host only.",
            (
                "<!-- res/xml/network_security_config.xml; the root as res/raw/company_root.pem -->\n"
                "<network-security-config>\n  <domain-config>\n    <domain>{host}</domain>\n    <trust-anchors>\n"
                '      <certificates src="system"/>\n      <certificates src="@raw/company_root"/>\n'
                "    </trust-anchors>\n  </domain-config>\n</network-security-config>\n"
                '<!-- AndroidManifest.xml: <application android:networkSecurityConfig="@xml/network_security_config"> -->'
            ),
        ),
        "OkHttp": (
            "If the authority is your own: add its root to those of the platform.",
            (
                "val certificates = HandshakeCertificates.Builder()\n    .addPlatformTrustedCertificates()\n"
                "    .addTrustedCertificate(companyRoot).build()\n"
                "OkHttpClient.Builder().sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager).build()"
            ),
        ),
        "WebView": (
            "A WebView follows the network security config. Leave onReceivedSslError alone, or let it call handler.cancel().",
            "override fun onReceivedSslError(view: WebView, handler: SslErrorHandler, error: SslError) = handler.cancel()",
        ),
    }
)

"""A proxy, virus scanner or captive portal presents its own certificate instead of the server's."""

from __future__ import annotations

import re

from explorer.tls.advice import CHAIN, Advice
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _proxy(shop: Workshop) -> Served:
    proxy = Authority.create("mitmproxy", now=shop.authority.now)
    return show(proxy.leaf(shop.names, by=proxy.root), proxy.root.certificate)


MIDDLEBOXES = re.compile(
    r"mitmproxy|charles proxy|fiddler|portswigger|burp|owasp zap|zed attack proxy|http toolkit|proxyman|reqable|zscaler|"
    r"netskope|fortinet|fortigate|blue ?coat|proxysg|sophos|kaspersky|eset ssl filter|avast web|avg web|bitdefender personal|"
    r"cisco umbrella|superfish|forcepoint|barracuda|mcafee web gateway|sonicwall|watchguard|smoothwall|securly|iboss|"
    r"check ?point|adguard|qustodio|gateway ca.*cloudflare|cloudflare for teams|palo alto|untangle|web gateway|dpi-ssl",
    re.IGNORECASE,
)
"""Names that proxies, virus scanners and filters give to the authorities that they create."""


def recognise(evidence: Evidence) -> str:
    """The sentence that explains this cause, or an empty string if the cause does not apply.

    It applies if an issuer has the name of a known middlebox. The issuer of the certificate that the client received is
    examined first, then the issuers in the chain that the probe received."""
    client = evidence.facts.get("client-issuer", "")
    if MIDDLEBOXES.search(client):
        return f"The client was shown a certificate from «{client}», a proxy or filter between client and server."
    if evidence.facts.get("anchor") or not evidence.chain:
        return ""
    named = next((c.issuer for c in evidence.chain if MIDDLEBOXES.search(c.issuer)), "")
    return f"The certificate comes from «{named}», a proxy or filter between client and server." if named else ""


_ADVICE = Advice(
    "Exempt {host} from inspection, or give clients the proxy's root",
    "The server is not at fault. Find out which proxy, virus scanner or captive portal this is, and exempt {host} from its TLS inspection.",
    client={
        "the network": ("Add the host to the list of exemptions from inspection.", "{host}"),
        "the app": (
            "Show «this network replaces certificates» rather than «server error», and offer to try another network.",
            "",
        ),
    },
    check=CHAIN,
)


FAULTS = (
    Fault(
        "interception",
        Cause.INTERCEPTION,
        "A debugging proxy issued the certificate.",
        _proxy,
        side="network",
        chromium="ERR_CERT_AUTHORITY_INVALID",
    ),
)

RULE = Rule(Cause.INTERCEPTION, recognise, FAULTS, _ADVICE)

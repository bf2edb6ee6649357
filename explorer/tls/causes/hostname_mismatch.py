"""The certificate is for other names than the one that was asked for."""

from __future__ import annotations

from explorer.tls.advice import DATES, RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _other(shop: Workshop) -> Served:
    return show(shop.authority.leaf(["another-host.test"]))


def _wildcard(shop: Workshop) -> Served:
    """`*.desk.test` for `a.chat.desk.test`: a wildcard stands for exactly one label (RFC 6125 section 6.4.3)."""
    return show(shop.authority.leaf([f"*.{name.partition('.')[2].partition('.')[2] or 'test'}" for name in shop.names]))


def _address_as_name(shop: Workshop) -> Served:
    """An address belongs into an iPAddress entry; in a dNSName it fits nothing, not even a client that asks for it."""
    return show(shop.authority.leaf(["127.0.0.1"], CertificateSpec(addresses_as_names=True)))


def recognise(evidence: Evidence) -> str:
    if not evidence.chain or not evidence.chain[0].names or evidence.name_matches is not False:
        return ""
    names = evidence.chain[0].names
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"The certificate is for {shown}, not for {evidence.host}."


_ADVICE = Advice(
    "Use a certificate whose subjectAltName names {host}",
    "Have one issued for this very name (a wildcard covers one label only), or let the server choose its certificate by the name that clients send (SNI): often the right certificate exists, and another virtual host answers.",
    RELOAD,
    check=DATES,
)


FAULTS = (
    Fault(
        "hostname-mismatch",
        Cause.HOSTNAME_MISMATCH,
        "The certificate is for another-host.test.",
        _other,
        chromium="ERR_CERT_COMMON_NAME_INVALID",
    ),
    Fault(
        "hostname-mismatch-wildcard",
        Cause.HOSTNAME_MISMATCH,
        "The wildcard is one level too high.",
        _wildcard,
        chromium="ERR_CERT_COMMON_NAME_INVALID",
    ),
    Fault(
        "hostname-mismatch-address",
        Cause.HOSTNAME_MISMATCH,
        "An IP address that stands among the DNS names.",
        _address_as_name,
        chromium="ERR_CERT_COMMON_NAME_INVALID",
    ),
)

RULE = Rule(Cause.HOSTNAME_MISMATCH, recognise, FAULTS, _ADVICE)

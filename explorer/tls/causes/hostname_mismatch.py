"""The certificate's subjectAltName does not contain the name that the client asked for."""

from __future__ import annotations

from explorer.tls.advice import DATES, RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Evidence


def _other(shop: Workshop) -> Served:
    return show(shop.authority.leaf(["another-host.test"]))


def _wildcard(shop: Workshop) -> Served:
    """A leaf for `*.desk.test` on the host `a.chat.desk.test`: `*` covers only one label (RFC 6125 section 6.4.3)."""
    return show(shop.authority.leaf([f"*.{name.partition('.')[2].partition('.')[2] or 'test'}" for name in shop.names]))


def _address_as_name(shop: Workshop) -> Served:
    """A leaf whose dNSName holds an IP address. No client accepts it there; it belongs in an iPAddress entry."""
    return show(shop.authority.leaf(["127.0.0.1"], CertificateSpec(addresses_as_names=True)))


def recognise(evidence: Evidence) -> str:
    if not evidence.chain or not evidence.chain[0].names or evidence.name_matches is not False:
        return ""
    names = evidence.chain[0].names
    shown = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"The certificate is for {shown}, not for {evidence.host}."


_ADVICE = Advice(
    "Use a certificate whose subjectAltName names {host}",
    "Have a certificate issued for this exact name (a wildcard covers one label only). If the right certificate exists already, another virtual host probably answers: let the server select the certificate by SNI.",
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
        "The IP address is listed as a DNS name.",
        _address_as_name,
        chromium="ERR_CERT_COMMON_NAME_INVALID",
    ),
)

RULE = Rule(Cause.HOSTNAME_MISMATCH, recognise, FAULTS, _ADVICE)

"""The leaf, or another certificate of its chain, has expired."""

from __future__ import annotations

from explorer.tls.advice import DATES, RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule, path, skewed, who
from flows.diagnosis import Cause, Evidence


def _leaf(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(days=(-95, -5))))


def _intermediate(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, by=shop.authority.sub_authority(CertificateSpec(days=(-400, -3)))))


def recognise(evidence: Evidence) -> str:
    over = [c for c in path(evidence) if c.not_after < evidence.observed_at]
    if over and skewed(evidence) is None:
        return f"{who(over[0], evidence)} expired on {over[0].not_after:%Y-%m-%d %H:%M} UTC."
    if any(f.code == 10 for f in evidence.verify_faults) and skewed(evidence) is None:
        return "A certificate higher in the chain, which the server does not send, has expired."
    return ""


_ADVICE = Advice(
    "Renew the certificate of {host}",
    (
        "Get a new certificate, install it with its intermediates, and reload the server. "
        "The most common reason is that the certificate file was renewed, but the server never reloaded it."
    ),
    RELOAD,
    check=DATES,
)


FAULTS = (
    Fault(
        "expired",
        Cause.EXPIRED,
        "The leaf expired five days ago.",
        _leaf,
        chromium="ERR_CERT_DATE_INVALID",
    ),
    Fault(
        "expired-intermediate",
        Cause.EXPIRED,
        "The intermediate has expired.",
        _intermediate,
        chromium="ERR_CERT_DATE_INVALID",
    ),
)

RULE = Rule(Cause.EXPIRED, recognise, FAULTS, _ADVICE)

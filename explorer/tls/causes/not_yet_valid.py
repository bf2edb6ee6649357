"""The certificate's validity period has not begun."""

from __future__ import annotations

from explorer.tls.advice import DATES, RELOAD, Advice
from explorer.tls.faults.mint import CertificateSpec
from explorer.tls.faults.recipe import Fault, Served, Workshop, show
from explorer.tls.rule import Rule, path, skewed, who
from flows.diagnosis import Cause, Evidence


def _leaf(shop: Workshop) -> Served:
    return show(shop.authority.leaf(shop.names, CertificateSpec(days=(3, 93))))


def recognise(evidence: Evidence) -> str:
    early = [c for c in path(evidence) if c.not_before > evidence.observed_at]
    if not early or skewed(evidence) is not None:
        return ""
    return f"{who(early[0], evidence)} is not valid before {early[0].not_before:%Y-%m-%d %H:%M} UTC."


_ADVICE = Advice(
    "Use a certificate that is valid now",
    (
        "Put the previous certificate back until the new one becomes valid, or have the new one reissued. "
        "Check the clock of the machine that issued it."
    ),
    RELOAD,
    check=DATES,
)


FAULTS = (
    Fault(
        "not-yet-valid",
        Cause.NOT_YET_VALID,
        "The certificate becomes valid in three days.",
        _leaf,
        chromium="ERR_CERT_DATE_INVALID",
    ),
)

RULE = Rule(Cause.NOT_YET_VALID, recognise, FAULTS, _ADVICE)

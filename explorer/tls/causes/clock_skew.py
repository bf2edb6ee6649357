"""The client's clock is wrong; the certificate is fine at the true time."""

from __future__ import annotations

from datetime import timedelta

from explorer.tls.recipe import Fault
from flows.diagnosis import Cause

FAULTS = (
    Fault("clock-skew", Cause.CLOCK_SKEW, "The client's clock is three years ahead.", side="client",
          skew=timedelta(days=3 * 365), chromium="ERR_CERT_DATE_INVALID"),
    Fault("clock-skew-behind", Cause.CLOCK_SKEW, "The client's clock is three years behind.", side="client",
          skew=timedelta(days=-3 * 365), chromium="ERR_CERT_DATE_INVALID"),
)  # fmt: skip

"""The client's clock is wrong; the certificate is valid at the true time."""

from __future__ import annotations

from datetime import timedelta

from explorer.tls.advice import Advice
from explorer.tls.faults.recipe import Fault
from explorer.tls.rule import Rule, skewed
from flows.diagnosis import Cause, Evidence


def recognise(evidence: Evidence) -> str:
    ahead = skewed(evidence)
    if ahead is None:
        return ""
    way = "ahead of" if ahead.total_seconds() > 0 else "behind"
    days = abs(ahead.total_seconds()) / 86400
    return f"The client's clock is {days:.1f} days {way} the server's; at the server's time the certificate is valid."


_ADVICE = Advice(
    "Set the client's clock",
    "The server's certificate is valid. Let the device set its time from the network.",
    client={
        "Android": ("Let the device set its time from the network.", "adb shell settings put global auto_time 1"),
        "Linux": ("Enable time synchronisation.", "timedatectl set-ntp true"),
        "the app": (
            "When a certificate is outside its validity period, show «check your device's date» instead of «no connection».",
            "",
        ),
    },
    check="date -u; curl -sI https://{host}:{port}/ | grep -i ^date",
)


FAULTS = (
    Fault(
        "clock-skew",
        Cause.CLOCK_SKEW,
        "The client's clock is three years ahead.",
        side="client",
        skew=timedelta(days=3 * 365),
        chromium="ERR_CERT_DATE_INVALID",
    ),
    Fault(
        "clock-skew-behind",
        Cause.CLOCK_SKEW,
        "The client's clock is three years behind.",
        side="client",
        skew=timedelta(days=-3 * 365),
        chromium="ERR_CERT_DATE_INVALID",
    ),
)

RULE = Rule(Cause.CLOCK_SKEW, recognise, FAULTS, _ADVICE)

"""What a client's error proves about a host that nobody probed: the causes that it allows, and what they leave open. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.tls.advice import CHECK, remedies
from explorer.tls.causes import RULES
from explorer.tls.clients import ONLY_CLIENTS
from flows.diagnosis import TITLES, Cause, Diagnosis, Remedy
from flows.session import Endpoint
from flows.signals import Family, Signal

RIGHT_CLOCK = 300.0
"""A clock that is at most so many seconds off explains no date error."""
WRONG_CLOCK = 12 * 3600.0
"""One that is further off explains any (`explorer.tls.rule.NOTICEABLE`)."""


def diagnose_unprobed(
    host: Endpoint, signals: Sequence[Signal], source: str, clock_error: float | None = None
) -> Diagnosis | None:
    """The diagnosis of a host by the client's errors alone; None without a TLS error.

    `source` names where the errors come from («the HAR»). `clock_error` is how many seconds the client's clock was ahead of
    the servers' clocks, if that is known.
    """
    told = [s for s in signals if s.family is Family.TLS and (s.host, s.port) == host]
    if not told:
        return None
    common = set(told[0].causes).intersection(*(s.causes for s in told)) or set(told[0].causes)
    causes = tuple(c for c in told[0].causes if c in common) or (Cause.UNKNOWN_TLS,)
    errors = ", ".join(dict.fromkeys(s.error for s in told))
    why = f"According to {source}, the client reported {errors}."
    causes, more = _by_clock(causes, clock_error)
    why = " ".join(filter(None, (why, more, _left_open(causes, source))))
    return Diagnosis(
        host=host[0],
        port=host[1],
        causes=causes,
        why=why,
        decided_by="client",
        evidence=None,
        client_saw=told[0].error,
        remedies=_remedies(causes, host),
        alternatives=len(causes) > 1,
    )


def _by_clock(causes: tuple[Cause, ...], error: float | None) -> tuple[tuple[Cause, ...], str]:
    """The causes that the client's clock leaves, and a sentence on it."""
    if error is None or Cause.CLOCK_SKEW not in causes:
        return causes, ""
    if abs(error) <= RIGHT_CLOCK:
        return tuple(c for c in causes if c is not Cause.CLOCK_SKEW), "The client's clock was right."
    if abs(error) >= WRONG_CLOCK:
        days, way = abs(error) / 86400, "ahead of" if error > 0 else "behind"
        return (
            Cause.CLOCK_SKEW,
        ), f"The client's clock was {days:.1f} days {way} the clocks of the servers that answered."
    return causes, ""


def _left_open(causes: tuple[Cause, ...], source: str) -> str:
    missing = f"The certificate is not in {source}"
    if causes == (Cause.UNKNOWN_TLS,):
        return f"{missing}, so why TLS failed is not observable."
    if len(causes) < 2:
        return ""
    others = ", ".join(c.value for c in causes[1:])
    return f"{missing}: {causes[0].value} is the usual reason, and {others} would look the same."


def _remedies(causes: tuple[Cause, ...], host: Endpoint) -> tuple[Remedy, ...]:
    """What to change if the cause is certain, else how to find out."""
    if len(causes) == 1 and causes[0] is not Cause.UNKNOWN_TLS:
        advice = {**ONLY_CLIENTS, **{rule.cause: rule.advice for rule in RULES}}
        return remedies(causes[0], advice[causes[0]], *host, None) if causes[0] in advice else ()
    which = " or ".join(TITLES[c].lower() for c in causes[:3])
    text = (
        f"The client's error alone does not tell: {which}." if len(causes) > 1 else "The client's error does not tell."
    )
    check = CHECK.replace("{host}", host[0]).replace("{port}", str(host[1]))
    where = "ask the server"
    return (Remedy(causes[0], where, "Find out which certificate the server sends", text, "", check),)

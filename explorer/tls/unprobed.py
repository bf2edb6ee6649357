"""Diagnoses a host without a probe, from the client's errors and a recorded handshake if there is one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from explorer.tls.advice import CHECK, remedies
from explorer.tls.causes import RULES
from explorer.tls.clients import ONLY_CLIENTS
from explorer.tls.diagnose import applying, diagnose
from flows.diagnosis import TITLES, Cause, Diagnosis, Evidence, Remedy
from flows.session import Endpoint
from flows.signals import Family, Signal

RIGHT_CLOCK = 300.0
"""The largest clock error, in seconds, that cannot explain a date error of a certificate."""
WRONG_CLOCK = 12 * 3600.0
"""The smallest clock error, in seconds, that can explain any date error (`explorer.tls.rule.NOTICEABLE`)."""


_IN_COMMON = {Cause.WEAK_PROTOCOL, Cause.WEAK_CIPHER}
"""The causes of an error such as ERR_SSL_VERSION_OR_CIPHER_MISMATCH: no common version or cipher.

The reason may also be something else, such as a kind of key that only some clients accept. `UNKNOWN_TLS` stands for it.
"""


def diagnose_unprobed(
    host: Endpoint, signals: Sequence[Signal], source: str, clock_error: float | None = None
) -> Diagnosis | None:
    """Diagnoses a host by the client's errors alone. Returns None if there is no TLS error for the host.

    `source` names where the errors come from («the HAR»). `clock_error` is the number of seconds by which the client's
    clock was ahead of the servers' clocks, or None if this is unknown.
    """
    told = [s for s in signals if s.family is Family.TLS and (s.host, s.port) == host]
    if not told:
        return None
    common = set(told[0].causes).intersection(*(s.causes for s in told)) or set(told[0].causes)
    causes = tuple(c for c in told[0].causes if c in common) or (Cause.UNKNOWN_TLS,)
    if set(causes) == _IN_COMMON:
        causes = (*causes, Cause.UNKNOWN_TLS)
    errors = ", ".join(dict.fromkeys(s.error for s in told))
    why = f"In {source}, the client failed with {errors}."
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
    """Returns the causes that the client's clock does not rule out, and a sentence about the clock.

    The sentence is empty if the clock decides nothing.
    """
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
        return f"{missing}, so the reason for the TLS failure is not observable."
    if len(causes) < 2:
        return ""
    others = ", ".join(c.value for c in causes[1:])
    return f"{missing}: {causes[0].value} is the usual reason, and {others} would look the same."


def _remedies(causes: tuple[Cause, ...], host: Endpoint) -> tuple[Remedy, ...]:
    """Returns how to repair the fault if its cause is certain, else how to find the cause."""
    if len(causes) == 1 and causes[0] is not Cause.UNKNOWN_TLS:
        advice = {**ONLY_CLIENTS, **{rule.cause: rule.advice for rule in RULES}}
        return remedies(causes[0], advice[causes[0]], *host, None) if causes[0] in advice else ()
    which = " or ".join(TITLES[c].lower() for c in causes[:3])
    text = (
        f"The client's error alone does not show which it is: {which}."
        if len(causes) > 1
        else "The client's error does not show the cause."
    )
    check = CHECK.replace("{host}", host[0]).replace("{port}", str(host[1]))
    where = "ask the server"
    return (Remedy(causes[0], where, "Find out which certificate the server sends", text, "", check),)


_BY_CHAIN = frozenset(
    {Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.HOSTNAME_MISMATCH, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN}
)
"""Causes that can be seen in a certificate chain.

If the client's error allows such a cause, but the recorded chain does not show it, the cause is ruled out.
"""


def diagnose_recorded(evidence: Evidence, signals: Sequence[Signal], source: str) -> Diagnosis | None:
    """Diagnoses a host whose handshake somebody else recorded. Returns None if the client reported no TLS error.

    If the evidence shows a cause that fits the client's error, the diagnosis is made as for a probe. Otherwise, the
    causes are those that the client's error allows, without those that the recorded chain rules out.
    """
    host = (evidence.host, evidence.port)
    told = [s for s in signals if s.family is Family.TLS and (s.host, s.port) == host]
    bare = diagnose_unprobed(host, signals, source)
    if bare is None:
        return None
    found = diagnose(evidence, told)
    allowed = {cause for s in told for cause in s.causes}
    shown = tuple(rule.cause for rule, _ in applying(evidence))
    if set(shown) & (allowed | {Cause.CLOCK_SKEW, Cause.INTERCEPTION}) - {Cause.UNKNOWN_TLS}:
        found = _as_the_client_knows(found, evidence, allowed)
        return _open_alert(_open_trust(found, evidence, allowed, source), evidence, allowed)
    shows = _BY_CHAIN - ({Cause.HOSTNAME_MISMATCH} if evidence.name_matches is None else set())
    left = tuple(c for c in bare.causes if not (evidence.chain and c in shows)) or (Cause.UNKNOWN_TLS,)
    if Cause.UNKNOWN_TLS in left:  # nothing points to any of the others
        left = left[: left.index(Cause.UNKNOWN_TLS) + 1]
    why = f"In {source}, the client failed with {bare.client_saw}."
    anchor = evidence.facts.get("anchor", "")
    if Cause.UNTRUSTED_CA in left and anchor:
        why += f" The chain that the client was sent leads to «{anchor}», {_known(evidence)}"
    elif evidence.chain:
        why += f" The chain in {source} shows no fault that explains this error."
    why = " ".join(filter(None, (why, _not_told(left))))
    return replace(
        found, causes=left, why=why, decided_by="client", remedies=_remedies(left, host), alternatives=len(left) > 1
    )


def _known(evidence: Evidence) -> str:
    """Who trusts the root to which the chain leads, and what follows for a client that did not: the rest of a sentence."""
    if evidence.facts.get("anchor-private"):
        return (
            "which no system trusts by itself: it is a private root that was given to Trustwalk, or that a client of the "
            "recording trusts. The client that failed may lack it."
        )
    return "which current systems trust. The client's list of roots is old, or somebody removed this root from it."


def _as_the_client_knows(found: Diagnosis, evidence: Evidence, allowed: set[Cause]) -> Diagnosis:
    """The diagnosis without «untrusted», which only our own roots speak for, if another fault explains the client's error and that
    does not complain of trust: clients look for a trusted root first, so it has one that this machine does not know."""
    kept = [(rule.cause, why) for rule, why in applying(evidence) if rule.cause is not Cause.UNTRUSTED_CA]
    complains = Cause.UNTRUSTED_CA in allowed and Cause.UNKNOWN_TLS not in allowed
    explained = {cause for cause, _ in kept} & allowed and Cause.INCOMPLETE_CHAIN not in dict(kept)
    if complains or not explained or Cause.UNTRUSTED_CA not in found.causes:
        return found
    left = tuple(r for r in found.remedies if r.cause is not Cause.UNTRUSTED_CA)
    return replace(found, causes=tuple(dict(kept)), why=" ".join(why for _, why in kept), remedies=left)


def _open_trust(found: Diagnosis, evidence: Evidence, allowed: set[Cause], source: str) -> Diagnosis:
    """The diagnosis; with alternatives if nothing but our own roots speaks for «untrusted», and the client did not complain of
    it: it may have that root, and another reason."""
    if Cause.UNKNOWN_TLS not in allowed or found.causes != (Cause.UNTRUSTED_CA,):
        return found
    asked = (Cause.CLIENT_CERTIFICATE_REQUIRED,) if Cause.CLIENT_CERTIFICATE_REQUIRED in allowed else ()
    causes = (*asked, Cause.UNTRUSTED_CA, Cause.UNKNOWN_TLS)
    why = f"{found.why} Whether the client has that root is not known: if it has, its reason is one that {source} does not show."
    return replace(
        found, causes=causes, why=why, alternatives=True, remedies=_remedies(causes, (found.host, found.port))
    )


def _open_alert(found: Diagnosis, evidence: Evidence, allowed: set[Cause]) -> Diagnosis:
    """Returns the diagnosis `found`, with alternatives if it rests only on the alert `handshake_failure`.

    Servers send this alert for old versions and for unsuitable ciphers alike.
    """
    either: tuple[Cause, ...] = tuple(c for c in (Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL) if c in allowed)
    if evidence.alert == "handshake_failure" and len(either) == 2 and found.causes[0] in either:
        either = (*either, Cause.UNKNOWN_TLS)
        why = (
            "The server ends the handshake with the alert handshake_failure, which leaves open why: no cipher suite in common is the "
            "usual reason, and old versions of TLS, or a kind of key that the client does not accept, would look the same."
        )
        return replace(
            found, causes=either, why=why, alternatives=True, remedies=_remedies(either, (found.host, found.port))
        )
    return found


def _not_told(causes: tuple[Cause, ...]) -> str:
    if causes == (Cause.UNKNOWN_TLS,):
        return "The reason for the TLS failure is not observable in the recording."
    return (
        f"{causes[0].value} is the usual reason, and {', '.join(c.value for c in causes[1:])} would look the same."
        if len(causes) > 1
        else ""
    )

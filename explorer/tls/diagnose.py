"""Turns evidence and the client's errors into a diagnosis. Pure.

The client decides whether a connection failed; the probe decides why. A diagnosis lists all causes that apply, and the
first by precedence (`explorer.tls.causes`) is the headline. If the client failed and the probe sees no
fault, the client's report may point to `interception` or `clock-skew`. Otherwise, the diagnosis is `unknown-tls`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explorer.tls.advice import remedies
from explorer.tls.causes import RULES
from explorer.tls.client_verdicts import judge_clients
from explorer.tls.clients import ONLY_CLIENTS
from explorer.tls.rule import Rule
from flows.diagnosis import Cause, Diagnosis, Evidence, Remedy, Topic, causes_with
from flows.signals import Family, Signal

_DATES = causes_with(lambda facts: facts.about is Topic.DATES)
_TRUST = causes_with(lambda facts: facts.about is Topic.TRUST)
_CLIENT_ONLY = causes_with(lambda facts: facts.client_only)


def applying(evidence: Evidence) -> tuple[tuple[Rule, str], ...]:
    """The rules that apply to this evidence, in order of precedence, each with the sentence that explains its cause."""
    found = [(rule, why) for rule in RULES if (why := rule.recognise(evidence))]
    known = [(rule, why) for rule, why in found if rule.cause is not Cause.UNKNOWN_TLS]
    return tuple(known or found)


def diagnose(evidence: Evidence, client_saw: Sequence[Signal] = (), *, third_party: bool = False) -> Diagnosis:
    """Returns the diagnosis of this host. Its `causes` are empty if nothing is wrong.

    `client_saw` are the client's signals for this host and port. Only signals of the family TLS influence the causes.
    """
    applied = applying(evidence)
    probe_causes = tuple(rule.cause for rule, _ in applied)
    told = [s for s in client_saw if s.family is Family.TLS]
    words = next((s.error for s in told), next((s.error for s in client_saw), ""))
    causes, decided_by, why = _decide(evidence, probe_causes, told, " ".join(sentence for _, sentence in applied))
    return Diagnosis(
        host=evidence.host,
        port=evidence.port,
        causes=causes,
        why=why,
        decided_by=decided_by,
        evidence=evidence,
        client_saw=words,
        remedies=_remedies(causes, evidence),
        clients=judge_clients(evidence, causes),
        third_party=third_party,
    )


def _decide(
    evidence: Evidence, probe_causes: tuple[Cause, ...], told: Sequence[Signal], sentences: str
) -> tuple[tuple[Cause, ...], str, str]:
    """Returns the causes, whose observation decided on them (`client`, `probe` or `both`), and the explanation."""
    allowed = tuple(dict.fromkeys(cause for signal in told for cause in signal.causes))
    error = told[0].error if told else ""
    own = tuple(c for c in allowed if c in _CLIENT_ONLY)
    if own and not set(allowed) & set(probe_causes):
        return (*own, *probe_causes), "client", f"The client reports {error}."
    if probe_causes:
        if not told:
            return probe_causes, "probe", sentences
        if set(allowed) & set(probe_causes) or not allowed:
            return probe_causes, "both", sentences
        return probe_causes, "probe", f"{sentences} The client reports another error: {error}."
    if not told:
        return (), "probe", evidence.error or "The probe's handshake shows no fault."
    if not evidence.tcp_connected:
        return (
            allowed or (Cause.UNKNOWN_TLS,),
            "client",
            f"The client reports {error}; the probe could not connect. {evidence.error or ''}".strip(),
        )
    other = another_certificate(evidence)
    if other and set(allowed) & _TRUST:
        return (
            (Cause.INTERCEPTION,),
            "both",
            (
                f"{other} The client did not trust the one it received: something between client and server replaces "
                "the certificate."
            ),
        )
    if other:
        return (
            (Cause.UNKNOWN_TLS,),
            "client",
            (
                f"The client reports {error}. {other} Another machine answered the probe, or something between client "
                "and server replaces the certificate."
            ),
        )
    if allowed and set(allowed) <= _DATES:
        return (
            (Cause.CLOCK_SKEW,),
            "client",
            (
                f"The client reports {error}, but all certificates are valid at {evidence.observed_at:%Y-%m-%d %H:%M} UTC: the client's clock is wrong."
            ),
        )
    return (Cause.UNKNOWN_TLS,), "client", _unexplained(evidence, allowed, error)


def another_certificate(evidence: Evidence) -> str:
    """A sentence if client and probe saw certificates from different issuers, else an empty string.

    What the client saw is in the facts `client-issuer` and `client-certificate`, if it could be read. A different leaf
    from the same issuer does not count: it comes from a renewal, or from another machine behind a load balancer."""
    shown = evidence.facts.get("client-issuer", "")
    if not shown or not evidence.chain or shown == evidence.chain[0].issuer:
        return ""
    if evidence.facts.get("client-certificate") == evidence.chain[0].sha256:
        return ""
    return f"The client received a certificate from «{shown}», the probe one from «{evidence.chain[0].issuer}»."


def _unexplained(evidence: Evidence, allowed: Iterable[Cause], error: str) -> str:
    at = f" at {evidence.address}" if evidence.address else ""
    seen = f"The client reports {error}, but the probe's handshake{at} ({evidence.route}) shows no fault"
    if set(allowed) & _TRUST:
        anchor = evidence.facts.get("anchor", "a trusted root")
        return (
            f"{seen}: the chain ends at «{anchor}». Either the client does not trust that root, or something between it and "
            "the server replaces the certificate, or another machine answered."
        )
    if evidence.chain and (evidence.chain[0].key.startswith("Ed") or evidence.chain[0].key == "EC P-521"):
        return (
            f"{seen}. The certificate's key is {evidence.chain[0].key}, which OpenSSL accepts and some browsers refuse."
        )
    return f"{seen}. The fault may be intermittent, or another machine answered the probe."


def _remedies(causes: Sequence[Cause], evidence: Evidence) -> tuple[Remedy, ...]:
    advice = {**ONLY_CLIENTS, **{rule.cause: rule.advice for rule in RULES}}
    return tuple(
        remedy
        for cause in causes
        if cause in advice
        for remedy in remedies(cause, advice[cause], evidence.host, evidence.port, evidence)
    )

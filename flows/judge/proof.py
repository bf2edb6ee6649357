"""Counter-proofs: which journeys are repeated with one host let past, and what such a repetition shows. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flows.diagnosis import Cause
from flows.incident import Confidence, Incident, JourneyVerdict, Verdict
from flows.judge.doubt import doubt, shows_more, success_step
from flows.session import Endpoint, SessionLog, journey_steps

Proofs = Mapping[tuple[str, str, int], str]
"""(journey, host, port) → `success`, `unchanged` or `not-reached`: what the counter-proof session saw."""

CONTROL: Endpoint = ("nobody", 0)
"""Stands for the host that is let past in a control: none. The same repetition, with everything as broken as before."""

PASSABLE = frozenset(
    {
        Cause.EXPIRED,
        Cause.NOT_YET_VALID,
        Cause.HOSTNAME_MISMATCH,
        Cause.SELF_SIGNED,
        Cause.UNTRUSTED_CA,
        Cause.INCOMPLETE_CHAIN,
        Cause.INVALID_CERTIFICATE,
        Cause.WEAK_SIGNATURE,
        Cause.WEAK_KEY,
        Cause.REVOKED,
        Cause.CLOCK_SKEW,
        Cause.INTERCEPTION,
    }
)
"""Certificate faults, which a browser can be told to walk past (CDP `Security.setOverrideCertificateErrors`)."""


def proof_outcome(proof: SessionLog, journey: str, host: Endpoint, observed: SessionLog | None = None) -> str:
    """What a counter-proof session shows of a journey with that host let past.

    `unchanged` needs proof that the host did answer this time and the journey was tried to its end all the same. Where
    the journey succeeded in the `observed` session too, but doubtfully, only a success that shows more tells anything.
    """
    steps = journey_steps(proof, journey)
    success = success_step(steps, journey)
    if success is not None and not doubt(proof, steps, success):
        before = success_step(journey_steps(observed, journey), journey) if observed is not None else None
        return "success" if before is None or shows_more(success, before) else "unchanged"
    answered = any((x.host, x.port) == host and x.outcome in ("ok", "http-error") for x in proof.exchanges)
    tried = any(s.decision.expects for s in steps)
    return "unchanged" if answered and tried else "not-reached"


def proofs_of(logs: Iterable[SessionLog], observed: Iterable[SessionLog]) -> Proofs:
    """What all counter-proof sessions of a run show; `observed` are the sessions that they repeat."""
    sessions = {log.session: log for log in observed}
    found = {}
    for log in logs:
        for passed in log.counter_proof:
            host, _, port = passed.rpartition(":")
            journey, endpoint = log.wanted[0], (host, int(port))
            found[journey, *endpoint] = proof_outcome(log, journey, endpoint, sessions.get(log.of_session))
    return found


def proofs_wanted(incidents: Sequence[Incident], verdicts: Sequence[JourneyVerdict]) -> list[tuple[str, Endpoint]]:
    """Journeys to repeat, each with the one host to let past: TLS-failed ones, and those whose success is in doubt for
    a TLS failure, whose cause can be walked past."""
    failed = {v.journey for v in verdicts if v.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE) and v.incidents}
    return [
        (i.journey, (i.host, i.port))
        for i in incidents
        if i.journey in failed and i.causes and all(c in PASSABLE for c in i.causes)
    ]


def controls_wanted(incidents: Sequence[Incident], verdicts: Sequence[JourneyVerdict]) -> list[str]:
    """Journeys to repeat with nothing let past, beside their counter-proof: those whose blame is not beyond doubt.

    A journey that succeeds in any repetition was not kept from it by a host that is still broken.
    """
    proven = {journey for journey, _ in proofs_wanted(incidents, verdicts)}
    doubtful = {i.journey for i in incidents if i.confidence is Confidence.MEDIUM}
    return sorted(proven & doubtful)


def weighed(incidents: list[Incident], proofs: Proofs | None) -> list[Incident]:
    """Let the counter-proof speak: a host that alone heals the journey is the one; one that changes nothing is not.

    None for `proofs` says that there were none, or not yet.
    """
    if proofs is None:
        return incidents
    found = []
    for incident in incidents:
        untold = "not-reached" if all(c in PASSABLE for c in incident.causes) else ""
        outcome = proofs.get((incident.journey, incident.host, incident.port), untold)
        control = proofs.get((incident.journey, *CONTROL), "")
        if control == "success" and incident.confidence is Confidence.MEDIUM:
            why = f"{incident.why} But a repetition succeeded with everything as broken as before."
            incident = replace(incident, confidence=Confidence.LOW, why=why)
        elif outcome == "success":
            why = f"{incident.why} With only this host let past, the journey succeeded."
            return [replace(incident, confidence=Confidence.CONFIRMED, why=why)]
        if outcome == "not-reached" and incident.confidence is Confidence.MEDIUM:
            why = f"{incident.why} A repetition with this host let past did not get that far, so nothing confirms it."
            incident = replace(incident, confidence=Confidence.LOW, why=why)
        if outcome == "unchanged":
            why = f"{incident.why} But with this host let past, the journey failed all the same."
            incident = replace(incident, confidence=Confidence.LOW, why=why)
        found.append(incident)
    return found

"""The judgement of a whole run: session logs and diagnoses → incidents and verdicts. Pure.

A run is judged twice: when the probes have answered, and again after the counter-proof sessions. The journal and the
reports contain the last judgement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.diagnosis import Diagnosis
from flows.incident import Confidence, Incident, JourneyVerdict
from flows.judge.proof import CONTROL, controls_wanted, proofs_of, proofs_wanted
from flows.judge.verdict import Judged, judge_session
from flows.session import Endpoint, SessionLog
from flows.signals import Signal


@dataclass(frozen=True, slots=True)
class ProofWanted:
    """A journey of an observed session to repeat while ignoring the TLS errors of one host, or of none (`CONTROL`)."""

    session: str
    journey: str
    host: Endpoint


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of a run: one entry in `sessions` for each observed session, in the same order."""

    sessions: tuple[Judged, ...] = ()

    @property
    def incidents(self) -> tuple[Incident, ...]:
        return tuple(incident for judged in self.sessions for incident in judged.incidents)

    @property
    def verdicts(self) -> tuple[JourneyVerdict, ...]:
        return tuple(verdict for judged in self.sessions for verdict in judged.verdicts)

    def settled(self, logs: Sequence[SessionLog]) -> list[Signal]:
        """The signals that the probe changed, compared with `logs`. Each replaces the signal with the same id."""
        before = {(log.session, s.id): s for log in logs for s in log.signals}
        return [
            s for judged in self.sessions for s in judged.log.signals if before.get((judged.log.session, s.id)) != s
        ]

    def proofs_wanted(self) -> list[ProofWanted]:
        """Returns the repetitions that the last judgement needs.

        If several sessions need a repetition of the same journey for the same host, only the first of them is repeated.
        """
        found: dict[tuple[str, Endpoint], ProofWanted] = {}
        sure = {(i.journey, i.host, i.port) for i in self.incidents if i.confidence is Confidence.HIGH}
        for judged in self.sessions:
            if judged.log.native:
                continue  # a device cannot be told to ignore one host's TLS errors
            hosts = proofs_wanted(judged.incidents, judged.verdicts)
            hosts += [(journey, CONTROL) for journey in controls_wanted(judged.incidents, judged.verdicts, sure)]
            for journey, host in hosts:
                found.setdefault((journey, host), ProofWanted(judged.log.session, journey, host))
        return list(found.values())


def judge_run(
    logs: Sequence[SessionLog],
    diagnoses: Mapping[Endpoint, Diagnosis],
    proofs: Sequence[SessionLog] | None = None,
) -> Judgement:
    """Judge the observed sessions `logs`. `proofs` are the logs of the counter-proof sessions.

    None means that no counter-proof has run. This differs from counter-proofs that did not get far enough."""
    shown = None if proofs is None else proofs_of(proofs, logs)
    return Judgement(tuple(judge_session(log, diagnoses, None if log.native else shown) for log in logs))

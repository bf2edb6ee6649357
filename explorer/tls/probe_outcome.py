"""The outcome of probing one host, and its JSON format `trustwalk.probe/1` (schema: `probe.schema.json`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from explorer.tls.diagnose import diagnose
from explorer.tls.lifetime import BlastRadius, days_left, expiring, first_to_end
from explorer.tls.oddities import oddities
from flows.diagnosis import Diagnosis, Evidence, Remedy
from flows.incident import Finding

SCHEMA = "trustwalk.probe/1"

_EVIDENCE = TypeAdapter(Evidence)
_REMEDIES = TypeAdapter(tuple[Remedy, ...])
_FINDINGS = TypeAdapter(tuple[Finding, ...])


@dataclass(frozen=True, slots=True)
class ProbeOutcome:
    """The outcome of probing one host. `findings` are other faults, such as certificates that expire soon."""

    diagnosis: Diagnosis
    evidence: Evidence
    findings: tuple[Finding, ...]

    @property
    def reached(self) -> bool:
        """Whether anything is known about the host's TLS: the server was reached, or its chain was read from a file."""
        return self.evidence.tcp_connected or bool(self.evidence.chain)


def judge_host(
    evidence: Evidence, now: datetime, days: int | None = None, *, third_party: bool = False
) -> ProbeOutcome:
    """Diagnose one probed host. If no cause applies, certificates that expire soon (or within `days`) are findings."""
    diagnosis = diagnose(evidence, third_party=third_party)
    findings = () if diagnosis.causes else expiring(evidence, now, days, BlastRadius(third_party=third_party))
    return ProbeOutcome(diagnosis, evidence, (*findings, *oddities(evidence)))


def as_json(outcomes: Sequence[ProbeOutcome]) -> dict[str, Any]:
    """The document in the format `trustwalk.probe/1`, ready for json.dumps. Times are ISO 8601 in UTC."""
    return {"schema": SCHEMA, "hosts": [_host(o) for o in outcomes]}


def _host(outcome: ProbeOutcome) -> dict[str, Any]:
    diagnosis, evidence = outcome.diagnosis, outcome.evidence
    ends = first_to_end(evidence)
    return {
        "host": evidence.host,
        "port": evidence.port,
        "address": evidence.address,
        "reached": outcome.reached,
        "causes": [c.value for c in diagnosis.causes],
        "why": diagnosis.why,
        "expires": ends.not_after.isoformat().replace("+00:00", "Z") if ends else None,
        "days_left": days_left(ends, evidence.observed_at) if ends else None,
        "clients": {
            c.client: {"verdict": c.verdict, "causes": [x.value for x in c.causes], "why": c.why}
            for c in diagnosis.clients
        },
        "evidence": _EVIDENCE.dump_python(evidence, mode="json"),
        "remedies": _REMEDIES.dump_python(diagnosis.remedies, mode="json"),
        "findings": _FINDINGS.dump_python(outcome.findings, mode="json"),
    }

"""report.json in the format `trustwalk.report/1`. Its JSON Schema is `schemas/report.schema.json`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flows.diagnosis import Certificate, Evidence, Remedy
from flows.incident import Incident, JourneyVerdict
from flows.judge.witness import Witness
from flows.signals import Signal
from flows.step import Step
from reports.difference import document as changes
from reports.flaws import Sighting, on_the_way
from reports.left_alone import left_alone
from reports.rollup import Host, hosts, overview
from reports.summary import SessionView, Summary
from reports.text_display import iso, without_values

SCHEMA = "trustwalk.report/1"
LIMIT = 8000
"""Maximum length of a string, in characters. A page's title may have megabytes. Text to paste is not limited."""


def render(summary: Summary) -> str:
    """The report as JSON text. The same journal gives the same bytes."""
    return json.dumps(_cut(document(summary)), indent=2, ensure_ascii=False) + "\n"


def document(summary: Summary) -> dict[str, Any]:
    """The report as plain data."""
    compared = {"baseline": {"name": summary.baseline, **changes(summary.difference)}} if summary.difference else {}
    return {
        "schema": SCHEMA,
        "run": _run(summary),
        **compared,
        "overview": [
            {
                "journey": row.journey,
                "device": row.device,
                "verdict": row.verdict.value,
                "cause": row.cause or None,
                "host": row.host or None,
                "intermittent": row.intermittent,
                "personas": {name: v.verdict.value for name, v in row.personas.items()},
            }
            for row in overview(summary)
        ],
        "journeys": [_journey(summary, view, v) for view in summary.sessions for v in view.verdicts.values()],
        "incidents": [_incident(summary, i) for i in summary.incidents.values()],
        "findings": [
            {
                "severity": f.severity.value,
                "kind": f.kind,
                "host": f.host or None,
                "port": f.port or None,
                "cause": f.cause or None,
                "journeys": list(f.journeys),
                "text": f.text,
            }
            for f in summary.findings
        ],
        "hosts": [_host(h) for h in hosts(summary)],
        "coverage": coverage(summary),
        "seen": _seen(summary),
    }


def _run(summary: Summary) -> dict[str, Any]:
    run = summary.run
    return {
        "id": run.run,
        "target": without_values(run.target),
        "started": iso(run.started),
        "finished": None if summary.cut_off else iso(summary.finished),
        "seed": run.seed,
        "version": run.version,
        "complete": summary.complete,
        "steps": sum(len(v.steps) for v in summary.sessions),
    }


def _journey(summary: Summary, view: SessionView, verdict: JourneyVerdict) -> dict[str, Any]:
    wanted = set(verdict.steps)
    steps = [s for s in view.steps if s.n in wanted]
    return {
        "journey": verdict.journey,
        "persona": verdict.persona,
        "device": verdict.device,
        "verdict": verdict.verdict.value,
        "cause": verdict.cause or None,
        "causes": list(verdict.causes),
        "host": verdict.host or None,
        "port": verdict.port or None,
        "stage": verdict.stage or None,
        "seen_by_user": verdict.seen_by_user or None,
        "blocked_by": verdict.blocked_by or None,
        "reason": verdict.reason or None,
        "proven": list(verdict.proven),
        "answered": verdict.answered,
        "incidents": list(verdict.incidents),
        "steps": [_step(s) for s in steps],
        "screenshots": list(dict.fromkeys(s.screenshot for s in steps if s.screenshot)),
        "evidence": [{"kind": k.kind, "file": k.file} for k in summary.kept_of(verdict)],
    }


def _step(step: Step) -> dict[str, Any]:
    action = step.decision.action
    return {
        "n": step.n,
        "action": action.kind.value,
        "label": action.label,
        "stage": step.decision.stage,
        "attempt": step.decision.attempt,
        "started": iso(step.started),
        "settled": iso(step.settled),
        "settled_as": step.settled_as,
        "address": without_values(step.address),
        "title": step.title,
        "cues": [{"outcome": c.outcome, "kind": c.kind, "text": c.text} for c in step.cues],
        "seen": step.seen or None,
        "problem": step.problem or None,
        "screenshot": step.screenshot or None,
    }


def _incident(summary: Summary, incident: Incident) -> dict[str, Any]:
    diagnosis = summary.diagnoses.get((incident.host, incident.port))
    return {
        "id": incident.id,
        "journey": incident.journey,
        "stage": incident.stage,
        "cause": incident.cause.value,
        "causes": [c.value for c in incident.causes],
        "alternatives": diagnosis is not None and diagnosis.alternatives,
        "host": incident.host,
        "port": incident.port,
        "confidence": incident.confidence.value,
        "why": incident.why,
        "decided_by": incident.decided_by,
        "signals": [_signal(s) for s in summary.signals_of(incident)],
        "proxy": _proxy(summary.witness(incident)),
        "evidence": _evidence(diagnosis.evidence) if diagnosis and diagnosis.evidence else None,
        "remedies": [_remedy(r) for r in diagnosis.remedies] if diagnosis else [],
    }


def _proxy(witness: Witness | None) -> dict[str, Any] | None:
    return {"agrees": witness.agrees, "saw": witness.saw, "text": witness.text} if witness else None


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "id": signal.id,
        "time": iso(signal.time),
        "signature": signal.signature,
        "error": signal.error,
        "causes": [c.value for c in signal.causes],
        "place": signal.place,
        "url": without_values(signal.url),
        "text": signal.text,
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "host": evidence.host,
        "port": evidence.port,
        "address": evidence.address,
        "sni": evidence.sni,
        "observed_at": _moment(evidence.observed_at),
        "tcp_connected": evidence.tcp_connected,
        "client_hello_sent": evidence.client_hello_sent,
        "protocol": evidence.protocol,
        "cipher": evidence.cipher,
        "alert": evidence.alert,
        "name_matches": evidence.name_matches,
        "protocols_offered": list(evidence.protocols_offered),
        "client_certificate_requested": evidence.client_certificate_requested,
        "server_clock": _moment(evidence.server_clock),
        "server_software": evidence.server_software,
        "trust_store": evidence.trust_store,
        "route": evidence.route,
        "error": evidence.error,
        "chain": [certificate(c) for c in evidence.chain],
        "verify_faults": [
            {"code": f.code, "depth": f.depth, "text": f.text, "verifier": f.verifier} for f in evidence.verify_faults
        ],
        "facts": dict(sorted(evidence.facts.items())),
    }


def certificate(cert: Certificate) -> dict[str, Any]:
    """The facts of a certificate as plain data, without its PEM; the fingerprint identifies it."""
    return {
        "subject": cert.subject,
        "issuer": cert.issuer,
        "serial": cert.serial,
        "not_before": _moment(cert.not_before),
        "not_after": _moment(cert.not_after),
        "names": list(cert.names),
        "key": cert.key,
        "signature": cert.signature,
        "sha256": cert.sha256,
        "is_ca": cert.is_ca,
        "self_issued": cert.self_issued,
    }


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "cause": remedy.cause.value,
        "where": remedy.where,
        "title": remedy.title,
        "text": remedy.text,
        "lines": remedy.lines,
        "check": remedy.check,
    }


def _host(host: Host) -> dict[str, Any]:
    evidence = host.diagnosis.evidence if host.diagnosis else None
    leaf = evidence.chain[0] if evidence and evidence.chain else None
    return {
        "host": host.host,
        "port": host.port,
        "third_party": host.third_party,
        "journeys": list(host.journeys),
        "certificate": certificate(leaf) if leaf else None,
        "causes": list(host.causes),
        "expires": _moment(host.expires),
        "days_left": host.days_left,
    }


def coverage(summary: Summary) -> dict[str, Any]:
    """The coverage: numbers of screens and actions, controls never tried, and controls deliberately not pressed."""
    screens = {s.fingerprint for v in summary.sessions for s in v.screens} | {
        s.after for v in summary.sessions for s in v.steps
    }
    untried = dict.fromkeys(name for v in summary.sessions for name in v.untried)
    actions = sum(1 for v in summary.sessions for s in v.steps if s.settled_as != "refused")
    alone = left_alone(summary)
    not_pressed = {
        "controls": len(alone.refusals),
        "reasons": {reason.value: number for reason, number in alone.reasons.items()},
        "kinds": alone.kinds,
        "names": list(dict.fromkeys(r.control for r in alone.refusals))[:200],
    }
    return {"screens": len(screens), "actions": actions, "untried": list(untried)[:200], "not_pressed": not_pressed}


def _seen(summary: Summary) -> dict[str, Any]:
    """The flaws that were seen on the way and broke no journey."""
    seen = on_the_way(summary)
    return {
        "findings": [_sight(s) for s in seen.sights],
        "never_tried": [{"address": u.address, "title": u.title, "controls": list(u.controls)} for u in seen.untried],
        "not_audited": list(seen.unaudited),
    }


def _sight(sight: Sighting) -> dict[str, Any]:
    return {
        "severity": sight.weight.value,
        "rule": sight.rule,
        "text": sight.text,
        "detail": sight.detail or None,
        "control": sight.control or None,
        "address": sight.address or None,
        "title": sight.title or None,
        "addresses": list(sight.places)[:50],
        "sessions": len(sight.ways) + sight.more_ways,
        "reach": [
            {"session": w.session, "step": w.step, "action": w.did, "screenshot": w.picture or None} for w in sight.ways
        ],
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


_TO_PASTE = ("lines", "check")
"""Keys of a remedy whose text readers copy and paste. It is never shortened."""


def _cut(value: Any) -> Any:
    """The same data with long strings shortened."""
    if isinstance(value, str):
        return value if len(value) <= LIMIT else f"{value[:LIMIT]}… ({len(value) - LIMIT:,} more characters)"
    if isinstance(value, dict):
        return {_cut(k): v if k in _TO_PASTE else _cut(v) for k, v in value.items()}
    return [_cut(v) for v in value] if isinstance(value, list) else value

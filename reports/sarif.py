"""SARIF 2.1.0 for code scanning: a rule per cause, a result per journey, device and fault, and stable fingerprints."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

from flows.diagnosis import OTHER, TITLES, Cause
from flows.incident import JourneyVerdict, Severity, Verdict
from reports.flaws import Sighting, on_the_way
from reports.rollup import overview
from reports.summary import Summary, cause_title
from reports.text_display import host_of, iso, listed, one_line, without_values

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FALLBACK = "trustwalk.yml"
"""Code scanning shows only results in repository files, so Trustwalk's configuration file stands in for the app."""
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "7.5",
    Severity.MEDIUM: "5.0",
    Severity.LOW: "3.0",
    Severity.INFO: "1.0",
}
_BAD = (Verdict.FAILED, Verdict.BLOCKED, Verdict.DEGRADED)


def render(summary: Summary) -> str:
    """The log as JSON text."""
    rules = _rules(summary)
    sights = on_the_way(summary).sights
    rules += _rules_of(sights)
    index = {rule["id"]: n for n, rule in enumerate(rules)}
    results = [*_journeys(summary), *_findings(summary), *_absent(summary), *(_sight(summary, s) for s in sights)]
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    invocation: dict[str, Any] = {"executionSuccessful": summary.complete, "startTimeUtc": iso(summary.run.started)}
    if not summary.cut_off:
        invocation["endTimeUtc"] = iso(summary.finished)
    if summary.exit_code is not None:
        invocation["exitCode"] = summary.exit_code
    run = {
        "tool": {"driver": {"name": "Trustwalk", "semanticVersion": summary.run.version, "rules": rules}},
        "automationDetails": {"id": "trustwalk/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [invocation],
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rules(summary: Summary) -> list[dict[str, Any]]:
    """A rule for every cause, always in the same order, then one for each kind of finding that occurred."""
    rules = [_rule(f"tls/{cause.value}", TITLES[cause], "error", "8.0") for cause in Cause]
    rules.append(_rule(f"journey/{OTHER}", cause_title(OTHER), "warning", "4.0"))
    kinds: dict[str, Severity] = {}
    for finding in summary.findings:
        kinds.setdefault(finding.kind, finding.severity)
    for kind in sorted(kinds):
        title = one_line(kind, 80)
        rules.append(
            _rule(f"finding/{title}", title.replace("-", " ").capitalize(), _LEVELS[kinds[kind]], _SCORES[kinds[kind]])
        )
    return list({rule["id"]: rule for rule in rules}.values())


def _rule(ident: str, title: str, level: str, score: str) -> dict[str, Any]:
    name = "".join(part.capitalize() for part in ident.replace("/", "-").split("-") if part)
    return {
        "id": ident,
        "name": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}."},
        "help": {"text": f"{title}. The report of the run tells what to change."},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["tls", "security"], "precision": "high", "security-severity": score},
    }


def _journeys(summary: Summary) -> list[dict[str, Any]]:
    found: dict[tuple[str, str, str, str], list[JourneyVerdict]] = {}
    for row in overview(summary):
        for verdict in row.personas.values():
            if verdict.verdict in _BAD and verdict.cause:
                found.setdefault((row.journey, row.device, verdict.host, verdict.cause), []).append(verdict)
    return [_journey(summary, *key, verdicts) for key, verdicts in found.items()]


def _journey(
    summary: Summary, journey: str, device: str, host: str, cause: str, verdicts: list[JourneyVerdict]
) -> dict[str, Any]:
    first = verdicts[0]
    rule = f"tls/{cause}" if cause in {c.value for c in Cause} else f"journey/{OTHER}"
    who = listed([v.persona for v in verdicts])
    word = {Verdict.FAILED: "fails", Verdict.BLOCKED: "is blocked", Verdict.DEGRADED: "works only partly"}[
        first.verdict
    ]
    where = f" at {host_of(host, first.port)}" if host else ""
    text = f"«{one_line(summary.title(journey), 100)}» {word} for {who} on {device}: {summary.cause_at(cause, host, first.port)}{where}. {one_line(first.why, 500)}"
    diagnosis = summary.diagnoses.get((host, first.port))
    if diagnosis and diagnosis.remedies:
        text += f" What to change ({diagnosis.remedies[0].where}): {diagnosis.remedies[0].title}."
    return {
        **_state(summary, journey, device, cause, host),
        "ruleId": rule,
        "level": "error" if rule.startswith("tls/") and first.verdict is not Verdict.DEGRADED else "warning",
        "message": {"text": text},
        "locations": [_location(summary, host, first.port, journey)],
        "partialFingerprints": {"trustwalk/v1": _fingerprint(journey, device, host, cause)},
        "properties": {"journey": journey, "device": device, "personas": [v.persona for v in verdicts], "host": host},
    }


_STATES = {"new": "new", "moved": "updated", "unchanged": "unchanged"}


def _state(summary: Summary, journey: str, device: str, cause: str, host: str) -> dict[str, str]:
    """The baseline state (SARIF 2.1.0, 3.27.24). Findings that break no journey are not compared and have none."""
    state = summary.difference.state(journey, device, cause, host) if summary.difference else ""
    return {"baselineState": _STATES[state]} if state else {}


def _absent(summary: Summary) -> list[dict[str, Any]]:
    """Results for the failures of the baseline that are fixed in this run."""
    return [
        {
            "ruleId": f"tls/{f.cause}" if f.cause in {c.value for c in Cause} else f"journey/{OTHER}",
            "level": "none",
            "kind": "pass",
            "baselineState": "absent",
            "message": {
                "text": f"Fixed: «{one_line(summary.title(f.journey), 100)}» on {one_line(f.device, 80)} works again."
            },
            "locations": [_location(summary, f.host, 0, f.journey)],
            "partialFingerprints": {"trustwalk/v1": _fingerprint(f.journey, f.device, f.host, f.cause)},
        }
        for f in (summary.difference.fixed if summary.difference else ())
    ]


def _findings(summary: Summary) -> list[dict[str, Any]]:
    results: dict[str, dict[str, Any]] = {}
    for finding in summary.findings:
        kind = one_line(finding.kind, 80)
        text = one_line(finding.text, 1000)
        # The text may hold counts that change from run to run, so kind, host and cause identify a finding.
        mark = _fingerprint("finding", kind, finding.host, finding.cause, "" if finding.host else text)
        results.setdefault(
            mark,
            {
                "ruleId": f"finding/{kind}",
                "level": _LEVELS[finding.severity],
                "message": {"text": text or kind},
                "locations": [_location(summary, finding.host, finding.port, *finding.journeys[:1])],
                "partialFingerprints": {"trustwalk/v1": mark},
            },
        )
    return list(results.values())


def _rules_of(sights: tuple[Sighting, ...]) -> list[dict[str, Any]]:
    """A rule for each kind of flaw. Flaws have level `note` and raise no security alerts."""
    rules = []
    for rule, title in sorted({s.rule: one_line(s.headline, 120) for s in reversed(sights)}.items()):
        made = _rule(f"seen/{one_line(rule, 80)}", title, "note", "0.0")
        secure = rule.startswith(("cookie-", "form-"))
        made["properties"] = {"tags": ["security"] if secure else ["quality"], "precision": "medium"}
        made["help"] = {
            "text": f"{title}. Seen on the way; it never changes a verdict. The report tells how to reproduce it."
        }
        rules.append(made)
    return rules


def _sight(summary: Summary, sight: Sighting) -> dict[str, Any]:
    about = f" ({one_line(sight.control, 200)})" if sight.control else ""
    detail = f" {one_line(sight.detail, 300)}." if sight.detail else ""
    way = sight.reach
    reach = f" Steps to reproduce: {one_line(way.session, 120)}, step {way.step}." if way is not None else ""
    place_ = f" At {one_line(sight.address, 300)}." if sight.address else ""
    return {
        "ruleId": f"seen/{one_line(sight.rule, 80)}",
        "level": "note",
        "message": {"text": f"{one_line(sight.text, 400).rstrip('.')}{about}.{detail}{place_}{reach}"},
        "locations": [_location(summary, "", 0)],
        "partialFingerprints": {
            "trustwalk/v1": _fingerprint("seen", sight.rule, urlsplit(sight.address).path, sight.control, sight.text)
        },
        "properties": {"severity": sight.weight.value, "sessions": len(sight.ways) + sight.more_ways},
    }


def _location(summary: Summary, host: str, port: int, journey: str = "") -> dict[str, Any]:
    target = one_line(without_values(summary.run.target), 300)
    address = f"https://{one_line(host_of(host, port), 300)}/" if host else target
    logical: list[dict[str, Any]] = [
        {"name": one_line(host, 300) or target, "fullyQualifiedName": address, "kind": "resource"}
    ]
    if journey:
        logical.append({"name": one_line(journey, 200), "kind": "function"})
    return {
        "physicalLocation": {"artifactLocation": {"uri": FALLBACK}, "region": {"startLine": 1}},
        "logicalLocations": logical,
    }


def _fingerprint(*parts: str) -> str:
    """A fingerprint that a fault keeps from run to run. It omits the port, which test environments change."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]

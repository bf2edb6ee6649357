"""JUnit XML as Jenkins, GitLab and GitHub actions read it: a suite per session, a case per journey."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from flows.incident import JourneyVerdict, Verdict
from reports.flaws import OnTheWay, on_the_way
from reports.summary import SessionView, Summary
from reports.text_display import host_of, iso, one_line, shown

_SKIPPED = frozenset({Verdict.NOT_ATTEMPTED, Verdict.NOT_FOUND, Verdict.INCONCLUSIVE})
_BAD = frozenset({Verdict.FAILED, Verdict.BLOCKED})
_KNOWN = "known since the baseline"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(summary: Summary) -> str:
    """The whole document. Failed and blocked journeys are reported as failures.

    Journeys that were not attempted, not found or inconclusive are reported as skipped. So are journeys that already
    failed in the baseline, so that a passing build is not shown as failed."""
    seen = on_the_way(summary)
    suites = [_suite(summary, view, seen) for view in summary.sessions]
    root = ET.Element("testsuites", name="trustwalk")
    for key in ("tests", "failures", "errors"):  # no `skipped`: Jenkins' xUnit plugin refuses a file whose root has it
        root.set(key, str(sum(int(s.get(key, "0")) for s in suites)))
    root.set("time", _seconds(sum(float(s.get("time", "0")) for s in suites)))
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(summary: Summary, view: SessionView, seen: OnTheWay) -> ET.Element:
    verdicts = list(view.verdicts.values())
    suite = ET.Element("testsuite", name=_text(f"{view.persona} on {view.device}"))
    suite.set("tests", str(len(verdicts)))
    known = sum(_known(summary, v) for v in verdicts)
    suite.set("failures", str(sum(v.verdict in _BAD for v in verdicts) - known))
    suite.set("errors", "0")
    suite.set("skipped", str(sum(v.verdict in _SKIPPED for v in verdicts) + known))
    suite.set("time", _seconds(view.last_moment - view.started.started))
    suite.set("timestamp", iso(view.started.started).split(".")[0])
    suite.set("hostname", _text(view.device))
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("persona", view.persona),
        ("device", view.device),
        ("target", summary.run.target.split("?")[0]),
        ("seed", str(summary.run.seed)),
        ("ended", view.why),
        ("seen-on-the-way", seen.by(view.id).told or "nothing"),
    ):
        ET.SubElement(properties, "property", name=name, value=_text(value))
    suite.extend(_case(summary, view, v) for v in verdicts)
    return suite


def _case(summary: Summary, view: SessionView, verdict: JourneyVerdict) -> ET.Element:
    mine = [s for s in view.steps if s.n in verdict.steps]
    case = ET.Element("testcase", name=_text(summary.title(verdict.journey)))
    case.set("classname", _text(f"trustwalk.{view.device}.{view.persona}.{verdict.journey}"))
    case.set("time", _seconds(sum(max(0.0, s.settled - s.started) for s in mine)))
    if _known(summary, verdict):
        ET.SubElement(case, "skipped", message=_text(f"{_KNOWN}: {_message(summary, verdict)}"))
    elif verdict.verdict in _BAD:
        kind = verdict.cause or "unknown"
        failure = ET.SubElement(case, "failure", type=_text(kind), message=_text(_message(summary, verdict)))
        failure.text = _text(_details(summary, verdict), 6000)
    elif verdict.verdict in _SKIPPED:
        ET.SubElement(case, "skipped", message=_text(f"{verdict.verdict.value}: {verdict.why or verdict.reason}"))
    if verdict.verdict is Verdict.DEGRADED:
        ET.SubElement(case, "system-out").text = _text(f"degraded: {_message(summary, verdict)}\n{verdict.why}", 2000)
    pictures = list(dict.fromkeys(s.screenshot for s in mine if s.screenshot and s.seen))
    bad = verdict.verdict in _BAD or verdict.verdict is Verdict.DEGRADED
    files = pictures[:3] + ([k.file for k in summary.kept_of(verdict)] if bad else [])
    if files:
        # Jenkins' attachments plugin and GitLab both read this form.
        ET.SubElement(case, "system-err").text = "\n".join(f"[[ATTACHMENT|{_text(f)}]]" for f in files)
    return case


def _known(summary: Summary, verdict: JourneyVerdict) -> bool:
    """Whether the journey failed in the baseline, too, even if for another cause or at another host."""
    if summary.difference is None or verdict.verdict not in _BAD:
        return False
    mine = (verdict.journey, verdict.device, verdict.cause, verdict.host)
    return summary.difference.state(*mine) in ("unchanged", "moved") and not any(
        (f.journey, f.device, f.cause, f.host) == mine for f in summary.difference.worse
    )


def _message(summary: Summary, verdict: JourneyVerdict) -> str:
    where = f" at {host_of(verdict.host, verdict.port)}" if verdict.host else ""
    if verdict.verdict is Verdict.BLOCKED:
        needed = (
            "the app does not open" if verdict.blocked_by == "entry" else f"needs «{summary.title(verdict.blocked_by)}»"
        )
        return f"blocked ({needed}): {summary.cause_at(verdict.cause, verdict.host, verdict.port)}{where}"
    return f"{summary.cause_at(verdict.cause, verdict.host, verdict.port)}{where}"


def _details(summary: Summary, verdict: JourneyVerdict) -> str:
    lines = [verdict.why]
    if verdict.seen_by_user or verdict.quote:
        lines.append(
            f"The user saw: {verdict.seen_by_user} {verdict.quote and f'«{one_line(verdict.quote, 300)}»'}".rstrip()
        )
    diagnosis = summary.diagnoses.get((verdict.host, verdict.port))
    if diagnosis is not None:
        lines.append(f"The server: {diagnosis.why}")
        for remedy in diagnosis.remedies[:1]:
            lines += [
                f"What to change ({remedy.where}): {remedy.title}",
                remedy.lines,
                f"Check: {remedy.check}" if remedy.check else "",
            ]
    return "\n".join(line for line in lines if line)


def _seconds(value: float) -> str:
    return f"{max(0.0, value):.3f}"


def _text(text: str, limit: int = 600) -> str:
    """The text for XML 1.0. `shown` makes hidden characters visible; any that XML still forbids are removed."""
    return _FORBIDDEN.sub("", shown(text, limit))

"""The contents of the web page for each failure; the template only lays them out. Pure except for reading pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from flows.diagnosis import RECORDED_ROUTE, ClientJudgement, Diagnosis, Remedy
from flows.incident import Confidence, Incident, JourneyVerdict, Verdict
from flows.signals import Signal
from flows.step import Action, ActionKind, Step
from reports import chain_picture
from reports.pictures import Album
from reports.rollup import Fix, fixes
from reports.summary import SessionView, Summary, cause_title, is_tls, or_others
from reports.text_display import count, host_of, listed, without_values

SAW = {
    "clear-message": "a clear message",
    "generic-message": "a message without a reason",
    "endless-spinner": "an endless spinner",
    "blank": "a blank area",
    "nothing-happened": "nothing happened",
    "browser-warning": "the browser’s own warning page",
    "crash": "a crash",
    "anr": "the app stopped responding",
}
_DID = {
    ActionKind.OPEN: "Opened",
    ActionKind.TAP: "Tapped",
    ActionKind.HOVER: "Pointed at",
    ActionKind.TYPE: "Typed into",
    ActionKind.PRESS: "Pressed",
    ActionKind.CHOOSE: "Chose",
    ActionKind.UPLOAD: "Attached a file to",
    ActionKind.SCROLL: "Scrolled",
    ActionKind.BACK: "Went",
    ActionKind.RELAUNCH: "Reloaded",
    ActionKind.WAIT: "Waited",
    ActionKind.SWITCH: "Switched to",
    ActionKind.ROTATE: "Turned the device to",
    ActionKind.ACCEPT: "Accepted",
    ActionKind.DISMISS: "Dismissed",
    ActionKind.ASK: "Did something that sent",
}
SYMBOLS = {
    Verdict.PASSED: "✓",
    Verdict.DEGRADED: "◐",
    Verdict.FAILED: "✕",
    Verdict.BLOCKED: "⊘",
    Verdict.NOT_ATTEMPTED: "–",
    Verdict.NOT_FOUND: "∅",
    Verdict.INCONCLUSIVE: "?",
}
_RANK = list(Confidence)
MOST_STEPS = 14
"""How many steps of a failing journey are shown; the journal has the rest."""
MOST_SIGNALS = 8


@dataclass(frozen=True, slots=True)
class StepView:
    n: int
    after: float
    text: str
    label: str
    note: str
    good: str
    bad: str
    picture: str
    failing: bool


@dataclass(frozen=True, slots=True)
class SignalView:
    when: str
    error: str
    place: str
    url: str
    text: str


@dataclass(slots=True)
class Story:
    """How one journey failed, in the session that shows it best."""

    journey: str
    title: str
    verdict: JourneyVerdict
    whom: str
    saw: str
    quote: str
    why: str
    confidence: str = ""
    proof: str = ""
    steps: list[StepView] = field(default_factory=list)
    more_steps: int = 0
    signals: list[SignalView] = field(default_factory=list)
    more_signals: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)
    """Files to attach to a ticket, as pairs of description and path relative to the report."""


KEPT = {
    "har": "requests (HAR)",
    "trace": "trace for Playwright’s viewer",
    "film": "film of the steps",
    "logcat": "the device’s log around the failure",
}


@dataclass(slots=True)
class Fault:
    """One fault to fix, as the page shows it."""

    id: str
    fix: Fix
    host: str
    title: str
    breaks: str
    whom: str
    saw: list[tuple[str, str, str]]
    remedies: list[Remedy]
    chain: list[chain_picture.Card]
    clients: tuple[ClientJudgement, ...]
    client_words: list[str]
    proxy_words: list[str]
    """The observing proxy's record of the same handshakes, if there was a proxy."""
    facts: list[tuple[str, str]]
    decided: str
    witness: str
    """The caption of the evidence about the server, which names its source."""
    stories: list[Story] = field(default_factory=list)


def faults(summary: Summary, album: Album) -> list[Fault]:
    """All TLS faults that broke journeys, worst first, each with the stories of its journeys."""
    return [_fault(summary, number, fix, album) for number, fix in enumerate(fixes(summary), 1)]


def _fault(summary: Summary, number: int, fix: Fix, album: Album) -> Fault:
    stories = [_story(summary, journey, fix.verdicts, album) for journey in [*fix.failed, *fix.degraded]]
    if not stories and fix.blocked:
        stories = [_story(summary, fix.blocked[0], fix.verdicts, album)]
    words = _client_words(summary, fix)
    return Fault(
        id=f"fault-{number}",
        fix=fix,
        host=host_of(fix.host, fix.port),
        title=_mild(cause_title(fix.cause)) + or_others(fix.diagnosis),
        breaks=_breaks(summary, fix),
        whom=whom(summary, fix.verdicts),
        saw=_saw(summary, fix),
        remedies=preferred(fix),
        chain=chain_picture.draw(fix.diagnosis) if fix.diagnosis else [],
        clients=fix.diagnosis.clients if fix.diagnosis else (),
        client_words=words,
        proxy_words=_proxy_words(summary, fix),
        facts=_facts(fix.diagnosis),
        decided=_decided(fix),
        witness=_witness(fix.diagnosis),
        stories=stories,
    )


def _mild(title: str) -> str:
    """A title for use inside a sentence: it begins in lower case, except for abbreviations such as TLS."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def preferred(fix: Fix) -> list[Remedy]:
    """All remedies: first those for the fault's own cause, and among them first those for the server's software."""
    software = (
        (fix.diagnosis.evidence.server_software or "").lower() if fix.diagnosis and fix.diagnosis.evidence else ""
    )
    return sorted(
        fix.remedies,
        key=lambda r: (r.cause != fix.cause, not software or r.where.lower().split(" ")[0] not in software),
    )


def whom(summary: Summary, verdicts: list[JourneyVerdict]) -> str:
    """The personas and devices of these verdicts, such as «all 3 personas on phone» or «curious and novice»."""
    personas = list(dict.fromkeys(v.persona for v in verdicts))
    devices = list(dict.fromkeys(v.device for v in verdicts))
    many = len(summary.personas) > 1
    who = f"all {len(personas)} personas" if many and len(personas) == len(summary.personas) else listed(personas, 4)
    if len(summary.devices) < 2:
        return who
    where = f"all {len(devices)} devices" if len(devices) == len(summary.devices) else listed(devices, 3)
    hit = len({v.session for v in verdicts})
    could = sum(v.persona in personas and v.device in devices for v in summary.sessions)
    return f"{who} on {where}" + (f" ({hit} of {count(could, 'session')})" if hit < could else "")


def _breaks(summary: Summary, fix: Fix) -> str:
    told = []
    for journeys, one, many in (
        (fix.failed, "fails", "fail"),
        (fix.blocked, "is blocked", "are blocked"),
        (fix.degraded, "works only partly", "work only partly"),
    ):
        if journeys:
            if len(journeys) > 4 and len(journeys) == len(summary.journeys):
                names = "Every journey"
                told.append(f"{names} {one}")
            else:
                told.append(
                    f"{listed([f'«{summary.title(j)}»' for j in journeys], 4)} {one if len(journeys) == 1 else many}"
                )
    return "; ".join(told)


def _saw(summary: Summary, fix: Fix) -> list[tuple[str, str, str]]:
    """Journey, what the user saw, and the text on the screen, each combination once."""
    found = dict.fromkeys(
        (
            summary.title(v.journey) if v.blocked_by != "entry" else "The app",
            SAW.get(v.seen_by_user, v.seen_by_user),
            v.quote,
        )
        for v in fix.verdicts
        if v.verdict is not Verdict.DEGRADED and (v.seen_by_user or v.quote)
    )
    return list(found)[:6]


def _client_words(summary: Summary, fix: Fix) -> list[str]:
    words = dict.fromkeys([fix.diagnosis.client_saw] if fix.diagnosis and fix.diagnosis.client_saw else [])
    for verdict in fix.verdicts[:40]:
        for name in verdict.incidents:
            if name in summary.incidents:
                words |= dict.fromkeys(s.error for s in summary.signals_of(summary.incidents[name]))
    return list(words)[:4]


def _proxy_words(summary: Summary, fix: Fix) -> list[str]:
    names = dict.fromkeys(name for verdict in fix.verdicts[:40] for name in verdict.incidents)
    told = [summary.witness(summary.incidents[name]) for name in names if name in summary.incidents]
    return list(dict.fromkeys(word.text for word in told if word is not None))[:4]


def _decided(fix: Fix) -> str:
    by = fix.diagnosis.decided_by if fix.diagnosis and fix.diagnosis.causes else "client"
    return {"client": "decided by the client’s error", "probe": "decided by the probe", "both": "both agree"}.get(
        by, by
    )


def _witness(diagnosis: Diagnosis | None) -> str:
    """The caption of the evidence about the server: from our own probe, or from somebody else's recording."""
    route = diagnosis.evidence.route if diagnosis and diagnosis.evidence else ""
    recorded = route.removeprefix(RECORDED_ROUTE) if route.startswith(RECORDED_ROUTE) else ""
    return f"The server, as recorded in {recorded}" if recorded else "Trustwalk’s probe of the server, afterwards"


def _facts(diagnosis: Diagnosis | None) -> list[tuple[str, str]]:
    evidence = diagnosis.evidence if diagnosis else None
    if evidence is None:
        return []
    reached = (
        "connected, ClientHello sent"
        if evidence.client_hello_sent
        else "connected"
        if evidence.tcp_connected
        else "not reached"
    )
    rows = [
        ("Address", f"{evidence.address or 'unknown'} ({reached})"),
        ("Asked for", evidence.sni or "no server name"),
        ("Negotiated", f"{evidence.protocol}, {evidence.cipher}" if evidence.protocol else ""),
        ("Ended with", " · ".join(filter(None, (evidence.alert or "", evidence.error or "")))),
        ("Offered", ", ".join(evidence.protocols_offered)),
        ("Verifier", "; ".join(dict.fromkeys(f"{f.text} (depth {f.depth})" for f in evidence.verify_faults))),
        ("Server", evidence.server_software or ""),
        ("Trust store", evidence.trust_store),
        ("Route", evidence.route),
        *((name, str(value)) for name, value in sorted(evidence.facts.items())),
    ]
    return [(name, value) for name, value in rows if value]


def _story(summary: Summary, journey: str, verdicts: list[JourneyVerdict], album: Album) -> Story:
    mine = [v for v in verdicts if v.journey == journey]
    best = min(mine, key=lambda v: _weight(summary, v))
    incident = next((summary.incidents[i] for i in best.incidents if i in summary.incidents), None)
    view = summary.session(best.session)
    story = Story(
        journey,
        summary.title(journey if best.blocked_by != "entry" else "entry"),
        best,
        whom(summary, mine),
        SAW.get(best.seen_by_user, best.seen_by_user),
        best.quote,
        best.why,
    )
    if incident is not None:
        story.confidence = incident.confidence.value
        story.proof = _proof(summary, incident)
        signals = summary.signals_of(incident)
        story.signals = [_signal(view, s) for s in signals[:MOST_SIGNALS]]
        story.more_signals = max(0, len(signals) - MOST_SIGNALS)
    story.kept = [(KEPT.get(k.kind, k.kind), quote(k.file)) for k in summary.kept_of(best)]
    if view is not None:
        story.steps, story.more_steps = steps_told(view, best, incident, album)
    return story


def _weight(summary: Summary, verdict: JourneyVerdict) -> tuple[bool, int, bool]:
    found = [summary.incidents[i] for i in verdict.incidents if i in summary.incidents]
    sure = min((_RANK.index(i.confidence) for i in found), default=9)
    return verdict.verdict is not Verdict.FAILED, sure, not verdict.quote


_WITHOUT_SUCCESS = {
    Confidence.CONFIRMED: "what had failed now loads, though the end of the journey was not recognised",
    Confidence.LOW: "it still did not work",
}
"""How a counter-proof without success ended, by the confidence of its incident."""


def _proof(summary: Summary, incident: Incident) -> str:
    """The result of an incident's counter-proof, in a sentence. Empty if there was none."""
    host = f"{incident.host}:{incident.port}"
    for view in summary.proofs:
        if host in view.started.counter_proof and incident.journey in {s.decision.journey for s in view.steps}:
            won = any(c.outcome == "success" and c.journey == incident.journey for s in view.steps for c in s.cues)
            end = "it worked" if won else _WITHOUT_SUCCESS.get(incident.confidence, "it did not get that far")
            return f"Repeated in a separate session that ignored TLS errors of {host_of(incident.host, incident.port)} only: {end}."
    return ""


def steps_told(
    view: SessionView, verdict: JourneyVerdict, incident: Incident | None, album: Album
) -> tuple[list[StepView], int]:
    """The steps of the journey (the last ones if there are many), with screenshots of the important ones."""
    numbers = {*verdict.steps, *(incident.steps if incident else ())}
    if verdict.blocked_by == "entry" or not numbers:
        numbers |= {0}
    steps = [s for s in view.steps if s.n in numbers]
    kept = steps[-MOST_STEPS:]
    failing = set(incident.steps) if incident else {s.n for s in steps if s.seen}
    shown = set(failing) | {s.n for s in kept if s.seen or s.cues} | {s.n for s in kept[:1]}
    told = [_step(view, s, album if s.n in shown else None, failing=s.n in failing) for s in kept]
    return told, len(steps) - len(kept)


def _step(view: SessionView, step: Step, album: Album | None, *, failing: bool) -> StepView:
    said, label = doing(step.decision.action)
    good = " · ".join(f"«{c.text}»" for c in step.cues if c.outcome == "success" and c.text)
    bad = " · ".join(f"«{c.text}»" for c in step.cues if c.outcome == "failure" and c.text)
    if step.seen:
        bad = " · ".join(filter(None, (bad, SAW.get(step.seen, step.seen))))
    note = step.problem or {
        "pending": "requests were still pending",
        "busy": "still busy",
        "crashed": "crashed",
        "refused": "could not be done",
    }.get(step.settled_as, "")
    return StepView(
        step.n,
        max(0.0, step.started - view.started.started),
        said,
        label,
        note,
        good,
        bad,
        album.data_uri(step.screenshot) if album else "",
        failing,
    )


def doing(action: Action) -> tuple[str, str]:
    """An action in words: the verb and its object."""
    label = without_values(action.label) if action.kind is ActionKind.OPEN else action.label or action.text
    verb = _DID.get(action.kind, str(action.kind))
    if action.kind is ActionKind.TAP and action.times > 1:
        verb = f"Tapped {count(action.times, 'time')}:"
    return verb, label


def _signal(view: SessionView | None, signal: Signal) -> SignalView:
    when = ""
    if view is not None:
        step = next((s for s in reversed(view.steps) if s.started <= signal.time), None)
        when = f"{signal.time - step.started:.2f} s after step {step.n} began" if step else "before the first step"
    return SignalView(when, signal.error, signal.place, without_values(signal.url), signal.text)


def other_failures(summary: Summary, album: Album) -> list[Story]:
    """One story for each journey that failed or was blocked for other reasons than TLS."""
    bad = [v for v in summary.verdicts if v.verdict in (Verdict.FAILED, Verdict.BLOCKED) and not is_tls(v.cause)]
    return [_story(summary, journey, bad, album) for journey in dict.fromkeys(v.journey for v in bad)]

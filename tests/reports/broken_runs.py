"""Runs that went wrong, or were made to: an app that cannot be entered, one that attacks the report, a run cut off."""

from __future__ import annotations

from collections.abc import Iterator

from flows.diagnosis import Cause, Diagnosis, Evidence
from flows.incident import Confidence, Finding, Incident, Severity, Verdict
from flows.step import ActionKind, Cue
from reports.journal.events import (
    Broken,
    Diagnosed,
    Event,
    FindingMade,
    IncidentFound,
    RunFinished,
)
from tests.reports.desk import START, TITLES
from tests.reports.run_parts import run_started, whole
from tests.reports.servers import certificate, diagnosis
from tests.reports.telling import Teller

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202egpj.exe\u2066 ]]> <!-- {{7*7}} ${x} `rm` | @everyone \x07\x1b[31m'


def blocked_entry() -> Iterator[Event]:
    teller = Teller("curious")
    teller.events = teller.events[:1]
    teller.n, teller.at = 0, START
    teller.step(
        "",
        "open",
        "https://portal.desk.test/",
        kind=ActionKind.OPEN,
        before="",
        after="warning",
        title="Privacy error",
        seen="browser-warning",
        problem="net::ERR_CERT_DATE_INVALID",
    )
    signal = teller.request("portal.desk.test", "document", error="net::ERR_CERT_DATE_INVALID", causes=(Cause.EXPIRED,))
    why = "The app did not open: document portal.desk.test:443 failed with net::ERR_CERT_DATE_INVALID, and no part of the app appeared."
    shut = Incident(
        "curious@desktop:entry:portal.desk.test:443",
        teller.session,
        "entry",
        "open",
        "portal.desk.test",
        443,
        (Cause.EXPIRED,),
        Confidence.HIGH,
        why,
        "both",
        (signal,),
        (0,),
    )
    teller.verdicts.append(IncidentFound(shut))
    for journey in TITLES:
        teller.verdict(
            journey,
            Verdict.BLOCKED,
            cause="expired",
            host="portal.desk.test",
            blocked_by="entry",
            stage="open",
            seen="browser-warning",
            why=why,
            incidents=(shut.id,),
        )
    yield run_started()
    yield from teller.end()
    yield Diagnosed(diagnosis("portal.desk.test", Cause.EXPIRED))
    yield from teller.verdicts
    yield RunFinished(START + 30, 1)


def cut_off() -> Iterator[Event]:
    """`kill -9` after two sessions began: no verdict was reached."""
    yield run_started()
    first, second = Teller("curious"), Teller("novice")
    first.journey("submit-ticket")
    first.journey("start-chat", Cause.EXPIRED)
    yield from first.events
    yield from second.events
    yield Broken(START + 9, "curious@desktop", "surface", "The browser did not answer for 30 s.")


def nothing_found() -> Iterator[Event]:
    teller = Teller("curious")
    for journey in TITLES:
        teller.journey(
            journey, verdict=Verdict.NOT_FOUND, why="Explored to the end, and nothing that leads to it was seen."
        )
    yield from whole([teller], {}, code=3)


def hostile() -> Iterator[Event]:
    """An app that attacks the report: markup, scripts, bidi controls, terminal escapes and megabyte strings."""
    teller = Teller("curious")
    big = "A" * 1_000_000
    form = teller.step("start-chat", "enter", EVIL, before="home", after=EVIL, title=EVIL + big)
    cue = Cue("start-chat", "failure", "words", EVIL + big)
    last = teller.step(
        "start-chat",
        "send",
        EVIL,
        before=EVIL,
        after="home",
        title=EVIL,
        cues=(cue,),
        seen="generic-message",
        expects=True,
        problem=EVIL,
    )
    signal = teller.request("chat.desk.test", "websocket", error=EVIL, causes=(Cause.EXPIRED,))
    why = f"Step {last} («{EVIL}») itself sent the failed request."
    incident = Incident(
        f"{EVIL}",
        teller.session,
        "start-chat",
        "send",
        "chat.desk.test",
        443,
        (Cause.EXPIRED,),
        Confidence.HIGH,
        why,
        "client",
        (signal,),
        (last,),
    )
    teller.verdicts.append(IncidentFound(incident))
    teller.verdict(
        "start-chat",
        Verdict.FAILED,
        cause="expired",
        host="chat.desk.test",
        quote=EVIL + big,
        seen="generic-message",
        why=why,
        steps=(form, last),
        stage="send",
        incidents=(incident.id,),
    )
    teller.on_the_way(EVIL, EVIL + big, EVIL + big)
    yield run_started({**TITLES, "start-chat": EVIL}, run=EVIL)
    yield from teller.end()
    bad = certificate(EVIL, EVIL + big, names=(EVIL,) * 500)
    good = diagnosis("chat.desk.test", Cause.EXPIRED)
    assert good.evidence is not None
    evidence = Evidence(
        **{**{f: getattr(good.evidence, f) for f in Evidence.__slots__}, "chain": (bad,), "server_software": EVIL}
    )
    yield Diagnosed(Diagnosis("chat.desk.test", 443, (Cause.EXPIRED,), EVIL, "client", evidence, EVIL, good.remedies))
    yield from teller.verdicts
    yield FindingMade(Finding(Severity.LOW, "script-error", EVIL + big, EVIL, 443, "", (EVIL,), teller.session))
    yield Broken(START, teller.session, EVIL, EVIL)
    yield RunFinished(START + 40, 1)

"""Runs to tell of: realistic journals, one for each kind of run that a report must render."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PIL import Image, ImageDraw

from flows.diagnosis import Cause, Diagnosis, Evidence
from flows.incident import Confidence, Finding, Incident, Severity, Verdict
from flows.step import ActionKind, Cue, Step
from reports.failures import Difference, Failure
from reports.journal.events import (
    Broken,
    Compared,
    Diagnosed,
    Event,
    EvidenceKept,
    FindingMade,
    IncidentFound,
    Journal,
    RunFinished,
    RunStarted,
    StepTaken,
)
from tests.reports.telling import FOUR, HOSTS, START, TITLES, Teller, certificate, diagnosis


def run_started(titles: dict[str, str] = TITLES, run: str = "20261124-090000-desk") -> RunStarted:
    return RunStarted(
        run,
        "https://portal.desk.test/?session=secret",
        START - 1,
        7,
        "0.1.0",
        tuple(titles),
        titles,
        {"personas": ["curious"], "devices": ["desktop"], "steps": 200},
    )


def whole(
    tellers: Sequence[Teller],
    causes: dict[str, Cause],
    *,
    code: int,
    findings: Sequence[Finding] = (),
    proofs: Sequence[Teller] = (),
) -> Iterator[Event]:
    """A run that came to its end: sessions, probes, incidents and verdicts, findings."""
    yield run_started()
    for teller in [*tellers, *proofs]:
        yield from teller.end()
    for host in sorted({*HOSTS.values(), "portal.desk.test"}):
        yield Diagnosed(diagnosis(host, next((c for j, c in causes.items() if HOSTS.get(j) == host), None)))
    for teller in tellers:
        yield from teller.verdicts
    for finding in findings:
        yield FindingMade(finding)
    yield RunFinished(max(t.at for t in [*tellers, *proofs]) + 10, code)


def small() -> Iterator[Event]:
    """The run of the golden files: one session, one journey that fails, one that works, one that was not found."""
    yield run_started({j: TITLES[j] for j in ("start-chat", "submit-ticket", "payment")})
    teller = Teller("curious")
    teller.journey("start-chat", Cause.EXPIRED)
    teller.journey("submit-ticket")
    teller.journey(
        "payment", verdict=Verdict.NOT_FOUND, why="Explored to the end, and nothing that leads to it was seen."
    )
    teller.on_the_way()
    yield from teller.end()
    yield Diagnosed(diagnosis("chat.desk.test", Cause.EXPIRED))
    yield Diagnosed(diagnosis("tickets.desk.test", None))
    yield from teller.verdicts
    yield EvidenceKept(teller.session, "har", "evidence/curious@desktop.har")
    yield EvidenceKept(teller.session, "trace", "evidence/curious@desktop.trace.zip")
    yield FindingMade(
        Finding(
            Severity.HIGH,
            "expiring",
            "tickets.desk.test ends in 9 days.",
            "tickets.desk.test",
            443,
            "expired",
            ("submit-ticket",),
        )
    )
    yield RunFinished(START + 60, 1)


def all_good() -> Iterator[Event]:
    tellers = [Teller(p) for p in ("curious", "impatient", "novice")]
    for teller in tellers:
        for journey in TITLES:
            teller.journey(journey)
    yield from whole(tellers, {}, code=0)


def failed(causes: dict[str, Cause] = FOUR) -> Iterator[Event]:
    tellers = [Teller("curious"), Teller("impatient"), Teller("novice")]
    for teller in tellers:
        for journey in TITLES:
            if journey == "payment":
                teller.journey(
                    journey,
                    verdict=Verdict.NOT_ATTEMPTED,
                    reason="not-allowed",
                    why="It needs a permission that was not given (--allow payment).",
                )
            elif journey == "download-attachment" and teller.persona == "novice":
                teller.journey(
                    journey,
                    verdict=Verdict.NOT_FOUND,
                    why="Explored to the end, and nothing that leads to it was seen.",
                )
            elif journey == "knowledge-base" and teller.persona == "impatient":
                teller.journey(journey)
            else:
                teller.journey(journey, causes.get(journey))
        teller.on_the_way()
        teller.request(
            "analytics.example", "ping", error="net::ERR_CERT_DATE_INVALID", causes=(Cause.EXPIRED,), background=True
        )
    proof = Teller("curious", proof="start-chat", at=START + 200)
    proof.journey("start-chat")
    findings = [
        Finding(
            Severity.LOW,
            "background-host",
            "analytics.example fails with net::ERR_CERT_DATE_INVALID (3 requests), and no journey was seen to need it.",
            "analytics.example",
            443,
            "expired",
            (),
            "curious@desktop",
        ),
        Finding(
            Severity.MEDIUM,
            "fails-on-other-client",
            "files.desk.test works in this browser, but android-7 would refuse it: its root is not in that store.",
            "files.desk.test",
            443,
            "untrusted-ca",
            ("upload-attachment",),
        ),
        Finding(
            Severity.HIGH, "expiring", "auth.desk.test ends in 9 days.", "auth.desk.test", 443, "expired", ("login",)
        ),
    ]
    yield from whole(tellers, causes, code=1, findings=findings, proofs=[proof])


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
    why = "Opening the app asked for the document portal.desk.test:443 failed with net::ERR_CERT_DATE_INVALID, and nothing of the app was to be seen."
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


def private_ca() -> Iterator[Event]:
    causes = dict.fromkeys(("start-chat", "submit-ticket", "login"), Cause.UNTRUSTED_CA)
    teller = Teller("curious")
    for journey in TITLES:
        if journey in ("account-info", "payment"):
            teller.journey(
                journey,
                Cause.UNTRUSTED_CA,
                verdict=Verdict.BLOCKED,
                blocked_by="login",
                why="It needs login, which failed.",
            )
        else:
            teller.journey(journey, causes.get(journey))
    yield from whole([teller], causes, code=1)


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


def several_devices() -> Iterator[Event]:
    tellers = [Teller(p, d) for p in ("curious", "novice") for d in ("desktop", "phone", "virtual")]
    for teller in tellers:
        for journey in TITLES:
            fails = FOUR.get(journey) if teller.device != "desktop" or journey == "start-chat" else None
            teller.journey(journey, fails)
    yield from whole(tellers, FOUR, code=1)


def two_hundred() -> Iterator[Event]:
    personas = (
        "curious",
        "impatient",
        "novice",
        "elderly",
        "adversarial",
        "student",
        "teenager",
        "business",
        "accessibility",
        "power-user",
    )
    tellers = [Teller(p, f"device-{d:02d}") for p in personas for d in range(20)]
    for number, teller in enumerate(tellers):
        for journey in TITLES:
            teller.journey(journey, FOUR.get(journey) if (number + len(journey)) % 3 else None)
        teller.on_the_way(f"Plan {number % 30}")
    yield from whole(tellers, FOUR, code=1)


EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202egpj.exe\u2066 ]]> <!-- {{7*7}} ${x} `rm` | @everyone \x07\x1b[31m'


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
    why = f"Step {last} («{EVIL}») itself asked for it."
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


def compared() -> Iterator[Event]:
    """Set against a baseline: one failure is new, one known, one moved to another host, one mended."""

    def failure(journey: str, cause: str, host: str) -> Failure:
        return Failure(journey, "desktop", "failed", cause, host, ("curious", "impatient", "novice"))

    def now(journey: str) -> Failure:
        return failure(journey, FOUR[journey].value, HOSTS[journey])

    first, second, third, *rest = FOUR
    change = Difference(
        new=(now(first),),
        fixed=(failure("login", "expired", "auth.desk.test"),),
        unchanged=tuple(map(now, [second, *rest])),
        moved=((failure(third, "expired", "old.desk.test"), now(third)),),
        unseen=(failure("payment", "expired", "pay.test"),),
    )
    *events, end = failed()
    yield from events
    yield Compared("20261120-090000-desk", change)
    yield end


PACKAGE = "test.desk.support"


def android() -> Iterator[Event]:
    """An app on a device, whose log shows what failed."""
    teller = Teller("curious", "pixel", package=PACKAGE)
    for journey in TITLES:
        teller.journey(journey, FOUR.get(journey))
    teller.on_the_way()
    *events, end = whole([teller], FOUR, code=1)
    yield from events
    yield EvidenceKept(teller.session, "logcat", "evidence/curious-pixel-start-chat.logcat.txt", "start-chat")
    yield end


def both() -> Iterator[Event]:
    """The site in a browser and the app on a device, in one report."""
    tellers = [Teller("curious"), Teller("curious", "pixel", package=PACKAGE)]
    for teller in tellers:
        for journey in TITLES:
            teller.journey(journey, FOUR.get(journey))
    yield from whole(tellers, FOUR, code=1)


CORPUS: dict[str, Callable[[], Iterator[Event]]] = {
    "small": small,
    "all-good": all_good,
    "failed": failed,
    "blocked-entry": blocked_entry,
    "private-ca": private_ca,
    "cut-off": cut_off,
    "nothing-found": nothing_found,
    "several-devices": several_devices,
    "two-hundred": two_hundred,
    "hostile": hostile,
    "compared": compared,
    "android": android,
    "both": both,
}
SMALLER = tuple(name for name in CORPUS if name != "two-hundred")


def write_run(name: str, folder: Path, *, pictures: bool = False) -> Path:
    """The run's folder, as the explorer would leave it."""
    folder.mkdir(parents=True, exist_ok=True)
    with Journal(folder / "journal.jsonl") as journal:
        for event in CORPUS[name]():
            journal.write(event)
            if pictures and isinstance(event, StepTaken):
                _picture(folder / event.step.screenshot, event.step)
    return folder


def _picture(path: Path, step: Step) -> None:
    path.parent.mkdir(exist_ok=True)
    image = Image.new("RGB", (1280, 800), (246, 248, 251))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1280, 72), fill=(38, 70, 130))
    draw.text((40, 26), "Desk support", fill=(255, 255, 255), font_size=22)
    draw.text((200, 160), step.title[:60], fill=(30, 34, 44), font_size=34)
    draw.rectangle((200, 240, 900, 480), outline=(180, 190, 205), width=2)
    if step.seen:
        draw.rectangle((200, 520, 900, 580), fill=(253, 232, 232))
        draw.text((220, 538), "; ".join(c.text for c in step.cues)[:60] or "…", fill=(150, 20, 20), font_size=20)
    image.save(path, quality=80)

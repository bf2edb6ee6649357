"""Runs that came to their end, in a browser and on a device: what passes, what fails, and on how many devices."""

from __future__ import annotations

from collections.abc import Iterator

from flows.diagnosis import Cause
from flows.incident import Finding, Severity, Verdict
from reports.failures import Difference, Failure
from reports.journal.events import (
    Compared,
    Diagnosed,
    Event,
    EvidenceKept,
    FindingMade,
    RunFinished,
)
from tests.reports.desk import FOUR, HOSTS, START, TITLES
from tests.reports.run_parts import run_started, whole
from tests.reports.servers import diagnosis
from tests.reports.telling import Teller

PACKAGE = "test.desk.support"


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

"""A short way to write down a session and its verdicts as the explorer would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.diagnosis import Cause
from flows.incident import Confidence, Incident, JourneyVerdict, Verdict
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Cue, Decision, Step
from reports.journal.events import (
    Event,
    ExchangeSeen,
    IncidentFound,
    ScreenAudited,
    ScreenSeen,
    SessionEnded,
    SessionStarted,
    SignalSeen,
    StepTaken,
    VerdictReached,
)
from tests.reports.desk import HOSTS, LABELS, SAW, START, TITLES, audited
from tests.reports.servers import NET


class Teller:
    """Writes a session's events, journey by journey."""

    def __init__(
        self, persona: str, device: str = "desktop", at: float = START, proof: str = "", package: str = ""
    ) -> None:
        """`package` makes it an app's session on a device: its screens are activities."""
        self.package = package
        self.persona, self.device, self.at, self.n = persona, device, at, 0
        self.session = f"{persona}@{device}" + (f"+{proof}" if proof else "")
        self.events: list[Event] = [
            SessionStarted(
                self.session,
                persona,
                device,
                at,
                (f"{HOSTS[proof]}:443",) if proof else (),
                f"{persona}@{device}" if proof else "",
                tuple(TITLES),
                "Chromium 142",
            )
        ]
        self.verdicts: list[Event] = []
        self.step(
            "",
            "open",
            "https://portal.desk.test/",
            kind=ActionKind.OPEN,
            before="",
            after="home",
            title="Desk: support",
        )
        self.request("portal.desk.test", "document")

    def step(
        self,
        journey: str,
        stage: str,
        label: str,
        *,
        kind: ActionKind = ActionKind.TAP,
        before: str,
        after: str,
        title: str,
        cues: tuple[Cue, ...] = (),
        seen: str = "",
        expects: bool = False,
        text: str = "",
        problem: str = "",
        attempt: int = 1,
        role: str = "button",
    ) -> int:
        n, self.n = self.n, self.n + 1
        shot = f"screens/{self.session}-{n:03d}.jpg"
        action = Action(kind, f"r{n}", f"{role}|{label}||1", text, label)
        decision = Decision(action, journey, stage, attempt, "what a user would try next", expects)
        step = Step(
            n,
            self.session,
            decision,
            self.at + 0.2,
            self.at + 1.4,
            "quiet",
            before,
            after,
            before != after,
            cues,
            f"{self.package}/.MainActivity" if self.package else f"https://portal.desk.test/{after}",
            title,
            seen,
            problem,
            shot,
        )
        self.events += [
            ScreenSeen(self.session, after, step.address, title, 12, ("Newsletter",), n, shot),
            StepTaken(step),
        ]
        self.now, self.at = self.at, self.at + 2
        return n

    def request(
        self,
        host: str,
        place: str = "fetch",
        *,
        error: str = "",
        causes: tuple[Cause, ...] = (),
        background: bool = False,
    ) -> str:
        ident = f"{self.session}:{len(self.events)}"
        url = f"{'wss' if place == 'websocket' else 'https'}://{host}/v1?token=secret"
        self.events.append(
            ExchangeSeen(
                Exchange(
                    ident,
                    self.session,
                    self.now + 0.3,
                    self.now + 0.5,
                    "GET",
                    url,
                    host,
                    443,
                    place,
                    "failed" if error else "ok",
                    0 if error else 200,
                    background=background,
                )
            )
        )
        if error:
            self.events.append(
                SignalSeen(
                    Signal(
                        f"{ident}-s",
                        self.now + 0.45,
                        self.session,
                        Family.TLS,
                        "cdp-cert",
                        error,
                        causes,
                        host,
                        443,
                        url,
                        place,
                        ident,
                        text="Failed to load resource",
                        background=background,
                    )
                )
            )
        return f"{ident}-s"

    def journey(
        self,
        journey: str,
        cause: Cause | None = None,
        *,
        verdict: Verdict | None = None,
        reason: str = "",
        why: str = "",
        blocked_by: str = "",
    ) -> None:
        if verdict in (Verdict.NOT_FOUND, Verdict.NOT_ATTEMPTED, Verdict.BLOCKED):
            host = HOSTS.get(blocked_by, "")
            self.verdict(
                journey,
                verdict,
                cause=cause.value if cause else "",
                host=host,
                reason=reason,
                blocked_by=blocked_by,
                why=why,
            )
            return
        first, second = LABELS[journey]
        host = HOSTS[journey]
        title = TITLES[journey]
        steps = [self.step(journey, "enter", first, before="home", after=f"{journey}-form", title=title, role="link")]
        self.request("portal.desk.test")
        steps.append(
            self.step(
                journey,
                "fill",
                "Your message",
                kind=ActionKind.TYPE,
                before=f"{journey}-form",
                after=f"{journey}-form",
                title=title,
                text="This is a Trustwalk test.",
                role="textbox",
            )
        )
        saw, quote = SAW[journey]
        if cause is None:
            cue = Cue(journey, "success", "words", "Thank you! Your request has number 1042.")
            steps.append(
                self.step(
                    journey,
                    "send",
                    second,
                    before=f"{journey}-form",
                    after=f"{journey}-done",
                    title="Thanks",
                    cues=(cue,),
                    expects=True,
                )
            )
            self.request(host, "websocket" if journey == "start-chat" else "fetch")
            self.verdict(
                journey,
                verdict or Verdict.PASSED,
                quote=cue.text,
                steps=tuple(steps),
                stage="send",
                why=f"At step {steps[-1]} the screen showed «{cue.text}» (words).",
            )
            return
        cues = (Cue(journey, "failure", "words", quote),) if quote else ()
        steps.append(
            self.step(
                journey,
                "send",
                second,
                before=f"{journey}-form",
                after=f"{journey}-broken",
                title=title,
                cues=cues,
                seen=saw.value,
                expects=True,
            )
        )
        allowed = (cause,) if cause in NET else (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN)
        place = "websocket" if journey == "start-chat" else "fetch"
        error = NET.get(cause, "net::ERR_CERT_AUTHORITY_INVALID")
        signals = tuple(self.request(host, place, error=error, causes=allowed) for _ in range(2))
        why = f"Step {steps[-1]} («{second}») itself sent the failed request: {place} {host}:443 failed with {error}."
        incident = Incident(
            f"{self.session}:{journey}:{host}:443",
            self.session,
            journey,
            "send",
            host,
            443,
            (cause,),
            Confidence.CONFIRMED,
            why,
            "both",
            signals,
            (steps[-1],),
        )
        self.verdicts.append(IncidentFound(incident))
        self.verdict(
            journey,
            Verdict.FAILED,
            cause=cause.value,
            host=host,
            quote=quote,
            seen=saw.value,
            steps=tuple(steps),
            stage="send",
            why=why,
            incidents=(incident.id,),
        )

    def verdict(
        self,
        journey: str,
        verdict: Verdict,
        *,
        cause: str = "",
        host: str = "",
        quote: str = "",
        seen: str = "",
        reason: str = "",
        blocked_by: str = "",
        why: str = "",
        stage: str = "",
        steps: tuple[int, ...] = (),
        incidents: tuple[str, ...] = (),
    ) -> None:
        self.verdicts.append(
            VerdictReached(
                JourneyVerdict(
                    self.session,
                    journey,
                    self.persona,
                    self.device,
                    verdict,
                    cause,
                    (cause,) if cause else (),
                    host,
                    443 if host else 0,
                    stage,
                    seen,
                    quote,
                    blocked_by,
                    reason,
                    "",
                    why,
                    False,
                    incidents,
                    steps,
                )
            )
        )

    def on_the_way(
        self, control: str = "Compare plans", thrown: str = "TypeError: rates is undefined", text: str = ""
    ) -> None:
        """A dead control, a script error and a spinner that does not end; and what an audit of the first screen found."""
        for _ in range(2):
            number = self.step("", "", control, before="home", after="home", title="Desk: support")
            taken = self.events[-1]
            assert isinstance(taken, StepTaken)
            self.events[-1] = StepTaken(replace(taken.step, stayed=True))
        self.events.append(
            SignalSeen(
                Signal(
                    f"{self.session}:thrown:{number}",
                    self.now + 0.4,
                    self.session,
                    Family.SCRIPT,
                    "exception",
                    "TypeError",
                    url="https://portal.desk.test/app.js",
                    text=thrown,
                )
            )
        )
        self.step("", "", "Exchange rates", before="home", after="rates", title="Rates", role="link")
        taken = self.events[-1]
        assert isinstance(taken, StepTaken)
        self.events[-1] = StepTaken(replace(taken.step, settled_as="busy", settled=taken.step.started + 12))
        self.events.append(ScreenAudited(self.session, "home", 0, audited(text), 0.05))

    def end(self, why: str = "done") -> Iterator[Event]:
        yield from self.events
        left = {"home": ("Newsletter", "Careers", "Imprint")} if self.n else {}
        yield SessionEnded(self.session, self.at, why, self.n, ("Newsletter", "Careers", "Imprint"), left)

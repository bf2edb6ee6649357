"""A short way to write down a session, its servers and its verdicts as the explorer would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.diagnosis import Cause, Certificate, ClientJudgement, Diagnosis, Evidence, Remedy, VerifyFault
from flows.flaw import Flaw, Weight
from flows.incident import Confidence, Incident, JourneyVerdict, Symptom, Verdict
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

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC).timestamp()
TITLES = {
    "start-chat": "Start a chat",
    "submit-ticket": "Submit a ticket",
    "knowledge-base": "Read a help article",
    "account-info": "See the account",
    "login": "Log in",
    "payment": "Pay an invoice",
    "upload-attachment": "Attach a file",
    "download-attachment": "Get an attachment",
}
HOSTS = {
    "start-chat": "chat.desk.test",
    "submit-ticket": "tickets.desk.test",
    "knowledge-base": "kb.desk.test",
    "account-info": "api.desk.test",
    "login": "auth.desk.test",
    "payment": "pay.desk.test",
    "upload-attachment": "files.desk.test",
    "download-attachment": "files.desk.test",
}
LABELS = {
    "start-chat": ("Live chat", "Send"),
    "submit-ticket": ("New ticket", "Submit"),
    "knowledge-base": ("Help centre", "Reset my password"),
    "account-info": ("My account", "Profile"),
    "login": ("Sign in", "Log in"),
    "payment": ("Billing", "Pay now"),
    "upload-attachment": ("Attach a file", "Upload"),
    "download-attachment": ("My files", "Download"),
}
SAW = {
    "start-chat": (Symptom.GENERIC_MESSAGE, "Cannot connect to an agent"),
    "submit-ticket": (Symptom.NOTHING_HAPPENED, ""),
    "knowledge-base": (Symptom.BLANK, ""),
    "account-info": (Symptom.ENDLESS_SPINNER, ""),
    "login": (Symptom.GENERIC_MESSAGE, "Something went wrong. Try again later."),
    "payment": (Symptom.BROWSER_WARNING, "Your connection is not private"),
    "upload-attachment": (Symptom.GENERIC_MESSAGE, "Upload failed"),
    "download-attachment": (Symptom.NOTHING_HAPPENED, ""),
}
NET = {
    Cause.EXPIRED: "net::ERR_CERT_DATE_INVALID",
    Cause.HOSTNAME_MISMATCH: "net::ERR_CERT_COMMON_NAME_INVALID",
    Cause.WEAK_PROTOCOL: "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH",
}
FOUR = {
    "start-chat": Cause.EXPIRED,
    "submit-ticket": Cause.INCOMPLETE_CHAIN,
    "knowledge-base": Cause.HOSTNAME_MISMATCH,
    "account-info": Cause.SELF_SIGNED,
}


def certificate(
    subject: str, issuer: str, *, days: tuple[int, int] = (-80, 285), ca: bool = False, names: Sequence[str] = ()
) -> Certificate:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Certificate(
        subject=f"CN={subject}",
        issuer=f"CN={issuer}",
        serial="4d2",
        not_before=at + timedelta(days[0]),
        not_after=at + timedelta(days[1]),
        names=tuple(names),
        key="EC P-256",
        signature="ecdsa-with-SHA256",
        sha256="ab" * 32,
        is_ca=ca,
        self_issued=subject == issuer,
    )


def chain_of(host: str, cause: Cause | None) -> tuple[Certificate, ...]:
    middle = certificate("Desk Intermediate R3", "Desk Root X1", ca=True, days=(-700, 1100))
    leaf = certificate(host, "Desk Intermediate R3", names=(host,))
    match cause:
        case Cause.EXPIRED:
            return certificate(host, "Desk Intermediate R3", names=(host,), days=(-368, -3)), middle
        case Cause.INCOMPLETE_CHAIN:
            return (leaf,)
        case Cause.HOSTNAME_MISMATCH:
            return certificate(
                "legacy.desk.test", "Desk Intermediate R3", names=("legacy.desk.test", "old.desk.test")
            ), middle
        case Cause.SELF_SIGNED:
            return (certificate(host, host, names=(host,), days=(-10, 3640)),)
        case Cause.UNTRUSTED_CA:
            root = certificate("Acme Internal Root", "Acme Internal Root", ca=True, days=(-900, 2700))
            return certificate(host, "Acme Internal Root", names=(host,)), root
    return leaf, middle


def diagnosis(host: str, cause: Cause | None, port: int = 443) -> Diagnosis:
    chain = chain_of(host, cause)
    faults = (
        (
            VerifyFault(
                10 if cause is Cause.EXPIRED else 20,
                0,
                "certificate has expired" if cause is Cause.EXPIRED else "unable to get local issuer certificate",
            ),
        )
        if cause
        else ()
    )
    evidence = Evidence(
        host,
        port,
        "127.0.0.1",
        host,
        datetime(2026, 11, 24, 9, 5, tzinfo=UTC),
        True,
        True,
        "TLSv1.3",
        "TLS_AES_256_GCM_SHA384",
        None,
        chain,
        faults,
        cause is not Cause.HOSTNAME_MISMATCH,
        ("TLSv1.2", "TLSv1.3"),
        False,
        None,
        "nginx/1.26",
        "Mozilla roots",
        "direct",
    )
    if cause is None:
        return Diagnosis(host, port, (), "The probe saw no fault.", "probe", evidence)
    why = {
        Cause.EXPIRED: "The leaf ended on 2026-11-21, 3 days before it was seen.",
        Cause.INCOMPLETE_CHAIN: "The server sends its leaf alone; «Desk Intermediate R3», which signed it, is missing.",
        Cause.HOSTNAME_MISMATCH: f"The certificate names legacy.desk.test and old.desk.test, not {host}.",
        Cause.SELF_SIGNED: "The leaf is its own issuer, and is in no trust store.",
    }.get(cause, "The root «Acme Internal Root» is in no public trust store.")
    lines = "ssl_certificate     /etc/nginx/tls/fullchain.pem;\nssl_certificate_key /etc/nginx/tls/privkey.pem;"
    remedies = (
        Remedy(
            cause,
            "nginx",
            "Renew the certificate and reload" if cause is Cause.EXPIRED else "Serve the whole chain",
            "Get a new certificate from the same authority, put leaf and intermediate into one file, and reload nginx.",
            f"certbot renew --cert-name {host}\nnginx -t && systemctl reload nginx"
            if cause is Cause.EXPIRED
            else lines,
            f"trustwalk probe {host}",
        ),
        Remedy(
            cause,
            "Apache httpd",
            "Name the full chain",
            "SSLCertificateFile takes leaf and intermediates in one file.",
            "SSLCertificateFile /etc/ssl/fullchain.pem",
            f"trustwalk probe {host}",
        ),
        Remedy(
            cause,
            "HAProxy",
            "One PEM with key, leaf and chain",
            "crt names a file with all three.",
            "bind :443 ssl crt /etc/haproxy/site.pem",
            f"trustwalk probe {host}",
        ),
    )
    clients = (
        ClientJudgement("chromium", "refuses", (cause,), "as seen in the run"),
        ClientJudgement("android-7", "refuses", (cause,)),
        ClientJudgement(
            "java-17",
            "accepts" if cause is Cause.INCOMPLETE_CHAIN else "refuses",
            () if cause is Cause.INCOMPLETE_CHAIN else (cause,),
            "fetches nothing by itself",
        ),
        ClientJudgement("ios", "not-observable"),
    )
    return Diagnosis(
        host,
        port,
        (cause,),
        why,
        "both",
        evidence,
        NET.get(cause, "net::ERR_CERT_AUTHORITY_INVALID"),
        remedies,
        clients,
    )


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
        why = f"Step {steps[-1]} («{second}») itself asked for it: {place} {host}:443 failed with {error}."
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


def audited(text: str = "") -> tuple[Flaw, ...]:
    """What an audit finds on a screen; `text` stands in for the app's own words."""
    return (
        Flaw(
            "accessibility/color-contrast",
            Weight.SERIOUS,
            "Elements must meet minimum color contrast ratio thresholds",
            text or "p.legal",
            "2.32:1, wanted 4.5:1",
            "home",
        ),
        Flaw(
            "accessibility/label", Weight.CRITICAL, "Form elements must have labels", text or "#newsletter", "", "home"
        ),
        Flaw(
            "cookie-for-scripts",
            Weight.MODERATE,
            "It is not marked HttpOnly",
            text or "cookie «visit_session»",
            "",
            "home",
            everywhere=True,
        ),
        Flaw(
            "form-no-autocomplete", Weight.MINOR, "«autocomplete» is missing", text or "textbox «Password»", "", "home"
        ),
    )

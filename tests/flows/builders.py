"""Short ways to write down a session for the pure tests of correlation and verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from flows.diagnosis import Cause, Diagnosis, Evidence
from flows.incident import Incident, JourneyVerdict, Symptom
from flows.judge.verdict import Judged, judge_session
from flows.session import AttemptState, SessionLog
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Cue, Decision, Step

PORTAL = ("portal.desk.test", 443)
JOURNEYS = ("start-chat", "submit-ticket", "knowledge-base", "account-info", "login", "payment")
NEEDS = {"account-info": ("login",), "payment": ("login",)}


def step(
    n: int,
    journey: str = "",
    stage: str = "",
    *,
    expects: bool = False,
    success: str = "",
    failure: str = "",
    seen: Symptom | str = "",
    attempt: int = 1,
    frame: str = "",
    kind: ActionKind = ActionKind.TAP,
    how: str = "quiet",
    cut: str = "",
) -> Step:
    """Step `n` begins at second 10·n and has settled a second later."""
    cues = []
    if success:
        cues.append(Cue(journey, "success", "words", success))
    if failure:
        cues.append(Cue(journey, "failure", "words", failure, frame))
    action = Action(kind, key="k", label=stage, frame=frame)
    return Step(
        n=n,
        session="s",
        decision=Decision(action, journey, stage, attempt, expects=expects),
        started=10.0 * n,
        settled=10.0 * n + 1,
        settled_as=how,
        before="a",
        after="b",
        changed=True,
        cues=tuple(cues),
        seen=str(seen),
        cut_short=cut,
    )


def opening(seen: Symptom | str = "") -> Step:
    return step(0, stage="open", seen=seen, kind=ActionKind.OPEN)


def request(
    id: str,
    at: float,
    host: str,
    *,
    place: str = "fetch",
    outcome: str = "ok",
    status: int = 200,
    initiator: str = "script",
    background: bool = False,
    frame: str = "",
) -> Exchange:
    finished = 0.0 if outcome == "pending" else at + 0.1
    return Exchange(
        id,
        "s",
        at,
        finished,
        "GET",
        f"https://{host}/",
        host,
        443,
        place,
        outcome,
        status if outcome in ("ok", "http-error") else 0,
        frame,
        initiator=initiator,
        background=background,
    )


def failing(
    id: str,
    at: float,
    host: str,
    cause: Cause = Cause.EXPIRED,
    *,
    place: str = "fetch",
    initiator: str = "script",
    background: bool = False,
    frame: str = "",
) -> tuple[Exchange, Signal]:
    """A request that TLS broke: the exchange and the signal that joins it."""
    exchange = request(
        id, at, host, place=place, outcome="failed", initiator=initiator, background=background, frame=frame
    )
    return exchange, Signal(
        f"{id}-signal",
        at + 0.1,
        "s",
        Family.TLS,
        "cert",
        f"net::{cause.name}",
        (cause,),
        host,
        443,
        exchange.url,
        place,
        id,
        frame,
        background=background,
    )


def logged(id: str, at: float, host: str, cause: Cause = Cause.EXPIRED) -> Signal:
    """What a native app's log tells of a request: that it failed, and not what it was for."""
    return Signal(id, at, "s", Family.TLS, "okhttp", "okhttp", (cause,), host, 443, f"https://{host}/", "app")


def other_failure(id: str, at: float, family: Family, host: str = "", error: str = "HTTP 500") -> Signal:
    return Signal(f"{id}-signal", at, "s", family, "other", error, (), host, 443, f"https://{host}/", "fetch", id)


def session(
    steps: Sequence[Step],
    *traffic: Exchange | Signal | tuple[Exchange, Signal],
    wanted: Sequence[str] = JOURNEYS,
    states: Mapping[str, AttemptState | str] | None = None,
    ended: str = "done",
) -> SessionLog:
    flat: list[Exchange | Signal] = []
    for item in traffic:
        flat += item if isinstance(item, tuple) else (item,)
    return SessionLog(
        session="s",
        persona="curious",
        device="desktop",
        target=PORTAL,
        wanted=tuple(wanted),
        steps=tuple(steps),
        signals=tuple(x for x in flat if isinstance(x, Signal)),
        exchanges=tuple(x for x in flat if isinstance(x, Exchange)),
        states={k: AttemptState(v) for k, v in (states or {}).items()},
        needs=NEEDS,
        ended=ended,
    )


def diagnosis(host: str, *causes: Cause) -> dict[tuple[str, int], Diagnosis]:
    evidence = Evidence(host, 443, "127.0.0.1", host, datetime(2026, 11, 24, tzinfo=UTC), True, True)
    return {(host, 443): Diagnosis(host, 443, causes, "because", "both" if causes else "client", evidence)}


def parts(judged: Judged) -> tuple[tuple[Incident, ...], tuple[JourneyVerdict, ...]]:
    """What counter-proofs are chosen by."""
    return judged.incidents, judged.verdicts


def verdict_of(judged: Judged, journey: str) -> JourneyVerdict:
    return next(v for v in judged.verdicts if v.journey == journey)


def judged(log: SessionLog, journey: str, **kwargs: object) -> JourneyVerdict:
    return verdict_of(judge_session(log, kwargs.pop("diagnoses", {}), kwargs.pop("proofs", None)), journey)  # type: ignore[arg-type]

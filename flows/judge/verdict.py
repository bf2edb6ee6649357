"""How each journey of a session ended: cues + incidents + counter-proofs → verdicts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.diagnosis import OTHER
from flows.effects import EffectKind
from flows.incident import Confidence, Incident, JourneyVerdict, Symptom, Verdict
from flows.judge.blame import ENTRY, How, incidents_of
from flows.judge.doubt import doubt, success_step
from flows.judge.effects import is_effect, proven_by
from flows.judge.entry import not_reached, nothing_told
from flows.judge.met import with_all_signals
from flows.judge.opening import app_entry_hosts, app_is_shut, entry_incidents, other_reasons
from flows.judge.other_failure import another_failure, away, cut_short
from flows.judge.proof import Proofs, weighed
from flows.judge.settle import Diagnoses, settle_ambiguous
from flows.judge.unobserved import NOT_OBSERVABLE, UNSEEN, observed
from flows.session import AttemptState, SessionLog, entry_step, journey_steps
from flows.step import Step


@dataclass(frozen=True, slots=True)
class Judged:
    """The result of one session. `log` is the session after `settle_ambiguous`."""

    log: SessionLog
    incidents: tuple[Incident, ...]
    verdicts: tuple[JourneyVerdict, ...]


def judge_session(log: SessionLog, diagnoses: Diagnoses, proofs: Proofs | None = None) -> Judged:
    """Returns the incidents of an observed session, and one verdict for each wanted journey."""
    log = settle_ambiguous(log, diagnoses)
    judged = _judge_entry(log, diagnoses, proofs) or _judge_journeys(log, diagnoses, proofs)
    return replace(judged, incidents=with_all_signals(log, judged.incidents, judged.verdicts, diagnoses))


def _judge_journeys(log: SessionLog, diagnoses: Diagnoses, proofs: Proofs | None) -> Judged:
    """Judge each journey separately, starting with those that others need."""
    incidents: dict[str, list[Incident]] = {}
    verdicts: dict[str, JourneyVerdict] = {}
    for journey in _needed_first(log):
        found = weighed(incidents_of(log, journey, diagnoses), proofs)
        verdict, kept = _judge(log, journey, found, verdicts, diagnoses)
        verdicts[journey], incidents[journey] = verdict, kept
    kept_all = tuple(i for journey in log.wanted for i in incidents[journey])
    return Judged(log, kept_all, tuple(verdicts[journey] for journey in log.wanted))


def _judge_entry(log: SessionLog, diagnoses: Diagnoses, proofs: Proofs | None) -> Judged | None:
    """Returns the session's verdicts if TLS kept the app from opening or may have done so; otherwise None."""
    suspects = entry_incidents(log, diagnoses)
    credible = [i for i in weighed(suspects, proofs) if i.confidence is not Confidence.LOW]
    if not credible:
        return None
    first = credible[0]
    others = other_reasons(log) if first.how == How.OPENING else []
    if first.confidence is Confidence.CONFIRMED or (len(suspects) == 1 and not others):
        return Judged(log, (first,), tuple(_blocked_at_entry(log, journey, first) for journey in log.wanted))
    names = ", ".join([*(f"{i.host}:{i.port}" for i in credible), *others])
    why = (
        f"The app stayed at its first screen, several broken hosts could explain it ({names}), and nothing tells which."
    )
    open_ = replace(_base(log, ""), reason="entry-not-reached", why=why, incidents=tuple(i.id for i in credible))
    return Judged(log, tuple(credible), tuple(replace(open_, journey=journey) for journey in log.wanted))


def logins(log: SessionLog) -> set[str]:
    """Returns the ids of journeys that can block others: those that another one needs, and `login`."""
    return {n for journey in log.wanted for n in log.needs.get(journey, ())} | {"login"}


def _needed_first(log: SessionLog) -> list[str]:
    """Returns the wanted journeys, starting with those that others need.

    The verdict of a blocked journey is made from the verdict of the journey that blocked it.
    """
    needed = logins(log)
    return sorted(log.wanted, key=lambda j: (j not in needed, log.wanted.index(j)))


def _base(log: SessionLog, journey: str) -> JourneyVerdict:
    """Returns an inconclusive verdict with the journey's steps, for the caller to complete."""
    steps = journey_steps(log, journey) if journey else ()
    return JourneyVerdict(
        session=log.session,
        journey=journey,
        persona=log.persona,
        device=log.device,
        verdict=Verdict.INCONCLUSIVE,
        steps=tuple(s.n for s in steps),
        stage=steps[-1].decision.stage if steps else "",
    )


def _judge(
    log: SessionLog,
    journey: str,
    incidents: list[Incident],
    earlier: Mapping[str, JourneyVerdict],
    diagnoses: Diagnoses,
) -> tuple[JourneyVerdict, list[Incident]]:
    steps = journey_steps(log, journey)
    base = _base(log, journey)
    success = success_step(steps, journey)
    if success is not None:
        against = doubt(log, steps, success)
        if not against:
            return _succeeded(log, base, steps, success, incidents)
        if not _is_loss(steps, incidents):
            return _doubted(_open(log, base), success, against, incidents)
        return _failed(log, base, steps, incidents, diagnoses)
    blocker, why = _blocker(log, journey, incidents, earlier)
    if blocker is not None:
        return replace(
            base,
            verdict=Verdict.BLOCKED,
            blocked_by=blocker.journey,
            cause=blocker.cause,
            causes=blocker.causes,
            host=blocker.host,
            port=blocker.port,
            why=f"{why} {_ENDED.get(blocker.verdict, 'was blocked')}.",
            incidents=blocker.incidents,
        ), []
    refused = any(i.how == How.REFUSED for i in incidents)
    idle = None if refused else _not_tried(log, base, steps)
    if idle is not None:
        return idle, []
    return _failed(log, base, steps, incidents, diagnoses)


def _is_loss(steps: Sequence[Step], incidents: list[Incident]) -> bool:
    """Whether a doubtful success is a failure: the app reported a failure, or a counter-proof confirmed an incident."""
    told = any(c.outcome == "failure" for s in steps for c in s.cues)
    return told or any(i.confidence is Confidence.CONFIRMED for i in incidents)


def _doubted(
    base: JourneyVerdict, success: Step, against: str, incidents: list[Incident]
) -> tuple[JourneyVerdict, list[Incident]]:
    cue = next(c for c in success.cues if c.outcome == "success")
    likely = [i for i in incidents if i.confidence is not Confidence.LOW]
    why = f"At step {success.n} {_told(cue.kind, cue.text)}, but {against}: the server may not have received the input."
    return replace(
        base,
        stage=success.decision.stage,
        quote=cue.text,
        why=why,
        incidents=tuple(i.id for i in likely),
    ), likely


def _succeeded(
    log: SessionLog, base: JourneyVerdict, steps: Sequence[Step], success: Step, incidents: list[Incident]
) -> tuple[JourneyVerdict, list[Incident]]:
    cue = next(c for c in success.cues if c.outcome == "success")
    proven = proven_by(log, steps, success)
    quote = "" if is_effect(cue.kind) else cue.text
    base = replace(base, stage=success.decision.stage, quote=quote, proven=proven, answered=_answered(success))
    before = [s for s in steps if s.n <= success.n]
    retried = success.decision.attempt > 1
    refused = {n for i in incidents if i.how == How.REFUSED for n in i.steps}
    losses = {
        s.n: s
        for s in before
        if any(c.outcome == "failure" for c in s.cues) or (s.n < success.n and (s.seen or s.n in refused))
    }
    blamed = [i for i in incidents if i.confidence is not Confidence.LOW and losses.keys() & set(i.steps)]
    stopped = (cue.kind.partition(":")[2] or success.decision.stage) if cue.kind.startswith("stopped-before") else ""
    if not blamed:
        unanswered = " Nobody replied while Trustwalk waited." if base.answered is False else ""
        why = f"At step {success.n} {_told(cue.kind, cue.text)}.{unanswered}"
        return replace(base, verdict=Verdict.PASSED, retried=retried, why=why, stopped_before=stopped), []
    first = blamed[0]
    why = f"It worked {'on a retry' if retried else 'in the end'}, but not without a loss: {first.why}"
    loss = losses[next(n for n in first.steps if n in losses)]
    return replace(
        base,
        verdict=Verdict.DEGRADED,
        retried=retried,
        cause=first.cause.value,
        host=first.host,
        port=first.port,
        causes=tuple(c.value for c in first.causes),
        why=why,
        seen_by_user=loss.seen or (Symptom.BROWSER_WARNING if loss.n in refused else ""),
        incidents=tuple(i.id for i in blamed),
        stopped_before=stopped,
    ), blamed


def _answered(success: Step) -> bool | None:
    """Whether somebody replied to a chat message; None if the journey is no chat."""
    kinds = {c.kind for c in success.cues if c.outcome == "success"}
    if "message-in-log" in kinds:
        return True
    return False if success.decision.stage == "say" and any(map(is_effect, kinds)) else None


_EFFECTS = {
    EffectKind.TAKEN: "the server took what was sent",
    EffectKind.RETURNED: "the server returned what was sent",
    EffectKind.KEPT: "a newly opened page contained what was sent",
}


def _unproven(verdict: JourneyVerdict) -> bool:
    """Whether the journey failed on the screen, and nothing could show why."""
    return verdict.reason == NOT_OBSERVABLE and bool(verdict.quote or verdict.seen_by_user)


def _open(log: SessionLog, base: JourneyVerdict) -> JourneyVerdict:
    """The verdict of a journey of which neither success nor failure could be told."""
    return replace(base, reason="unclear" if observed(log) else NOT_OBSERVABLE)


def _withheld(verdict: JourneyVerdict) -> bool:
    """Whether a login form was seen and not used: no permission, a foreign site, or two failed attempts."""
    return verdict.verdict is Verdict.NOT_ATTEMPTED and verdict.reason == AttemptState.NOT_ALLOWED


_ENDED = {
    Verdict.FAILED: "failed",
    Verdict.NOT_ATTEMPTED: "was not attempted",
    Verdict.INCONCLUSIVE: "did not succeed, for a reason that was not observable",
}


def _told(kind: str, text: str) -> str:
    if is_effect(kind):
        return f"{_EFFECTS[EffectKind(kind)]} ({text})"
    return f"the screen showed «{text}» ({kind})" if text else f"success was seen ({kind})"


def _blocker(
    log: SessionLog,
    journey: str,
    incidents: list[Incident],
    earlier: Mapping[str, JourneyVerdict],
) -> tuple[JourneyVerdict | None, str]:
    """Returns a pair: the verdict of the journey that blocked `journey`, and the first words of the `why` of `journey`.

    The verdict is None if no journey blocked it."""
    lost = {
        name: verdict
        for name in logins(log) - {journey}
        if (verdict := earlier.get(name))
        and (verdict.verdict in (Verdict.FAILED, Verdict.BLOCKED) or _withheld(verdict) or _unproven(verdict))
    }
    state = _state(log, journey)
    for need in log.needs.get(journey, ()):
        if verdict := lost.get(need):
            same_host = any((i.host, i.port) == (verdict.host, verdict.port) for i in incidents)
            if state is AttemptState.NEEDS_LOGIN or same_host:
                return verdict, f"It needs {need}, which"
    for name, verdict in sorted(lost.items()):
        if state is AttemptState.NEEDS_LOGIN:
            return verdict, f"The app asked for a login first, and {name}"
        unseen = (AttemptState.NOT_SEEN, AttemptState.NEEDS_LOGIN)
        if all(_state(log, other) in unseen for other in log.wanted if other != name):
            return verdict, f"The app offered nothing but {name}, which"
    return None, ""


def _state(log: SessionLog, journey: str) -> AttemptState:
    """Returns how far the session got with a journey, from the policy's record or else from the steps."""
    tried = AttemptState.IN_PROGRESS if journey_steps(log, journey) else AttemptState.NOT_SEEN
    return log.states.get(journey, tried)


def _not_tried(log: SessionLog, base: JourneyVerdict, steps: Sequence[Step]) -> JourneyVerdict | None:
    state = _state(log, base.journey)
    why = {
        AttemptState.NEEDS_LOGIN: "The app asked for a login, and none was given (--login).",
        AttemptState.NOT_ALLOWED: f"It needs a permission that was not given (--allow {base.journey}).",
        AttemptState.SHARED: "Another session has already submitted this journey. A public target gets it only once.",
    }.get(state)
    if why is not None:
        why = log.reasons.get(base.journey, why)
        return replace(base, verdict=Verdict.NOT_ATTEMPTED, reason=state.value, why=why)
    if steps and (state is not AttemptState.NOT_SEEN or any(s.decision.expects for s in steps)):
        return None
    entry = entry_step(log)
    if app_is_shut(log):
        names = ", ".join(f"{host}:{port}" for host, port in app_entry_hosts(log))
        could = f": several broken hosts could explain it ({names}), and nothing tells which" if names else ""
        return replace(
            base, reason="entry-not-reached", why=f"The app showed a failure and no way into any journey{could}."
        )
    if entry is not None and entry.seen == Symptom.CRASH and not any(s.decision.journey for s in log.steps):
        return replace(base, reason="entry-not-reached", why="The app crashed as it was opened.")
    if entry is not None and entry.seen and all(s.after == entry.after for s in log.steps):  # reloads helped nothing
        told = entry.cut_short or not_reached(entry.address or entry.decision.action.label, entry.problem, entry.seen)
        return replace(base, reason="entry-not-reached", why=told)
    if log.ended in ("gone", "interrupted"):
        return replace(base, reason=log.ended, why="The session ended before the search for this journey was complete.")
    return replace(
        base,
        verdict=Verdict.NOT_FOUND,
        why="The app was explored to the end, and nothing that leads to this journey was seen.",
    )


def _failed(
    log: SessionLog, base: JourneyVerdict, steps: Sequence[Step], incidents: list[Incident], diagnoses: Diagnoses
) -> tuple[JourneyVerdict, list[Incident]]:
    shown = [s for s in steps if any(c.outcome == "failure" for c in s.cues)]
    last = (shown or [s for s in steps if s.seen] or list(steps))[-1]
    cue = next((c for s in reversed(shown) for c in s.cues if c.outcome == "failure"), None)
    base = replace(
        base,
        stage=last.decision.stage,
        seen_by_user=last.seen,
        quote=cue.text if cue else "",
        retried=last.decision.attempt > 1,
    )
    if last.seen == Symptom.CRASH or any(s.settled_as == "crashed" for s in steps):
        base = replace(base, seen_by_user=base.seen_by_user or Symptom.CRASH)
    credible = [i for i in incidents if i.confidence is not Confidence.LOW]
    lone = len({(i.host, i.port) for i in credible}) == 1
    if credible and (lone or any(i.confidence in (Confidence.CONFIRMED, Confidence.HIGH) for i in credible)):
        best = [i for i in credible if i.confidence is credible[0].confidence]
        first = best[0]
        return replace(
            base,
            verdict=Verdict.FAILED,
            cause=first.cause.value,
            causes=tuple(c.value for c in first.causes),
            host=first.host,
            port=first.port,
            stage=first.stage or base.stage,
            why=first.why,
            seen_by_user=base.seen_by_user or (Symptom.BROWSER_WARNING if first.how == How.REFUSED else ""),
            incidents=tuple(i.id for i in best),
        ), best
    other = another_failure(log, steps, diagnoses)
    cut = cut_short(steps, last)
    if cut and not other:
        return replace(base, reason="cut-short", why=cut), []
    elsewhere = away(log, shown, diagnoses)
    if elsewhere and not other:
        why = f"The only way into this journey that was found leads to another site, {elsewhere}. It could not be reached."
        return replace(base, reason="unclear", why=why), []
    if cue is not None or other:
        told = f"The screen showed a failure («{cue.text}»)" if cue else "It failed"
        if not other and not observed(log):
            return replace(_open(log, base), why=f"{told}, but {UNSEEN}."), []
        why = f"{told}, and no TLS failure explains it{': ' + other if other else ''}."
        return replace(base, verdict=Verdict.FAILED, cause=OTHER, why=why), []
    if log.ended in ("gone", "interrupted", "time", "steps"):
        return replace(base, reason=log.ended, why="The session ended before success or failure was clear."), []
    why = nothing_told(log.ended)
    if len(credible) > 1:
        names = ", ".join(sorted({f"{i.host}:{i.port}" for i in credible}))
        why = f"Several broken hosts could explain it ({names}), and nothing tells which."
    return replace(_open(log, base), why=why), []


def _blocked_at_entry(log: SessionLog, journey: str, shut: Incident) -> JourneyVerdict:
    entry = next((s for s in log.steps if s.seen), None)
    seen = entry.seen if entry else Symptom.ENDLESS_SPINNER if shut.how == How.OPENING else ""
    return JourneyVerdict(
        session=log.session,
        journey=journey,
        persona=log.persona,
        device=log.device,
        verdict=Verdict.BLOCKED,
        cause=shut.cause.value,
        causes=tuple(c.value for c in shut.causes),
        host=shut.host,
        port=shut.port,
        stage="open",
        blocked_by=ENTRY,
        incidents=(shut.id,),
        why=shut.why,
        seen_by_user=seen,
    )

"""A verdict says by what it was proven; what a server never got is no success, whatever the screen shows."""

from __future__ import annotations

from dataclasses import replace

from flows.effects import Effect, EffectKind
from flows.incident import Verdict
from flows.judge.effects import contradicted, proven_by
from flows.judge.verdict import judge_session
from flows.session import SessionLog
from flows.step import Action, ActionKind, Cue, Step
from tests.flows.builders import opening, session, step, verdict_of

TOKEN = "TWKRZLQP"


def typed(journey: str = "submit-ticket", stage: str = "fill") -> Step:
    plain = step(1, journey, stage)
    decision = plain.decision
    return replace(plain, decision=replace(decision, action=replace(decision.action, text=f"Test {TOKEN}")))


def sent(*cues: Cue, journey: str = "submit-ticket", stage: str = "submit") -> Step:
    return replace(step(2, journey, stage, expects=True), cues=cues)


def effect(kind: EffectKind, at: float = 20.5, token: str = TOKEN) -> Effect:
    return Effect(at, "s", kind, (token,), "r", "tickets.desk.test", 443, method="POST", status=201)


def log(last: Step, *effects: Effect, first: Step | None = None) -> SessionLog:
    return replace(session([opening(), first or typed(), last]), effects=effects)


ROW = Cue("submit-ticket", "success", "new-row", f"Test {TOKEN}")
SENT, TAKEN, LOST = (effect(k) for k in (EffectKind.SENT, EffectKind.TAKEN, EffectKind.LOST))


def test_the_proof_is_told_the_strongest_first_and_the_screen_last() -> None:
    whole = log(sent(ROW), SENT, TAKEN, effect(EffectKind.RETURNED, 21))
    assert proven_by(whole, whole.steps, whole.steps[2]) == ("returned", "taken", "sent", "shown")
    verdict = verdict_of(judge_session(whole, {}), "submit-ticket")
    assert (verdict.verdict, verdict.proven) == (Verdict.PASSED, ("returned", "taken", "sent", "shown"))


def test_without_a_word_on_the_screen_the_server_s_answer_is_enough() -> None:
    cue = Cue("submit-ticket", "success", "taken", TAKEN.told())
    verdict = verdict_of(judge_session(log(sent(cue), SENT, TAKEN), {}), "submit-ticket")
    assert (verdict.verdict, verdict.proven, verdict.quote) == (Verdict.PASSED, ("taken", "sent"), "")
    assert verdict.why == "At step 2 the server took what was sent (POST tickets.desk.test:443 → 201)."


def test_a_row_that_the_page_drew_and_the_server_never_got_is_none() -> None:
    for bad, how in ((LOST, "got no answer"), (effect(EffectKind.REFUSED), "was refused")):
        lost = log(sent(ROW), SENT, bad)
        assert how in contradicted(lost, lost.steps, lost.steps[2])
        assert verdict_of(judge_session(lost, {}), "submit-ticket").verdict is Verdict.INCONCLUSIVE


def test_what_was_saved_before_the_press_proves_nothing() -> None:
    early = log(sent(ROW), effect(EffectKind.SENT, 11), effect(EffectKind.TAKEN, 12))
    assert proven_by(early, early.steps, early.steps[2]) == ("shown",)


def test_a_chat_says_whether_somebody_answered() -> None:
    line = typed("start-chat", "say")
    taken = Cue("start-chat", "success", "returned", "a message over a socket to chat.desk.test:443")
    reply = Cue("start-chat", "success", "message-in-log", "Hello!")
    for cue, answered in ((taken, False), (reply, True)):
        found = verdict_of(
            judge_session(log(sent(cue, journey="start-chat", stage="say"), SENT, TAKEN, first=line), {}), "start-chat"
        )
        assert (found.verdict, found.answered) == (Verdict.PASSED, answered)
        assert ("Nobody replied" in found.why) is (not answered)


def test_a_file_that_was_lost_is_not_proven_by_the_line_beside_it() -> None:
    upload, file, line = "upload-attachment", "TWBCDFGH", "TWLMNPQR"
    plain = step(1, upload, "choose")
    chosen = Action(ActionKind.UPLOAD, text=f"/tmp/photo-{file}.png")
    choice = replace(plain, decision=replace(plain.decision, action=chosen))
    plain = step(2, upload, "fill")
    words = Action(ActionKind.TYPE, text=f"Look at this {line}")
    written = replace(plain, decision=replace(plain.decision, action=words))
    row = Cue(upload, "success", "file-listed", f"photo-{file}.png")
    press = replace(step(3, upload, "submit", expects=True), cues=(row,))
    begun, pressed = choice.started, press.started
    sent = effect(EffectKind.SENT, begun + 0.1, file), effect(EffectKind.SENT, pressed + 0.1, line)
    back = effect(EffectKind.RETURNED, pressed + 0.2, line)
    for fate, proven in ((EffectKind.TAKEN, ("taken", "sent", "shown")), (EffectKind.LOST, ("shown",))):
        whole = replace(
            session([opening(), choice, written, press]), effects=(*sent, back, effect(fate, begun + 0.2, file))
        )
        assert proven_by(whole, whole.steps, whole.steps[3]) == proven
        assert bool(contradicted(whole, whole.steps, whole.steps[3])) is (fate is EffectKind.LOST)

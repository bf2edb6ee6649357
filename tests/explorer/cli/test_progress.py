"""What a log of a build shows while a run goes on."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from rich.console import Console

from explorer.cli.progress import Progress
from flows.diagnosis import Diagnosis, Evidence
from flows.step import Action, ActionKind, Cue, Decision, Step
from reports.journal.events import Broken, Diagnosed, Event, RunStarted, SessionEnded, SessionStarted, StepTaken


def a_step(number: int, journey: str = "", *cues: Cue) -> StepTaken:
    decision = Decision(Action(ActionKind.TAP, label="Send"), journey)
    return StepTaken(Step(number, "s", decision, 1.0, 2.0, "quiet", "a", "b", changed=True, cues=cues))


def started(proof: tuple[str, ...] = ()) -> SessionStarted:
    return SessionStarted(
        session="s", persona="novice", device="desktop", started=1.0, counter_proof=proof, journeys=("start-chat",)
    )


def told(*events: Event) -> list[str]:
    out = io.StringIO()
    with Progress(Console(file=out, width=40)) as progress:
        for event in events:
            progress(event)
    return out.getvalue().splitlines()


def test_a_log_gets_a_line_for_what_matters_and_none_for_each_step() -> None:
    success = Cue("start-chat", "success", "words", "Hello, [bold]how[/bold] can we help?")
    failure = Cue("submit-ticket", "failure", "words", "Failed to send request")
    lines = told(
        RunStarted(run="r", target="https://desk.test/", started=0.0, seed=7, version="1", wanted=()),
        started(),
        a_step(1),
        a_step(2, "start-chat", success),
        a_step(3, "submit-ticket", failure),
        SessionEnded(session="s", finished=9.0, why="gone", steps=3),
    )
    assert lines == [
        "Exploring https://desk.test/ (seed 7)",
        "  novice on desktop starts",
        "  novice: step 2, start-chat works: Hello, [bold]how[/bold] can we help?",
        "  novice: step 3, submit-ticket failure seen: Failed to send request",
        "  novice on desktop: the browser is gone after 3 steps",
    ]


def test_a_journey_that_works_again_and_again_is_told_once() -> None:
    success = Cue("start-chat", "success", "words", "Hello")
    assert len(told(started(), a_step(1, "start-chat", success), a_step(2, "start-chat", success))) == 2


def test_a_counter_proof_and_trouble_are_told_as_such() -> None:
    lines = told(started(("chat.desk.test:443",)), Broken(time=1.0, session="s", where="surface", what="It died."))
    assert lines == [
        "  counter-proof: start-chat with TLS errors of chat.desk.test:443 ignored",
        "  problem (surface): It died.",
    ]


def test_a_look_whether_the_app_opens_names_no_journey() -> None:
    look = replace(started(("live.desk.test:443",)), session="s+entry+live.desk.test", of_session="s")
    assert told(look) == ["  counter-proof: the app’s start with TLS errors of live.desk.test:443 ignored"]


def test_events_of_an_unknown_session_do_no_harm() -> None:
    assert told(a_step(1), SessionEnded(session="x", finished=1.0, why="done", steps=0)) == []


def test_a_terminal_gets_a_table_that_is_put_away_in_the_end() -> None:
    out = io.StringIO()
    with Progress(Console(file=out, width=100, force_terminal=True)) as progress:
        progress(started())
        progress(a_step(1, "start-chat", Cue("start-chat", "failure", "words", "[red]Cannot connect")))
        table = Console(file=(shown := io.StringIO()), width=100)
        table.print(progress._table())
    assert "novice" in shown.getvalue()
    assert "start-chat" in shown.getvalue()


def test_a_host_that_the_probe_did_not_reach_is_not_called_healthy() -> None:
    def probed(*, connected: bool) -> Diagnosed:
        seen = Evidence("desk.test", 443, None, None, datetime(2026, 11, 28, tzinfo=UTC), tcp_connected=connected)
        return Diagnosed(Diagnosis("desk.test", 443, (), "", "probe", seen))

    assert told(probed(connected=False)) == ["  probed desk.test:443: not reached"]
    assert told(probed(connected=True)) == ["  probed desk.test:443: no fault"]

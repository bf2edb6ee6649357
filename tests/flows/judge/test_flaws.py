"""What a session's steps tell beside its journeys: only what must be so is said."""

from __future__ import annotations

from dataclasses import replace

from flows.flaw import Flaw, Weight
from flows.incident import Symptom
from flows.judge.flaws import flaws_of, restless, stayed
from flows.screen import Element, Screen, Text
from flows.signals import Family, Signal
from flows.step import Action, ActionKind, Step, Target
from tests.flows.builders import request, step

BUTTON = Element("r1", "button|Compare||1", "button", "Compare", box=(10, 10, 80, 30))
HOME = Screen("https://desk.test/", "Desk", (BUTTON,), (Text("Plans"),))
PRESS = Action(ActionKind.TAP, "r1", BUTTON.key, label="Compare")


def press(n: int, *, still: bool = True, key: str = BUTTON.key, label: str = "Compare") -> Step:
    taken = step(n)
    action = replace(taken.decision.action, key=key, label=label)
    return replace(
        taken,
        decision=replace(taken.decision, action=action),
        before="home",
        after="home",
        stayed=still,
        target=Target("button", label),
    )


def told(steps: list[Step], signals: tuple[Signal, ...] = (), *exchanges: object) -> list[Flaw]:
    return list(flaws_of(steps, signals, exchanges))  # type: ignore[arg-type]


def signal(family: Family, at: float, text: str, signature: str = "exception") -> Signal:
    return Signal("x", at, "s", family, signature, text, url="https://desk.test/app.js?v=secret", text=text)


def test_a_control_is_dead_after_two_tries_without_any_effect() -> None:
    (flaw,) = told([press(1), press(2)])
    assert (flaw.rule, flaw.control, flaw.step, flaw.screen) == ("dead-control", "button «Compare»", 1, "home")
    assert flaw.weight is Weight.MODERATE and "2 times" in flaw.detail


def test_one_try_an_effect_or_a_request_is_no_dead_control() -> None:
    assert told([press(1)]) == []
    assert told([press(1), press(2, still=False)]) == []
    assert told([press(1), press(2, key="button|Other||1")]) == []
    assert told([press(1), press(2)], (), request("a", 20.5, "api.test", outcome="pending")) == []
    assert told([press(1), press(2)], (), request("a", 3, "api.test", place="websocket")) != []  # closed long before
    assert told([press(1), press(2)], (), request("a", 3, "api.test", place="websocket", outcome="pending")) == []
    assert told([press(1), replace(press(2), problem="It was covered.")]) == []


def test_beacons_and_timers_are_no_effect() -> None:
    noise = request("a", 20.5, "b.test", background=True), request("b", 20.5, "c.test", initiator="timer")
    assert [f.rule for f in told([press(1), press(2)], (), *noise)] == ["dead-control"]


def test_what_a_dead_control_threw_goes_with_it() -> None:
    dead = next(
        f
        for f in told([press(1), press(2)], (signal(Family.SCRIPT, 10.5, "TypeError: x is undefined"),))
        if f.rule == "dead-control"
    )
    assert dead.weight is Weight.SERIOUS and "«TypeError: x is undefined»" in dead.detail


def test_script_errors_crashes_and_anrs_are_told_with_their_step() -> None:
    signals = (
        signal(Family.SCRIPT, 10.5, "TypeError: x\n  at app.js:1"),
        signal(Family.CRASH, 11, "the page crashed", "page-crash"),
        signal(Family.CRASH, 21, "Input dispatching timed out", "anr"),
        signal(Family.TLS, 21, "net::ERR_CERT_DATE_INVALID"),
    )
    flaws = {f.rule: f for f in told([step(1), step(2)], signals)}
    assert set(flaws) == {"script-error", "crash", "anr"}
    assert (flaws["script-error"].text, flaws["script-error"].control) == ("TypeError: x", "https://desk.test/app.js")
    assert (flaws["crash"].step, flaws["anr"].step, flaws["anr"].weight) == (1, 2, Weight.CRITICAL)


def test_a_crash_that_only_the_step_shows_is_told_once() -> None:
    (flaw,) = told([step(1, seen=Symptom.CRASH, how="crashed")])
    assert (flaw.rule, flaw.step) == ("crash", 1)


def test_a_spinner_is_endless_unless_it_is_seen_to_end() -> None:
    (flaw,) = told([step(1, how="busy")])
    assert (flaw.rule, flaw.screen) == ("endless-spinner", "b")
    assert told([step(1, how="busy"), step(2)]) == []  # the same screen at rest later


def test_a_press_that_changes_nothing_but_the_focus_left_everything_as_it_was() -> None:
    focused = replace(HOME, elements=(replace(BUTTON, focused=True),))
    assert stayed(HOME, focused, PRESS)
    assert not stayed(HOME, replace(HOME, texts=(Text("Prices"),)), PRESS)
    assert not stayed(HOME, replace(HOME, loaded=5.0), PRESS)  # loaded anew
    assert not stayed(HOME, replace(HOME, windows=2), PRESS)


def test_what_moves_by_itself_is_learnt_while_nothing_is_pressed_and_is_no_effect() -> None:
    at = [replace(HOME, texts=(Text(f"12:00:0{n}"), Text("Cart: 1"))) for n in range(2)]
    moving = restless(at[0], at[1], Action(ActionKind.TYPE, "r9"))
    assert moving == {"#:#:#"}
    assert restless(at[0], at[1], PRESS) == set()
    assert restless(at[0], replace(at[1], address="https://desk.test/news"), PRESS) == {"#:#:#"}
    assert stayed(at[0], at[1], PRESS, moving) and not stayed(at[0], at[1], PRESS)
    assert not stayed(at[0], replace(at[1], texts=(at[1].texts[0], Text("Cart: 2"))), PRESS, moving)


def test_what_may_do_something_that_no_screen_tells_is_left_out() -> None:
    for facts in (
        {"role": "combobox"},
        {"role": "textbox"},
        {"kind": "submit"},
        {"enabled": False},
        {"in_viewport": False},
        {"covered": True},
        {"href": "https://desk.test/#prices", "role": "link"},
        {"download": True},
        {"href": "https://desk.test/news", "role": "link"},
    ):
        screen = replace(HOME, elements=(replace(BUTTON, **facts),))
        assert not stayed(screen, screen, PRESS), facts
    for href in ("https://desk.test/#", "javascript:void(0)"):
        screen = replace(HOME, elements=(replace(BUTTON, role="link", href=href),))
        assert stayed(screen, screen, PRESS), href
    assert not stayed(HOME, HOME, replace(PRESS, kind=ActionKind.TYPE))

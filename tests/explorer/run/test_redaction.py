"""What is written down holds no password, and a password that is one of our own words takes nothing apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from explorer.request.account import Account
from explorer.request.credential import Login
from explorer.request.scope import Scope
from explorer.run.evidence_files import keep_graph
from explorer.run.redaction import Redactor
from flows.flaw import Flaw, Weight
from flows.graph import FlowGraph
from flows.incident import Finding, JourneyVerdict, Severity, Verdict
from flows.screen import Element, Screen
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Cue, Decision, NamedHost, Step, Target
from reports.journal.events import (
    Event,
    ExchangeSeen,
    FindingMade,
    RunStarted,
    ScreenAudited,
    ScreenSeen,
    SessionEnded,
    SignalSeen,
    StepTaken,
    VerdictReached,
)

SECRET = 'hush & "hush"/ü'


def redactor(password: str = SECRET) -> Redactor:
    return Redactor.of(Account(Login.of("ann", password), Scope()), "https://desk.test/")


def spoiled(secret: str) -> list[Event]:
    """Events with the secret wherever an app can put it."""
    action = Action(ActionKind.TAP, "1", f"link|{secret}|", label=f"Again {secret}", frame=f"desk.test/{secret}")
    decision = Decision(action, "login", "submit", why="send it", expects=True)
    cue = Cue("login", "failure", "words", f"wrong password {secret}", secret)
    target = Target("link", secret, "", (secret,), 0, f"https://desk.test/{secret}")
    step = Step(
        1, "curious@desktop", decision, 1.0, 2.0, "quiet", "a", "b", True, (cue,), f"https://desk.test/{secret}", secret,
        problem=secret, target=target,
    )  # fmt: skip
    signal = Signal(
        "s1", 1.0, "curious@desktop", Family.SCRIPT, "", f"Error: {secret}", host=f"{secret}.evil.net",
        url=f"https://desk.test/{secret}", text=secret, document=secret, frame=secret,
    )  # fmt: skip
    verdict = JourneyVerdict("s", "login", "curious", "desktop", Verdict.FAILED, quote=secret, why=f"It said {secret}.")
    return [
        ScreenSeen("s", "b", f"https://desk.test/{secret}", secret, 3, (secret,)),
        StepTaken(step),
        SignalSeen(signal),
        VerdictReached(verdict),
        FindingMade(Finding(Severity.LOW, "script-error", secret, secret)),
        ScreenAudited("s", "b", 1, (Flaw("rule", Weight.MINOR, secret, secret, secret),), problem=secret),
        SessionEnded("s", 1.0, "done", 3, (secret,), {"b": (secret,)}, reasons={"login": secret}),
    ]


@pytest.mark.parametrize("event", spoiled(SECRET), ids=lambda e: type(e).__name__)
def test_no_field_that_an_app_can_fill_keeps_the_password(event: Event) -> None:
    told = redactor().event(event)
    text = TypeAdapter(type(told)).dump_json(told).decode()
    assert "hush" not in text and "…" in text and type(told) is type(event)


@pytest.mark.parametrize("word", ["login", "submit", "failed", "curious", "desktop", "step", "quiet", "password"])
def test_a_password_that_is_a_word_of_ours_leaves_the_journal_whole(word: str) -> None:
    for event in spoiled("x"):
        told = redactor(word).event(event)
        if isinstance(told, StepTaken):
            assert (told.step.decision.journey, told.step.decision.stage, told.step.session) == (
                "login",
                "submit",
                "curious@desktop",
            )
        if isinstance(told, VerdictReached):
            assert (told.verdict.journey, told.verdict.persona, told.verdict.verdict) == ("login", "curious", "failed")


def test_what_holds_no_secret_is_passed_on_as_it_is() -> None:
    event = spoiled("nothing")[1]
    assert redactor().event(event) is event
    assert Redactor.of(None, "").event(spoiled(SECRET)[0]) == spoiled(SECRET)[0]


def test_the_address_at_which_a_host_was_named_is_text_of_the_app() -> None:
    named = NamedHost("status.vendor.test", 443, "Status", "https://desk.test/welcome/Tr0ub4dor-Geheim")
    (told,) = redactor("Tr0ub4dor-Geheim").event(SessionEnded("s", 1.0, "done", 3, named=(named,))).named  # type: ignore[union-attr]
    assert told.screen == "https://desk.test/welcome/…"


def test_a_host_that_the_user_named_stays() -> None:
    exchange = Exchange("1", "s", 1.0, 2.0, "GET", "https://desk.test/x", "desk.test", 443, "document", "ok")
    mine = Redactor.of(Account(Login.of("ann", "desk.test"), Scope()), "https://desk.test/")
    told = mine.event(ExchangeSeen(exchange))
    assert isinstance(told, ExchangeSeen) and told.exchange == replace(exchange, url="https://…/x")
    start = RunStarted("r", "https://desk.test/", 1.0, 1, "1", ("login",))
    assert mine.event(start) is start


def test_the_graph_holds_no_password(tmp_path: Path) -> None:
    graph = FlowGraph()
    here = graph.saw(Screen("https://desk.test/", "Home"))
    there = graph.saw(Screen(f"https://desk.test/{SECRET}", SECRET, (Element("1", "k", "link", SECRET),)))
    graph.moved(here, Action(ActionKind.TAP, "1", f"link|{SECRET}", label=SECRET), there)
    keep_graph(tmp_path, graph, redactor())
    written = [(tmp_path / name).read_text(encoding="utf-8") for name in ("graph.json", "graph.graphml")]
    assert all("…" in text and "hush" not in text for text in written)
    assert len(json.loads(written[0])["screens"]) == 2


def test_a_method_that_spells_the_password_is_masked_and_one_of_http_stays() -> None:
    one = Exchange("x", "s", 0, 0, SECRET, "https://a.test/", "a.test", 443, "fetch", "ok")
    assert (
        SECRET not in redactor().value(one).method
        and redactor("PATCH").value(replace(one, method="PATCH")).method == "PATCH"
    )


def test_the_graph_keeps_no_token_of_an_address() -> None:
    graph = FlowGraph()
    graph.saw(Screen("https://desk.test/cb?code=abc#access_token=xyz", "Back"))
    assert json.dumps(graph.as_json()).count("https://desk.test/cb") == 1
    assert "abc" not in json.dumps(graph.as_json()) and "xyz" not in json.dumps(graph.as_json())

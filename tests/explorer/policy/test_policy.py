"""What the policy does and leaves alone, shown on small apps on paper."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from explorer.policy.filling import PLACEHOLDERS
from explorer.policy.policy import Policy
from explorer.surfaces.scripted import ScriptedSurface
from flows.journey import choose, load_catalogue
from flows.step import ActionKind, Step
from personas.persona import Persona, neutral
from tests.explorer.policy.walk import walk

CATALOGUE = load_catalogue()
FORM: list[dict[str, Any]] = [
    {"role": "textbox", "name": "Subject", "group": "ask", "required": True},
    {"role": "textbox", "name": "Message", "kind": "textarea", "group": "ask", "required": True},
    {"role": "button", "name": "Send request", "group": "ask"},
]
THANKS = {"texts": ["heading: Thank you", "status: Your ticket T-1042 has been created."]}


def app(**screens: Any) -> dict[str, Any]:
    return {"start": "home", "screens": screens}


async def explore(
    script: dict[str, Any] | ScriptedSurface, *journeys: str, persona: Persona | None = None, **options: Any
) -> tuple[list[Step], Policy]:
    wanted = choose(CATALOGUE, journeys) if journeys else CATALOGUE
    given: dict[str, Any] = {
        "files": {"png": Path("trustwalk-1.png")},
        "site": lambda url: url.startswith("https://desk.test/"),
    }
    policy = Policy(persona or neutral(), wanted, random.Random(1), **(given | options))
    return await walk(
        script if isinstance(script, ScriptedSurface) else ScriptedSurface(script), policy, wanted, steps=120
    ), policy


def labels(steps: list[Step]) -> list[str]:
    return [s.decision.action.label for s in steps]


def typed(steps: list[Step]) -> list[str]:
    return [s.decision.action.text for s in steps if s.decision.action.kind is ActionKind.TYPE]


async def test_a_form_is_filled_wholly_and_sent_once() -> None:
    script = app(
        home={"elements": ["link: Contact us @navigation"], "moves": {"tap Contact us": "form"}},
        form={"elements": FORM, "moves": {"tap Send request": {"to": "done", "needs": ["Subject", "Message"]}}},
        done=THANKS,
    )
    steps, policy = await explore(script, "submit-ticket")
    assert labels(steps) == ["Contact us", "Subject", "Message", "Send request"]
    assert policy.attempts["submit-ticket"].state == "passed"
    assert "Trustwalk" in typed(steps)[0] and "Trustwalk" in typed(steps)[1]


async def test_a_form_that_nothing_comes_of_is_sent_again_as_often_as_the_persona_does() -> None:
    script = app(home={"elements": FORM})
    for retries in (0, 2):
        steps, policy = await explore(
            script, "submit-ticket", persona=neutral().model_copy(update={"retries": retries})
        )
        sent = [s for s in steps if s.decision.stage == "submit"]
        assert len(sent) == 1 + retries
        assert [s.decision.attempt for s in sent] == list(range(1, retries + 2))
        assert policy.attempts["submit-ticket"].state == "failed"


async def test_on_live_targets_there_is_one_submission() -> None:
    steps, _ = await explore(app(home={"elements": FORM}), "submit-ticket", single_submission=True)
    assert len([s for s in steps if s.decision.stage == "submit"]) == 1


async def test_a_field_that_is_refused_is_corrected() -> None:
    wrong = [{**FORM[0], "invalid": True}, *FORM[1:]]
    script = app(
        home={"elements": FORM, "moves": {"tap Send request": "again"}},
        again={
            "elements": wrong,
            "texts": ["label: Please use a longer subject"],
            "moves": {"tap Send request": "done"},
        },
        done=THANKS,
    )
    steps, policy = await explore(script, "submit-ticket")
    assert labels(steps).count("Subject") == 2 and policy.attempts["submit-ticket"].state == "passed"


LOGIN = [
    {"role": "textbox", "name": "User", "group": "who"},
    {"role": "textbox", "name": "Password", "kind": "password", "group": "who"},
    {"role": "button", "name": "Sign in", "group": "who"},
]


async def test_given_credentials_are_tried_at_most_twice_and_never_others() -> None:
    script = app(
        home={"elements": LOGIN, "moves": {"tap Sign in": "no"}},
        no={"elements": LOGIN, "texts": ["alert: Login failed"], "moves": {"tap Sign in": "no"}},
    )
    eager = neutral().model_copy(update={"retries": 5, "wrong_input": 1.0, "typos": 1.0, "double_submit": 1.0})
    surface = ScriptedSurface(script)
    steps, policy = await explore(surface, "login", persona=eager, login=True, hostile_ok=True)
    sent = [s for s in steps if s.decision.stage == "submit"]
    assert len(sent) == 2 and all(s.decision.action.times == 1 for s in sent)
    assert {a.text for a in surface.done if a.kind is ActionKind.TYPE} == set(PLACEHOLDERS.values())
    assert all(a.secret == (a.credential == "password") for a in surface.done)
    assert set(typed(steps)) == {PLACEHOLDERS["user"], "••••"}, "a password is not written down"
    assert policy.attempts["login"].state == "failed"


async def test_without_credentials_what_a_login_guards_is_left() -> None:
    script = app(
        home={
            "elements": ["link: My account @navigation", "link: Sign in @navigation"],
            "moves": {"tap My account": "login"},
        },
        login={"elements": LOGIN},
    )
    steps, policy = await explore(script, "login", "account-info")
    assert {a.state for a in policy.attempts.values()} == {"needs-login"}
    assert typed(steps) == []


async def test_what_a_failed_login_guards_waits_no_more() -> None:
    script = app(
        home={"elements": ["link: My account @navigation"], "moves": {"tap My account": "form"}},
        form={"elements": LOGIN, "moves": {"tap Sign in": "no"}},
        no={"elements": LOGIN, "texts": ["alert: Login failed"], "moves": {"tap Sign in": "no"}},
    )
    _, policy = await explore(script, "account-info", "login", login=True)
    assert {k: a.state for k, a in policy.attempts.items()} == {"login": "failed", "account-info": "needs-login"}


async def test_it_logs_in_on_the_way_and_comes_back() -> None:
    script = app(
        home={
            "elements": ["link: My account @navigation"],
            "moves": {"tap My account": {"to": "mine", "needs": ["form/Password"], "else": "form"}},
        },
        form={"elements": LOGIN, "moves": {"tap Sign in": "inside"}},
        inside={
            "texts": ["heading: Welcome"],
            "elements": ["link: My account @navigation", "link: Log out @navigation"],
            "moves": {"tap My account": "mine"},
        },
        mine={"texts": ["cell: ada@desk.test", "cell: Order 1001", "cell: 2024-03-01"]},
    )
    _, policy = await explore(script, "account-info", "login", login=True)
    assert {a.state for a in policy.attempts.values()} == {"passed"}


async def test_a_journey_of_ones_own_that_is_a_login_opens_what_needs_one() -> None:
    script = app(
        home={
            "elements": ["link: My account @navigation"],
            "moves": {"tap My account": {"to": "mine", "needs": ["form/Password"], "else": "form"}},
        },
        form={"elements": LOGIN, "moves": {"tap Sign in": "inside"}},
        inside={
            "texts": ["heading: Welcome"],
            "elements": ["link: My account @navigation", "link: Log out @navigation"],
            "moves": {"tap My account": "mine"},
        },
        mine={"texts": ["cell: ada@desk.test", "cell: Order 1001", "cell: 2024-03-01"]},
    )
    (login,) = choose(CATALOGUE, ["login"])
    wanted = (*choose(CATALOGUE, ["account-info"]), login.model_copy(update={"id": "sign-in"}))
    policy = Policy(neutral(), wanted, random.Random(1), login=True)
    await walk(ScriptedSurface(script), policy, wanted)
    assert {name: a.state.value for name, a in policy.attempts.items()} == {
        "sign-in": "passed",
        "account-info": "passed",
    }


async def test_a_card_on_file_is_not_charged_and_the_journey_says_that_it_was_not_allowed() -> None:
    script = app(
        home={"elements": ["link: Billing @navigation"], "moves": {"tap Billing": "bill"}},
        bill={
            "texts": ["text: Visa ending in 4242"],
            "elements": ["button: Pay now"],
            "moves": {"tap Pay now": "paid"},
        },
        paid={"texts": ["status: Thank you, your payment was received."]},
    )
    steps, policy = await explore(script, "payment")
    assert "Pay now" not in labels(steps)
    assert policy.attempts["payment"].state == "not-allowed"


CARD = [
    {"role": "textbox", "name": "Card number", "group": "card"},
    {"role": "textbox", "name": "CVC", "group": "card"},
    {"role": "button", "name": "Pay 10.00", "group": "card"},
]


@pytest.mark.parametrize(("allow", "state", "paid"), [((), "stopped-before", False), (("payment",), "passed", True)])
async def test_money_moves_only_where_it_is_allowed(allow: tuple[str, ...], state: str, paid: bool) -> None:
    script = app(
        home={"elements": ["link: Billing @navigation"], "moves": {"tap Billing": "form"}},
        form={"elements": CARD, "moves": {"tap Pay 10.00": "paid"}},
        paid={"texts": ["status: Thank you, your payment was received."]},
    )
    from flows.journey import permit

    wanted = permit(choose(CATALOGUE, ["payment"]), allow)
    policy = Policy(neutral(), wanted, random.Random(1), allow=frozenset(allow))
    steps = await walk(ScriptedSurface(script), policy, wanted)
    assert policy.attempts["payment"].state == state
    assert ("Pay 10.00" in labels(steps)) is paid


async def test_what_destroys_calls_mails_leaves_or_logs_out_is_never_pressed() -> None:
    bad = ["Delete my account", "Konto löschen", "Log out", "退出登录", "Deutsch", "Excluir conta", "アカウントを削除"]
    away = [
        {"role": "link", "name": "Call support", "href": "tel:+4930555010"},
        {"role": "link", "name": "Contact us", "href": "mailto:help@desk.test"},
        {"role": "link", "name": "Our partner", "href": "https://elsewhere.test/", "region": "navigation"},
    ]
    script = app(home={"elements": [*(f"button: {b}" for b in bad), *away, "link: About us @navigation"]})
    steps, _ = await explore(script, persona=neutral().model_copy(update={"curiosity": 1.0}))
    assert set(labels(steps)) <= {"About us", "start", "wait"}


async def test_a_consent_banner_is_answered_first() -> None:
    script = app(
        home={
            "texts": ["dialog: We use cookies."],
            "elements": ["button: Accept all @dialog", "link: Contact us"],
            "moves": {"tap Accept all": "free"},
        },
        free={"elements": ["link: Contact us"], "moves": {"tap Contact us": "done"}},
        done={},
    )
    steps, _ = await explore(script, "submit-ticket")
    assert labels(steps)[:2] == ["Accept all", "Contact us"]


async def test_a_native_dialog_is_dismissed_unless_only_a_page_of_our_own_is_left() -> None:
    for text, kind in (("beforeunload", ActionKind.ACCEPT), ("Leave this channel?", ActionKind.DISMISS)):
        script = app(
            home={"elements": ["link: Contact us"], "moves": {"tap Contact us": {"to": "home", "dialog": text}}}
        )
        steps, _ = await explore(script, "submit-ticket")
        assert kind in [s.decision.action.kind for s in steps]


async def test_it_leaves_a_browser_error_page_and_goes_on_with_the_rest() -> None:
    script = app(
        home={
            "elements": ["link: Help centre", "link: Contact us"],
            "moves": {"tap Help centre": "dead", "tap Contact us": "form"},
        },
        dead={"error": "net::ERR_CERT_DATE_INVALID"},
        form={"elements": FORM, "moves": {"tap Send request": "done"}},
        done=THANKS,
    )
    steps, policy = await explore(script, "knowledge-base", "submit-ticket")
    assert policy.attempts["knowledge-base"].state == "failed"
    assert policy.attempts["submit-ticket"].state == "passed"
    assert ActionKind.BACK in [s.decision.action.kind for s in steps]


async def test_an_error_page_without_a_way_out_ends_the_exploration() -> None:
    steps, _ = await explore(app(home={"error": "net::ERR_CERT_DATE_INVALID"}))
    assert len(steps) <= 6


async def test_it_finds_what_is_behind_a_menu() -> None:
    script = app(
        home={"elements": ["button: Menu @banner"], "moves": {"tap Menu": "menu"}},
        menu={"elements": ["link: Contact us @navigation"], "moves": {"tap Contact us": "form"}},
        form={"elements": FORM, "moves": {"tap Send request": "done"}},
        done=THANKS,
    )
    steps, policy = await explore(script, "submit-ticket")
    assert labels(steps)[0] == "Menu" and policy.attempts["submit-ticket"].state == "passed"


async def test_an_endless_app_is_left_in_the_end() -> None:
    rooms = {
        f"room{n}": {"elements": [f"link: Room {n + 1} @main"], "moves": {f"tap Room {n + 1}": f"room{n + 1}"}}
        for n in range(99)
    }
    script = app(home={"elements": ["link: Room 0 @main"], "moves": {"tap Room 0": "room0"}}, **rooms, room99={})
    steps, policy = await explore(script)
    assert len(steps) < 60
    assert {a.state for a in policy.attempts.values()} == {"not-seen"}


async def test_it_never_does_the_same_for_ever() -> None:
    script = app(
        home={
            "elements": [
                "link: Contact us",
                "link: Chat",
                "link: FAQ",
                "link: My account",
                "link: Pay",
                "link: Upload a file",
            ]
        }
    )
    steps, _ = await explore(script, persona=neutral().model_copy(update={"retries": 5, "curiosity": 1.0}))
    done = [(s.before, s.decision.action.kind, s.decision.action.key) for s in steps if s.decision.action.key]
    assert max(done.count(d) for d in done) <= 3


async def test_what_was_never_tried_is_told() -> None:
    script = app(
        home={
            "elements": ["link: About us @navigation", "link: Careers @navigation", "link: Contact us"],
            "moves": {"tap Contact us": "form"},
        },
        form={"elements": FORM, "moves": {"tap Send request": "done"}},
        done=THANKS,
    )
    _, policy = await explore(script, "submit-ticket")
    assert {"About us", "Careers"} <= set(policy.untried)


@pytest.mark.parametrize(("native", "kinds"), [(False, ["switch"] * 2), (True, ["rotate"] * 2)])
async def test_who_uses_several_tabs_turns_a_phone_that_has_none_and_turns_it_back(
    kinds: list[str], *, native: bool
) -> None:
    form: dict[str, Any] = {
        "elements": FORM,
        "moves": {"tap Send request": {"to": "done", "needs": ["Subject", "Message"]}},
    }
    home: dict[str, Any] = {
        "elements": ["link: Contact us @navigation", "link: Help @navigation", "link: News @navigation"]
    }
    moves = {"moves": {"tap Contact us": "form", "tap Help": "help"}}
    back: dict[str, Any] = {"elements": ["link: Home @navigation"], "moves": {"tap Home": "home"}}
    screens: dict[str, dict[str, Any]] = {"home": home | moves, "form": form, "done": THANKS | back, "help": back}
    persona = neutral().model_copy(update={"tabs": 3})
    script = {**app(**screens), "native": native}
    steps, _ = await explore(script, "submit-ticket", "start-chat", persona=persona)
    turns = [s.decision.action for s in steps if s.decision.action.kind in {ActionKind.SWITCH, ActionKind.ROTATE}]
    assert [a.kind.value for a in turns if a.text != "0"] == kinds
    assert [a.text for a in turns if a.kind is ActionKind.ROTATE] == (
        ["landscape", "portrait"] if kinds[0] == "rotate" else []
    )

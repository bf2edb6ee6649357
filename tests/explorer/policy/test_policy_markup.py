"""What the policy makes of markup that nobody tuned to: forms beside forms, files in replies, ends behind buttons."""

from __future__ import annotations

from typing import Any

from personas.persona import neutral
from tests.explorer.policy.test_policy import FORM, LOGIN, THANKS, app, explore, labels


async def test_a_user_name_that_was_refused_is_not_typed_into_the_same_field_again() -> None:
    fields = [{**LOGIN[0], "name": "Customer"}, *LOGIN]
    wrong = [fields[0], {**fields[1], "invalid": True, "value": "ada"}, *fields[2:]]
    script = app(
        home={"elements": fields, "moves": {"tap Sign in": "wrong"}},
        wrong={"elements": wrong, "moves": {"tap Sign in": "inside"}},
        inside={"elements": ["link: Log out"]},
    )
    steps, policy = await explore(script, "login", login=True)
    assert labels(steps)[:6] == ["User", "Password", "Sign in", "Customer", "Password", "Sign in"]
    assert policy.attempts["login"].state == "passed"


async def test_what_ends_what_the_user_has_is_not_pressed_while_looking_around() -> None:
    ends = ["button: Leave", "link: Close ticket", "menuitem: Archive", "button: Kanal verlassen"]
    red = {"role": "button", "name": "Go on", "hints": ["btn btn-danger"], "region": "navigation"}
    script = app(home={"elements": [*ends, red, "link: About us @navigation"]})
    steps, _ = await explore(script, persona=neutral().model_copy(update={"curiosity": 1.0}))
    assert set(labels(steps)) <= {"About us", "start", "wait"}


REPLY = [
    {"role": "textbox", "name": "Comment", "kind": "textarea", "group": "reply", "required": True},
    {"role": "file", "name": "Files", "kind": "file", "group": "reply"},
    {"role": "link", "name": "Add a dependency", "href": "https://desk.test/3/depend", "group": "reply"},
    {"role": "button", "name": "Update ticket", "kind": "submit", "group": "reply"},
]


async def test_a_file_in_a_reply_is_sent_by_the_replys_own_button() -> None:
    script = app(
        home={"elements": REPLY, "moves": {"tap Update ticket": {"to": "sent", "needs": ["Comment", "Files"]}}},
        sent={"texts": ["listitem: trustwalk-1.png"]},
    )
    steps, policy = await explore(script, "upload-attachment")
    assert "Add a dependency" not in labels(steps)
    assert policy.attempts["upload-attachment"].state == "passed"


async def test_a_file_is_sent_in_the_dialog_that_comes_up_after_the_choice() -> None:
    box = [
        {"role": "textbox", "name": "Write a message", "group": "talk"},
        {"role": "button", "name": "Send", "group": "talk"},
    ]
    attach: dict[str, Any] = {"role": "file", "name": "Attach a file", "kind": "file", "box": [0, 0, 0, 0]}
    script = app(
        home={"elements": [attach, *box], "moves": {"upload Attach a file": "preview"}},
        preview={
            "elements": [attach, *box, "button: Cancel @dialog", "button: Send @dialog"],
            "texts": ["dialog: trustwalk-1.png"],
            "moves": {"tap Send": "sent"},
        },
        sent={"elements": [attach, *box], "texts": ["listitem: trustwalk-1.png"]},
    )
    steps, policy = await explore(script, "upload-attachment")
    (sent,) = [s for s in steps if s.decision.action.label == "Send"]
    assert "dialog" in sent.decision.action.key
    assert policy.attempts["upload-attachment"].state == "passed"


async def test_who_asks_for_help_attaches_a_file_where_the_form_takes_one_and_it_is_fetched_from_there() -> None:
    form = [*FORM, {"role": "file", "name": "Attachment", "kind": "file", "group": "ask"}]
    script = app(
        home={
            "elements": ["link: Contact us @navigation", "link: Price list.pdf"],
            "moves": {"tap Contact us": "form"},
        },
        form={"elements": form, "moves": {"tap Send request": {"to": "ticket", "needs": ["Attachment"]}}},
        ticket={
            **THANKS,
            "elements": ["link: Price list.pdf", "link: trustwalk-1.png", "link: Start @navigation"],
            "moves": {"tap trustwalk-1.png": {"downloads": 1}},
        },
    )
    script["start"] = "form"
    steps, policy = await explore(script, "submit-ticket", "download-attachment")
    assert {a.state for a in policy.attempts.values()} == {"passed"}
    fetched = [s.decision.action.label for s in steps if s.decision.journey == "download-attachment"]
    assert fetched[-1] == "trustwalk-1.png" and "Price list.pdf" not in fetched


async def test_questions_that_open_in_place_are_read_although_they_were_there_before() -> None:
    page: dict[str, Any] = {
        "address": "https://desk.test/",
        "elements": [
            {"role": "link", "name": "FAQ", "href": "https://desk.test/#faq", "region": "navigation"},
            {"role": "link", "name": "Our partners", "href": "https://desk.test/partners", "region": "main"},
            {
                "role": "link",
                "name": "Is it safe?",
                "href": "https://desk.test/#a1",
                "region": "main",
                "hints": ["expands"],
            },
        ],
    }
    script = app(
        home={**page, "moves": {"tap Is it safe?": "open"}}, open={**page, "texts": ["text: Yes, it is quite safe."]}
    )
    steps, policy = await explore(script, "knowledge-base")
    assert labels(steps)[:2] == ["FAQ", "Is it safe?"] and policy.attempts["knowledge-base"].state == "passed"


async def test_a_door_without_a_name_is_taken_by_its_icon() -> None:
    gear: dict[str, Any] = {"role": "button", "name": "", "hints": ["btn", "fa fa-gear"], "region": "contentinfo"}
    script = app(
        home={"elements": [gear, {**gear, "hints": ["fa fa-trash"]}], "moves": {"tap ": "mine"}},
        mine={"texts": ["cell: ada@desk.test", "cell: Order 1001", "cell: 2024-03-01"]},
    )
    steps, policy = await explore(script, "account-info")
    assert labels(steps) == ["settings"] and policy.attempts["account-info"].state == "passed"


async def test_another_site_is_gone_to_only_when_the_own_one_has_no_door_left() -> None:
    away = {"role": "link", "name": "Help", "href": "https://maker.example/help", "region": "navigation"}
    script = app(
        home={
            "elements": [away, "link: Dashboard @navigation"],
            "moves": {"tap Help": "maker", "tap Dashboard": "board"},
        },
        board={"elements": ["link: Common questions @main"], "moves": {"tap Common questions": "list"}},
        list={
            "elements": ["link: How do I reset it? @main"],
            "moves": {"tap How do I reset it?": "text"},
        },
        text={"texts": ["heading: How do I reset it?", "text: Hold the button for ten seconds."]},
        maker={"address": "https://maker.example/help"},
    )
    steps, policy = await explore(script, "knowledge-base")
    assert "Help" not in labels(steps) and policy.attempts["knowledge-base"].state == "passed"
    alone = app(home={"elements": [away], "moves": {"tap Help": "maker"}}, maker=script["screens"]["maker"])
    steps, _ = await explore(alone, "knowledge-base")
    assert labels(steps)[0] == "Help"


async def test_a_file_that_somebody_put_there_comes_before_an_export_of_the_table() -> None:
    csv = {"role": "link", "name": "Download as CSV", "href": "https://desk.test/tickets?format=csv", "region": "main"}
    script = app(
        home={
            "elements": [csv, "link: Tickets @navigation"],
            "moves": {"tap Download as CSV": {"downloads": 1}, "tap Tickets": "one"},
        },
        one={"elements": ["link: screenshot.png @main"], "moves": {"tap screenshot.png": {"downloads": 1}}},
    )
    steps, policy = await explore(script, "download-attachment")
    assert labels(steps) == ["Tickets", "screenshot.png"] and policy.attempts["download-attachment"].state == "passed"
    only = app(home={"elements": [csv], "moves": {"tap Download as CSV": {"downloads": 1}}})
    steps, policy = await explore(only, "download-attachment")
    assert labels(steps) == ["Download as CSV"] and policy.attempts["download-attachment"].state == "passed"


async def test_looking_around_ends_when_nothing_new_comes_and_leaves_what_only_tunes_the_view() -> None:
    tuning = [
        "button: Dark mode @navigation",
        {"role": "link", "name": "Priority", "hints": ["sorts"], "region": "main"},
    ]
    script = app(home={"elements": [*tuning, *(f"link: Place {n} @main" for n in range(40))]})
    steps, _ = await explore(script, "start-chat", persona=neutral().model_copy(update={"curiosity": 1.0}))
    looked = {label for label in labels(steps) if label.startswith("Place")}
    assert 1 <= len(looked) <= 8 and not {"Dark mode", "Priority"} & {*labels(steps)}

"""What may be pressed is decided from words, pictures, addresses, markup, forms and questions, and from what was allowed."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.policy.permission import Permission, Purpose
from explorer.surfaces.scripted import screen_of
from flows.journey import Role, load_catalogue
from flows.recognise.forms import forms
from flows.refusal import Reason
from flows.screen import Element, Screen

JOURNEYS = load_catalogue()


def permission(**facts: Any) -> Permission:
    return Permission(**{"public": True, "journeys": JOURNEYS, **facts})


def on(*elements: str | dict[str, Any], texts: tuple[str, ...] = (), **facts: Any) -> tuple[Screen, Element]:
    """A screen and its last element."""
    screen = screen_of(elements, texts, **facts)
    return screen, screen.elements[-1]


def link(name: str, path: str, **more: Any) -> dict[str, Any]:
    return {"role": "link", "name": name, "href": f"https://desk.test{path}", **more}


def button(name: str, **more: Any) -> dict[str, Any]:
    return {"role": "button", "name": name, "region": "main", **more}


NAVIGATION = [
    link("About us", "/about"),
    link("My orders", "/orders"),
    link("2", "/list?page=2"),
    link("Deutsch", "/de"),
    link("", "/", region="banner"),
    link("", "/account", hints=["fa fa-user"]),
    link("How do I cancel my order?", "/help/cancel-order"),
    button("Details", hints=["expands"]),
    {"role": "tab", "name": "Invoices"},
    button("Menu"),
    button("2", region="navigation"),
    button("Live chat"),
    link("Новости", "/news"),
]


@pytest.mark.parametrize("element", NAVIGATION, ids=lambda e: f"{e['role']}-{e['name']}-{e.get('href', '')}")
def test_navigation_is_followed_on_a_public_target(element: dict[str, Any]) -> None:
    screen, made = on(element)
    assert permission().may(made, screen, Purpose.LOOK)


LEFT = [
    (button("Frobnicate"), Reason.UNEXPLAINED),
    (button(""), Reason.NAMELESS),
    (button("", hints=["fa fa-trash"]), Reason.ACT),
    (link("", "/x/1"), Reason.NAMELESS),
    (link("Entry", "/delete?id=3"), Reason.ACT),
    (link("Entry", "/x", sends="delete /x"), Reason.ACT),
    (link("Entry", "/x", sends="post /x"), Reason.UNEXPLAINED),
    (link("Entry", "/x", asks="Your card will be charged 400 €"), Reason.LOSS),
    (button("Refund", hints=["expands"]), Reason.ACT),
    (button("Details", hints=["expands"], sends="script"), Reason.UNEXPLAINED),
    ({"role": "switch", "name": "Night mode"}, Reason.UNEXPLAINED),
    ({"role": "menuitem", "name": "Compact"}, Reason.UNEXPLAINED),
    ({"role": "link", "name": "Go", "href": "https://desk.test/page#"}, Reason.UNEXPLAINED),  # a button in disguise
    ({"role": "link", "name": "Ship", "href": "https://desk.test/#!"}, Reason.UNEXPLAINED),
    ({"role": "link", "name": "Delete all of my data now?"}, Reason.ACT),
    (button("Удалить", hints=["ticket"]), Reason.NAMELESS),
    (button("ลบ", hints=["open-ticket"]), Reason.NAMELESS),
]


@pytest.mark.parametrize(("element", "reason"), LEFT)
def test_everything_else_is_left_alone_there_with_a_reason(element: dict[str, Any], reason: Reason) -> None:
    one = permission()
    screen, made = on(element, address="https://desk.test/page")
    assert one.rule(made, screen, Purpose.LOOK).reason is reason


def test_a_control_is_refused_once_and_told_with_what_it_would_need() -> None:
    one = permission()
    screen, made = on(button("Delete"))
    assert not one.may(made, screen, Purpose.LOOK) and not one.may(made, screen, Purpose.LOOK)
    assert [(r.control, r.reason, r.kind) for r in one.refusals()] == [("Delete", Reason.ACT, "delete")]
    assert one.refusals() == []


def test_where_the_target_is_ones_own_every_harmless_control_may_be_tried() -> None:
    for element in (button("Frobnicate"), button(""), {"role": "menuitem", "name": "Compact"}):
        screen, made = on(element)
        assert permission(public=False).may(made, screen, Purpose.LOOK)
    for element in (button("Delete"), button("", hints=["fa fa-trash"]), button("Jetzt kaufen")):
        screen, made = on(element)
        assert not permission(public=False).may(made, screen, Purpose.LOOK)


@pytest.mark.parametrize("public", [True, False])
def test_allow_names_the_kinds_and_all_kinds_of_a_control_are_needed(public: bool) -> None:
    screen, made = on(button("Delete and refund"))
    for allow, may in (({"delete"}, False), ({"payment"}, False), ({"delete", "payment"}, True)):
        assert permission(public=public, allow=frozenset(allow)).may(made, screen, Purpose.LOOK) is may


FORM = (
    "textbox: Email #ask",
    "textbox: Subject #ask",
    {"role": "textbox", "name": "Message", "kind": "textarea", "group": "ask"},
)


@pytest.mark.parametrize(
    ("field", "sender", "may"),
    [
        (None, "Send message", True),
        (None, "Create ticket", True),
        (None, "Send to all customers", False),
        (None, "Publish", False),
        (None, "Save", False),
        (None, "Delete", False),
        ("textbox: To #ask", "Send", False),
        ("textbox: Recipient #ask", "Send", False),
        ("textbox: Empfänger #ask", "Senden", False),
        ("textbox: Amount #ask", "Send", False),
    ],
)
def test_a_form_is_used_if_it_goes_to_the_apps_own_desk(field: str | None, sender: str, may: bool) -> None:
    send = {"role": "button", "name": sender, "kind": "submit", "sends": "post /t", "group": "ask"}
    screen, _ = on(*((field,) if field else ()), *FORM, send)
    (form,) = forms(screen)
    assert permission().may_fill(form, screen, Role.TICKET) is may


def test_enter_is_pressed_in_no_form_that_asks_for_a_recipient() -> None:
    screen, _ = on("textbox: To #ask", *FORM)
    (form,) = forms(screen)
    assert not permission().may_fill(form, screen, Role.TICKET)
    screen, _ = on(*FORM)
    assert permission().may_fill(forms(screen)[0], screen, Role.TICKET)


@pytest.mark.parametrize(
    ("element", "public", "may"),
    [
        (link("Pay invoice", "/billing/pay"), True, True),
        (link("Buy now", "/billing"), True, False),
        (link("Pay now", "/do/pay"), True, False),
        (button("Pay invoice"), True, False),
        (button("Pay invoice"), False, True),
        (button("Buy now"), False, False),
        (button("Proceed to checkout"), True, True),
    ],
)
def test_the_way_to_a_payment_form_is_no_payment(element: dict[str, Any], public: bool, may: bool) -> None:
    screen, made = on(element)
    assert permission(public=public).may(made, screen, Purpose.DOOR, Role.PAYMENT) is may


def test_a_door_may_say_what_is_done_behind_it() -> None:
    for element in (link("Create a ticket", "/tickets/create"), button("Send us a message")):
        screen, made = on(element)
        assert permission().may(made, screen, Purpose.DOOR, Role.TICKET)
        assert not permission().may(made, screen, Purpose.LOOK)
    screen, made = on(button("Send a message to all customers"))
    assert not permission().may(made, screen, Purpose.DOOR, Role.TICKET)


def test_articles_are_read_although_their_titles_speak_of_acts() -> None:
    screen, made = on(link("Reset your password", "/help/12"))
    assert permission().may(made, screen, Purpose.READ, Role.KNOWLEDGE)
    screen, made = on(button("Where is my parcel now?"))
    assert permission().may(made, screen, Purpose.READ, Role.KNOWLEDGE)
    screen, made = on(button("Was this helpful? Yes"))
    assert not permission().may(made, screen, Purpose.READ, Role.KNOWLEDGE)


@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.DOOR])
def test_a_door_to_the_help_may_be_an_article_s_title_as_well(purpose: Purpose) -> None:
    for title in ("Help: restart a lamp", "Hilfe: Lampe neu starten", "Aide : redémarrer une lampe"):
        screen, made = on(link(title, "/wiki/help/12"))
        assert permission().may(made, screen, purpose, Role.KNOWLEDGE), title
        for other, role in ((Purpose.DOOR, Role.PAYMENT), (Purpose.LOOK, Role.NONE), (Purpose.FETCH, Role.DOWNLOAD)):
            assert not permission().may(made, screen, other, role), title
    for element in (link("Help: restart the server", "/restart?id=3"), button("Help: restart the server")):
        screen, made = on(element)
        assert not permission().may(made, screen, purpose, Role.KNOWLEDGE)


def test_a_question_that_names_a_loss_is_not_answered_with_yes_on_any_target() -> None:
    told = ("dialog: Leave this channel? You will lose its history.",)
    screen = screen_of(
        [button("OK", region="dialog"), button("Cancel", region="dialog")], texts=(), address="https://desk.test/"
    )
    from flows.screen import Text

    screen = Screen("https://desk.test/", "", screen.elements, tuple(Text(t, "dialog", region="dialog") for t in told))
    for public in (True, False):
        one = permission(public=public)
        ok, cancel = screen.elements
        assert not one.may(ok, screen, Purpose.SEND, Role.TICKET)
        assert not one.closes(ok, screen) and one.closes(cancel, screen)


def test_ok_closes_what_only_tells_something() -> None:
    from flows.screen import Text

    screen, ok = on(button("OK", region="dialog"))
    told = Screen(
        "https://desk.test/", "", screen.elements, (Text("We are open until five.", "dialog", region="dialog"),)
    )
    assert permission().closes(ok, told)


def test_a_choice_that_takes_effect_at_once_is_left_as_it_is() -> None:
    screen, made = on({"role": "combobox", "name": "State", "options": ["Open", "Closed"]})
    assert not permission().may(made, screen, Purpose.FIELD, Role.TICKET)
    screen, made = on({"role": "combobox", "name": "Category", "options": ["A", "B"], "group": "ask"})
    assert permission().may(made, screen, Purpose.FIELD, Role.TICKET)
    screen, made = on({"role": "checkbox", "name": "Delete my data", "group": "ask"})
    assert not permission(public=False).may(made, screen, Purpose.FIELD, Role.TICKET)


def test_a_row_of_an_app_may_be_looked_at_and_its_senders_not() -> None:
    screen, made = on({"role": "clickable", "name": "Opening hours"}, native=True)
    assert permission().may(made, screen, Purpose.LOOK)
    screen, made = on({"role": "button", "name": "Submit"}, native=True)
    assert not permission().may(made, screen, Purpose.LOOK)


def test_never_press_goes_by_text_and_by_path() -> None:
    one = permission(public=False, never_press=("about", "/basket/*", "/gone"))
    for element in (link("About us", "/a"), link("Gone", "/gone/now"), link("Basket", "/basket/3")):
        screen, made = on(element)
        assert one.rule(made, screen, Purpose.LOOK).reason is Reason.NEVER_PRESS
    screen, made = on(button("Next", sends="post /gone"))
    assert one.rule(made, screen, Purpose.LOOK).reason is Reason.NEVER_PRESS


def test_only_under_leaves_out_what_leads_elsewhere_and_what_stands_elsewhere() -> None:
    one = permission(public=False, only_under=("/help",), start="https://desk.test/begin")
    for path, may in (("/help", True), ("/help/1", True), ("/helpless", False), ("/begin", True)):
        screen, made = on(link("Read", path))
        assert one.may(made, screen, Purpose.LOOK) is may, path
    screen, made = on(button("Next"), address="https://desk.test/elsewhere")
    assert one.rule(made, screen, Purpose.LOOK).reason is Reason.ONLY_UNDER
    assert one.within("about:blank") and not one.within("https://desk.test/elsewhere")


def test_read_only_follows_links_and_sends_nothing_whatever_is_allowed() -> None:
    one = permission(public=False, read_only=True, allow=frozenset({"send", "delete"}))
    screen, made = on(link("Help", "/help"))
    assert one.may(made, screen, Purpose.LOOK)
    send = {"role": "button", "name": "Send message", "kind": "submit", "sends": "post /t", "group": "ask"}
    screen, made = on(*FORM, send)
    assert one.rule(made, screen, Purpose.SEND, Role.TICKET).reason is Reason.READ_ONLY
    screen, made = on(button("Delete"))
    assert one.rule(made, screen, Purpose.LOOK).reason is Reason.READ_ONLY
    login = {"role": "button", "name": "Sign in", "kind": "submit", "sends": "post /in", "group": "in"}
    screen, made = on("textbox: User #in", "password: Password #in", login)
    assert one.may(made, screen, Purpose.SEND, Role.LOGIN)
    forbidden = {j.id for j in JOURNEYS if one.forbids(j)}
    assert forbidden == {"start-chat", "submit-ticket", "upload-attachment"}


def test_a_dialog_is_accepted_for_a_journeys_own_sender_alone() -> None:
    one = permission()
    assert one.accepts("Send your message now?", own=True) and not one.accepts("Send your message now?", own=False)
    for text in (
        "Your card will be charged 400 €. Continue?",
        "Are you sure?",
        "Wirklich senden?",
        "取り消せません。よろしいですか？",
    ):
        assert not one.accepts(text, own=True), text
    assert one.accepts("beforeunload", own=False)
    assert not permission(read_only=True).accepts("Send your message now?", own=True)


@pytest.mark.parametrize(
    ("element", "may"),
    [
        (link("Update profile", "/?do=profile"), True),
        (link("Mettre à jour le profil", "/?do=profile"), True),
        (button("Update profile", sends="post"), False),
        (link("Delete profile", "/profile/delete"), False),
    ],
    ids=str,
)
def test_a_link_to_where_a_profile_is_changed_only_shows_it(element: dict[str, Any], may: bool) -> None:
    for public in (True, False):
        screen, made = on(element)
        assert permission(public=public).may(made, screen, Purpose.DOOR, Role.ACCOUNT) is may


def test_a_tab_shows_the_form_that_takes_a_file_and_sends_nothing_itself() -> None:
    for public in (True, False):
        screen, made = on({"role": "tab", "name": "Respond"})
        assert permission(public=public).may(made, screen, Purpose.DOOR, Role.UPLOAD)
        screen, made = on({"role": "tab", "name": "Send reply", "sends": "post /reply"})
        assert not permission(public=public).may(made, screen, Purpose.DOOR, Role.UPLOAD)


UNFIT = [
    (button("Start", headings=["Server eu-1"]), Reason.UNEXPLAINED),
    (button("9", hints=["page-score"]), Reason.UNEXPLAINED),
    (link("Go on", "/#/orders/place"), Reason.ACT),
    (link("Entry", "/#!/items/3/delete"), Reason.ACT),
    (link("Smazat", "/docs/delete-file?id=3"), Reason.ACT),
    (link("Entry", "/topics/close-topic/12"), Reason.ACT),
]


@pytest.mark.parametrize(("element", "reason"), UNFIT, ids=[f"{e['name']}-{e.get('href', '')}" for e, _ in UNFIT])
def test_what_only_looks_like_navigation_is_left_alone(element: dict[str, Any], reason: Reason) -> None:
    screen, made = on(element)
    assert permission().rule(made, screen, Purpose.LOOK).reason is reason


@pytest.mark.parametrize("address", ["/help/cancel-order", "/kb/articles/123-delete-account", "/docs/delete-account"])
def test_a_title_in_a_library_is_followed(address: str) -> None:
    screen, made = on(link("An answer", address))
    assert permission().may(made, screen, Purpose.LOOK)


@pytest.mark.parametrize(
    "control",
    [
        link("Basket", "/basket;jsessionid=1"),
        link("Basket", "/%62asket/items"),
        button("Go", kind="submit", sends="post basket"),
        button("Go", kind="submit", sends="get /basket/items"),
        button("Go", kind="submit", sends="post "),
    ],
    ids=["parameter", "encoded", "relative", "get", "own address"],
)
def test_a_path_that_is_never_pressed_is_known_however_it_is_written(control: dict[str, Any]) -> None:
    screen, made = on(control, address="https://desk.test/basket")
    for never in ("/basket", "/basket*"):
        assert permission(never_press=(never,)).rule(made, screen, Purpose.SEND).reason is Reason.NEVER_PRESS


def test_a_form_is_not_sent_to_a_place_outside_of_only_under() -> None:
    screen, made = on(button("Send", kind="submit", sends="post /billing/ask"), address="https://desk.test/help/x")
    narrow = permission(only_under=("/help",), start="https://desk.test/help")
    assert narrow.rule(made, screen, Purpose.SEND, Role.TICKET).reason is Reason.ONLY_UNDER


def test_a_choice_that_sends_its_form_at_once_is_left_as_it_is() -> None:
    choice = {"role": "combobox", "name": "Plan", "options": ["Free", "Gold"], "group": "ask", "sends": "script"}
    screen, made = on(choice)
    assert permission().rule(made, screen, Purpose.FIELD, Role.TICKET).reason is Reason.UNEXPLAINED
    assert permission(public=False).may(made, screen, Purpose.FIELD, Role.TICKET)


def test_to_read_only_no_button_of_a_journey_is_looked_behind() -> None:
    screen, made = on(button("Report a problem"))
    assert permission(read_only=True).rule(made, screen, Purpose.LOOK).reason is Reason.READ_ONLY
    screen, made = on(link("Report a problem", "/report"))
    assert permission(read_only=True).may(made, screen, Purpose.LOOK)


@pytest.mark.parametrize("action", ["https://[% host %]/x", "//[foo"])
def test_an_address_that_nobody_can_read_stops_nothing(action: str) -> None:
    screen, made = on(button("Send", kind="submit", sends=f"post {action}"))
    assert permission(public=False).may(made, screen, Purpose.SEND, Role.TICKET)

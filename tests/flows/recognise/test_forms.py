"""Which fields belong together, what the form is for, and what sends it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.recognise.forms import form_of, forms, login_name, step_form
from flows.screen import Element, Screen


def el(role: str, name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, "group": "f", **facts})  # type: ignore[arg-type]


def page(*elements: Element) -> Screen:
    return Screen(address="https://a.test/", title="", elements=elements)


SEND = el("button", "Send")
NATURES = {
    "login": (el("textbox", "User name"), el("textbox", "Password", kind="password"), el("button", "Log in")),
    "signup": (
        el("textbox", "E-mail"),
        el("textbox", "Password", kind="password"),
        el("textbox", "Repeat password", kind="password"),
        el("button", "Create account"),
    ),
    "payment": (el("textbox", "Card number"), el("textbox", "Expiry date"), el("textbox", "CVC"), el("button", "Pay")),
    "ticket": (el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), SEND),
    "upload": (el("file", "Choose a file", kind="file"), el("button", "Upload")),
    "search": (el("searchbox", "Search"), el("button", "Search")),
}


@pytest.mark.parametrize("nature", NATURES)
def test_a_form_is_known_by_what_it_asks_for(nature: str) -> None:
    (form,) = forms(page(*NATURES[nature]))
    assert form.nature == nature


@pytest.mark.parametrize("nature", ["login", "payment", "ticket", "upload"])
def test_the_control_that_sends_it_is_found(nature: str) -> None:
    (form,) = forms(page(*NATURES[nature]))
    assert form.submit() == NATURES[nature][-1]


def test_forms_of_different_groups_and_frames_stay_apart() -> None:
    other = el("searchbox", "Search", group="s")
    framed = el("textbox", "Subject", frame="chat")
    found = forms(page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), SEND, other, framed))
    assert [(f.frame, f.group) for f in found] == [("", "f"), ("", "s"), ("chat", "f")]


def test_cancel_sends_nothing() -> None:
    (form,) = forms(
        page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), el("button", "Cancel"), SEND)
    )
    assert form.submit() == SEND
    (closed,) = forms(
        page(el("textbox", "Subject"), el("textbox", "Description", kind="textarea"), el("button", "Cancel"))
    )
    assert closed.submit() is None


def test_a_form_is_looked_up_by_what_it_is_for() -> None:
    screen = page(*NATURES["ticket"])
    found = form_of(screen, "ticket")
    assert found is not None and found.nature == "ticket" and form_of(screen, "login") is None


def test_what_cannot_be_written_is_no_field() -> None:
    assert forms(page(el("textbox", "Subject", readonly=True), SEND)) == ()


SIDE_BAR = (
    el("textbox", "", key="jump", kind="text"),
    el("button", "Show issue"),
    el("textbox", "", key="name", hints=("username",)),
    el("textbox", "", key="secret", kind="password"),
    el("checkbox", "Remember me?"),
    el("button", "Login"),
    el("textbox", "E-mail for our news"),
    el("button", "Subscribe"),
)


@pytest.mark.parametrize("group", ["", "page"])
def test_a_login_in_a_side_bar_is_parted_from_the_small_forms_around_it(group: str) -> None:
    bar = [replace(e, group=group, key=e.key + str(n), ref=str(n)) for n, e in enumerate(SIDE_BAR)]
    login = form_of(page(*bar), "login")
    assert login is not None and login.fields == tuple(bar[2:5]) and login.submit() == bar[5]
    assert login_name(login) == bar[2]
    (other,) = (f for f in forms(page(*bar)) if f.nature != "login")
    assert bar[1] in other.controls and bar[5] not in other.controls


def test_the_user_name_goes_into_the_field_nearest_before_the_password() -> None:
    company = el("textbox", "Company")
    user, password = el("textbox", "User"), el("textbox", "Password", kind="password")
    (form,) = forms(page(company, user, password, el("button", "Log in")))
    assert form.nature == "login" and login_name(form) == user
    assert login_name(form, {user.key}) == company
    (first,) = forms(page(el("textbox", "E-mail"), el("button", "Sign in")))
    assert login_name(first) == first.fields[0]


def test_a_box_beside_an_icon_that_sends_is_a_chat() -> None:
    plane = el("button", "", hints=("icon icon-paper-plane",))
    (form,) = forms(page(el("textbox", "Votre message"), plane))
    assert form.nature == "chat" and form.submit() == plane
    (other,) = forms(page(el("textbox", "Votre avis"), el("button", "", hints=("icon-star",))))
    assert other.nature != "chat"


def test_a_login_with_a_code_by_mail_stays_one_form() -> None:
    mail, code = el("textbox", "E-mail", kind="email"), el("textbox", "Verification code", hints=("one-time-code",))
    password = el("textbox", "Password", kind="password")
    told = forms(page(mail, el("button", "Send code"), code, password, el("button", "Sign in")))
    (login,) = [form for form in told if form.nature == "login"]
    assert [f.name for f in login.fields] == ["E-mail", "Verification code", "Password"]


def test_a_form_that_begins_with_a_file_is_for_that_file_whatever_is_asked_about_it() -> None:
    about = [el("textbox", "Title", group="f"), el("textbox", "Description", kind="textarea", group="f")]
    file = el("file", "Source file", kind="file", group="f")
    kind = el("combobox", "Licence", options=("none", "free"), group="f")
    natures = [
        forms(Screen("https://a.test/", "", tuple(fields)))[0].nature
        for fields in ([file, *about], [kind, file, *about], [*about, file])
    ]
    assert natures == ["upload", "upload", "ticket"]


@pytest.mark.parametrize(
    ("sends", "nature"),
    [
        ("get /index.php", "search"),
        ("get https://a.test/liste", "search"),
        ("post /index.php", "ticket"),
        ("get ", "ticket"),
        ("get #", "ticket"),
        ("get javascript:void(0)", "ticket"),
        ("script", "ticket"),
        ("", "ticket"),
    ],
)
def test_a_form_that_only_looks_something_up_is_no_ticket(sends: str, nature: str) -> None:
    fields = (el("textbox", "Titel"), el("textbox", "Beschreibung", kind="textarea"))
    (form,) = forms(page(*fields, el("button", "Los", kind="submit", sends=sends)))
    assert form.nature == nature


NEXT = el("button", "Next", region="main")


@pytest.mark.parametrize(
    "fields",
    [
        (el("textbox", "Your name", region="main"),),
        (el("textbox", "Subject", region="main"),),
        (el("radio", "Order", region="main"), el("radio", "Device", region="main")),
    ],
)
def test_a_form_may_ask_for_one_thing_at_a_time(fields: tuple[Element, ...]) -> None:
    step = step_form(page(*fields, NEXT), began=False)
    assert step is not None and step.submit() == NEXT
    aside = replace(page(*fields), elements=tuple(replace(e, region="complementary") for e in (*fields, NEXT)))
    assert step_form(aside, began=True) is None


def test_a_lone_address_is_a_step_only_of_a_request_that_began() -> None:
    asked = page(el("textbox", "Email", kind="email", region="main"), NEXT)
    assert step_form(asked, began=False) is None and step_form(asked, began=True) is not None
    letter = page(el("textbox", "Email", kind="email", region="main"), el("button", "Subscribe to the newsletter"))
    assert step_form(letter, began=True) is None


def test_two_forms_of_one_field_are_no_steps() -> None:
    other = el("textbox", "Voucher", region="main", group="g")
    assert (
        step_form(page(el("textbox", "Your name", region="main"), NEXT, other, replace(NEXT, group="g")), began=True)
        is None
    )


def test_a_lone_file_is_a_step_only_of_a_request_that_began() -> None:
    asked = page(el("file", "Attachment", kind="file", region="main"), NEXT)
    assert step_form(asked, began=False) is None and step_form(asked, began=True) is not None


@pytest.mark.parametrize("clip", [("", ("icon-paperclip",)), ("Joindre un fichier", ()), ("Upload", ())])
def test_what_only_attaches_a_file_sends_no_line(clip: tuple[str, tuple[str, ...]]) -> None:
    name, hints = clip
    attach, send = el("button", name, hints=hints, kind="button"), el("button", "", hints=("send-line",), kind="button")
    (form,) = forms(page(el("textbox", "Écrivez un message", hints=("chat-box",)), attach, send))
    assert (form.nature, form.submit()) == ("chat", send)
    (alone,) = forms(page(el("textbox", "Écrivez un message", hints=("chat-box",)), attach))
    assert alone.submit() is None  # Enter sends it


def test_a_form_with_nothing_else_is_sent_by_upload() -> None:
    described = el("textbox", "What is in it?", kind="textarea")
    (form,) = forms(page(el("textbox", "Subject"), described, el("file", "File", kind="file"), el("button", "Upload")))
    assert form.submit() == el("button", "Upload")


def test_a_text_that_is_only_edited_is_no_request() -> None:
    body = el("textbox", "", kind="contenteditable", group="")
    tool = el("clickable", "File list", group="")
    assert [f.nature for f in forms(page(body))] == ["other"]
    assert [f.nature for f in forms(page(body, tool))] == ["other"]
    assert [f.nature for f in forms(page(body, el("button", "Send", group="")))] == ["ticket"]
    named = replace(body, name="Describe your problem")
    assert [f.nature for f in forms(page(named))] == ["ticket"]

"""Which screens are the same, what came of an action, and what the user saw of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.incident import Symptom
from flows.journey import Journey, load_catalogue
from flows.recognise.entries import entries
from flows.recognise.fingerprint import fingerprint
from flows.recognise.outcome import cues_after, what_user_saw
from flows.screen import Element, Frame, Screen, Text

CATALOGUE: dict[str, Journey] = {j.id: j for j in load_catalogue()}


def el(role: str, name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"{role}|{name}", "role": role, "name": name, **facts})  # type: ignore[arg-type]


def screen(
    *elements: Element, texts: tuple[Text, ...] = (), address: str = "https://a.test/tickets/12", **facts: object
) -> Screen:
    return Screen(**{"address": address, "title": "t", "elements": elements, "texts": texts, **facts})  # type: ignore[arg-type]


BASE = screen(
    el("link", "Home", region="navigation"),
    el("button", "Save"),
    el("textbox", "Name", value="a"),
    texts=(Text("Ticket #12: Printer", "heading"), Text("10:31:07", "text"), Text("3 people online", "status")),
)


@pytest.mark.parametrize(
    "same",
    [
        replace(
            BASE,
            texts=(Text("Ticket #13: Screen", "heading"), Text("10:31:09", "text"), Text("9 people online", "status")),
        ),
        replace(BASE, address="https://a.test/tickets/13"),
        replace(
            BASE,
            elements=(*BASE.elements, el("link", "Ticket 99", region="main"), el("link", "Another", region="main")),
        ),
        replace(BASE, texts=(*BASE.texts, Text("one more line", "log"), Text("row", "cell"))),
        replace(BASE, elements=(*BASE.elements[:2], replace(BASE.elements[2], value="typed"))),
        replace(BASE, downloads=3, busy=True),
    ],
    ids=[
        "another ticket, clock, counter",
        "another number in the address",
        "longer list",
        "more in log and table",
        "value",
        "busy",
    ],
)
def test_data_makes_no_new_screen(same: Screen) -> None:
    assert fingerprint(same) == fingerprint(BASE)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, address="https://a.test/account"),
        replace(BASE, dialog="Really?"),
        replace(BASE, error="net::ERR_CERT_DATE_INVALID"),
        replace(BASE, texts=(*BASE.texts, Text("Failed to send request", "alert", live=True))),
        replace(BASE, texts=(*BASE.texts, Text("Subscribe?", "dialog"))),
        replace(BASE, elements=(*BASE.elements, el("textbox", "Card number"))),
        replace(BASE, texts=(Text("Account", "heading"), *BASE.texts[1:])),
        replace(
            BASE, frames=(Frame("f", "https://kb.test/", error="net::ERR_CERT_DATE_INVALID", box=(0, 0, 600, 400)),)
        ),
    ],
    ids=["page", "native dialog", "error page", "alert", "dialog", "form", "heading", "broken frame"],
)
def test_structure_makes_a_new_screen(other: Screen) -> None:
    assert fingerprint(other) != fingerprint(BASE)


CHAT = (el("textbox", "Type a message", group="c"), el("button", "Send", group="c"))


def outcomes(journey: str, stage: str, before: Screen, after: Screen, *typed: str) -> set[tuple[str, str]]:
    return {(c.outcome, c.kind) for c in cues_after(CATALOGUE[journey], stage, before, after, typed)}


def test_the_users_own_line_is_no_answer() -> None:
    before = screen(*CHAT, texts=(Text("Hello, this is Ada", "log"),))
    mine = Text("You: Can you help me?", "log")
    echo = screen(*CHAT, texts=(*before.texts, mine, Text("10:32", "log"), Text("Delivered", "log")))
    assert outcomes("start-chat", "say", before, echo, "Can you help me?") == set()
    answer = replace(echo, texts=(*echo.texts, Text("Of course. What is your order number?", "log")))
    assert ("success", "message-in-log") in outcomes("start-chat", "say", before, answer, "Can you help me?")


@pytest.mark.parametrize(
    "echo",
    [
        ("unnamed: Can you help me? 10:32",),
        ("Visiteur : Can you help me? ✓",),
        ("Visiteur :", "Can you help me?", "✓"),
        ("unnamed:", "10:32", "Can you help me?"),
    ],
    ids=["one line", "with a tick", "a name above", "a name and a time above"],
)
def test_a_name_beside_the_users_own_line_is_no_answer(echo: tuple[str, ...]) -> None:
    before = screen(*CHAT, texts=(Text("Hello, this is Ada", "log"),))
    after = screen(*CHAT, texts=(*before.texts, *(Text(t, "log") for t in echo)))
    assert outcomes("start-chat", "say", before, after, "Can you help me?") == set()
    for answer in ("Sure!", "You wrote «Can you help me?», and I will gladly do that."):
        answered = replace(after, texts=(*after.texts, Text(answer, "log")))
        assert ("success", "message-in-log") in outcomes("start-chat", "say", before, answered, "Can you help me?")


@pytest.mark.parametrize("frame", ["", "widget"])
def test_a_greeting_that_comes_while_the_line_stands_in_the_box_is_no_answer(frame: str) -> None:
    box = el("textbox", "Ask us anything…", kind="contenteditable", frame=frame, group="c")
    send = el("button", "Send", frame=frame, group="c")
    held = replace(box, value="Can you help me?")
    greeted = screen(held, send, texts=(Text("Hi there, Noor here. What can I do?", "log", frame),))
    assert ("success", "message-in-log") not in outcomes(
        "start-chat", "say", screen(box, send), greeted, "Can you help me?"
    )
    mine = Text("Can you help me?", "log", frame)
    kept = replace(greeted, texts=(mine, *greeted.texts))
    assert ("success", "message-in-log") in outcomes("start-chat", "say", screen(box, send), kept, "Can you help me?")


def test_the_page_of_a_new_ticket_may_offer_to_edit_it() -> None:
    fields = (el("textbox", "Summary", group="f"), el("textbox", "Description", kind="textarea", group="f"))
    before = screen(*fields, address="https://a.test/newticket")
    kept = tuple(replace(f, value="My printer is on fire") for f in fields)
    own = screen(*kept, texts=(Text("#1 new defect", "heading"),), address="https://a.test/ticket/1")
    assert ("success", "form-gone-number") in outcomes("submit-ticket", "submit", before, own, "My printer is on fire")
    preview = replace(own, address="https://a.test/newticket")
    assert outcomes("submit-ticket", "submit", before, preview, "My printer is on fire") == set()


def test_a_short_article_is_read_where_its_own_title_was_the_door() -> None:
    before = screen(el("link", "Pomoc: wymiana baterii"), el("link", "Pomoc"))
    text = "Zdejmij pokrywę z tyłu lampy i wyjmij starą baterię. Włóż nową tak, aby plus był u góry, i załóż pokrywę z powrotem."
    after = screen(texts=(Text("Pomoc:Wymiana baterii", "heading"), Text(text)), address="https://a.test/pomoc/1")
    library = CATALOGUE["knowledge-base"]

    def kinds(pressed: str, shown: Screen) -> set[tuple[str, str]]:
        return {(c.outcome, c.kind) for c in cues_after(library, "open", before, shown, (), pressed)}

    assert ("success", "article") in kinds("Pomoc: wymiana baterii", after)
    shorter = replace(after, texts=(Text("Wymiana starej baterii", "heading"), Text(text)))
    assert ("success", "article") in kinds("Pomoc: wymiana starej baterii", shorter)
    assert ("success", "article") not in kinds("Pomoc", after)
    other = replace(after, texts=(Text("Najnowsze wpisy", "heading"), Text(text)))
    assert ("success", "article") not in kinds("Pomoc: wymiana baterii", other)


def test_a_list_of_words_is_no_data() -> None:
    before = screen(el("link", "Settings"))
    languages = replace(before, texts=tuple(Text(t, "listitem") for t in ("Afrikaans", "Bosanski", "Català")))
    orders = replace(before, texts=tuple(Text(f"Order {n}, shipped", "listitem") for n in (11, 12, 13)))
    assert outcomes("account-info", "open", before, languages) == set()
    assert outcomes("account-info", "open", before, orders) == {("success", "data-shown")}


def test_a_password_that_confirms_an_end_is_no_login() -> None:
    ends = (
        el("textbox", "Password", kind="password", group="d"),
        el("button", "Delete account", group="d", kind="submit"),
    )
    login = screen(el("link", "My account"))
    assert ("detour", "login-form") not in outcomes("account-info", "open", login, screen(*ends))


def test_an_empty_profile_is_no_data() -> None:
    before = screen(el("link", "My account"))
    fields = (el("textbox", "Full name", group="p"), el("textbox", "E-mail", kind="email", group="p"))
    empty, filled = screen(*fields), screen(replace(fields[0], value="Ada"), fields[1])
    assert outcomes("account-info", "open", before, empty) == set()
    assert outcomes("account-info", "open", before, filled) == {("success", "data-shown")}


@pytest.mark.parametrize("passwords", [("Nieuw wachtwoord", "Herhaal het wachtwoord"), ("Huidig wachtwoord",)])
def test_a_profile_that_takes_a_new_password_shows_data_to_who_is_logged_in(passwords: tuple[str, ...]) -> None:
    before = screen(el("link", "Mijn gegevens"), el("link", "Uitloggen"))
    fields = [
        el("textbox", "Voornaam", value="Anna", group="p"),
        *(el("textbox", p, kind="password", group="p") for p in passwords),
    ]
    known, unknown = screen(*fields, el("link", "Uitloggen")), screen(*fields, el("link", "Inloggen"))
    assert ("success", "data-shown") in outcomes("account-info", "open", before, known)
    assert ("success", "data-shown") not in outcomes("account-info", "open", before, unknown)


def test_an_error_that_speaks_of_sending_is_no_thanks() -> None:
    form = (
        el("textbox", "Subject", group="f"),
        el("textbox", "Message", kind="textarea", group="f"),
        el("button", "Submit", group="f"),
    )
    before = screen(*form)
    for words in (
        "Your request was not sent, error 500",
        "Ihre Anfrage konnte nicht gesendet werden",
        "送信できませんでした",
        "提交失败",
    ):
        found = outcomes("submit-ticket", "submit", before, screen(*form, texts=(Text(words, "alert", live=True),)))
        assert {o for o, _ in found} == {"failure"}, words


def test_a_staged_file_is_not_a_sent_one() -> None:
    form = (el("file", "Attachment", kind="file", group="u"), el("button", "Upload", kind="submit", group="u"))
    before = screen(*form)
    staged = screen(*form, texts=(Text("shot.png", "listitem"),))
    assert outcomes("upload-attachment", "choose", before, staged, "/tmp/x/shot.png") == set()
    assert ("success", "file-listed") in outcomes("upload-attachment", "submit", before, staged, "/tmp/x/shot.png")


@pytest.mark.parametrize("answers", [("Cancel", "Send"), ("Άκυρο", "Αποστολή")])
def test_a_file_in_a_dialog_that_still_asks_is_not_a_sent_one(answers: tuple[str, ...]) -> None:
    field = el("file", "", kind="file", group="u")
    name = Text("shot.png", "text", region="dialog")
    asked = screen(field, *(el("button", a, region="dialog") for a in answers), texts=(name,))
    told = screen(field, el("button", "×", region="dialog"), texts=(name,))
    assert outcomes("upload-attachment", "choose", screen(field), asked, "/tmp/x/shot.png") == set()
    assert ("success", "file-listed") in outcomes("upload-attachment", "choose", screen(field), told, "/tmp/x/shot.png")


def test_a_frame_counts_if_it_is_the_journeys_or_new_and_large() -> None:
    before = screen(el("link", "Help"))
    broken = Frame("k", "https://cdn.test/x", error="net::ERR_CERT_DATE_INVALID", box=(0, 0, 600, 400))
    assert outcomes("knowledge-base", "open", before, replace(before, frames=(broken,))) == {("failure", "error-page")}
    pixel = replace(broken, box=(0, 0, 1, 1))
    assert outcomes("knowledge-base", "open", before, replace(before, frames=(pixel,))) == set()


def test_a_login_form_is_a_detour() -> None:
    login = screen(el("textbox", "User", group="l"), el("textbox", "Password", kind="password", group="l"))
    assert outcomes("account-info", "open", screen(el("link", "My account")), login) >= {("detour", "login-form")}


def test_a_payment_form_is_success_only_where_the_journey_stops_before_paying() -> None:
    before, after = (
        screen(el("button", "Pay now")),
        screen(el("textbox", "Card number", group="p"), el("textbox", "CVC", group="p")),
    )
    assert outcomes("payment", "open", before, after) == {("success", "stopped-before:pay")}
    allowed = CATALOGUE["payment"].model_copy(update={"stops_before": ""})
    assert {c.outcome for c in cues_after(allowed, "open", before, after)} == {"detour"}


def test_what_the_user_saw() -> None:
    chat = CATALOGUE["start-chat"]
    before = screen(*CHAT)

    def saw(after: Screen, how: str = "quiet") -> Symptom | None:
        return what_user_saw(before, after, cues_after(chat, "say", before, after), how)

    def told(words: str) -> Screen:
        return screen(*CHAT, texts=(Text(words, "alert", live=True),))

    assert saw(told("Cannot connect. The certificate has expired.")) is Symptom.CLEAR_MESSAGE
    assert saw(told("Something went wrong")) is Symptom.GENERIC_MESSAGE
    assert saw(before) is Symptom.NOTHING_HAPPENED
    assert saw(replace(before, busy=True)) is Symptom.ENDLESS_SPINNER
    assert saw(Screen("https://a.test/tickets/12", "")) is Symptom.BLANK
    assert saw(replace(before, error="net::ERR_CERT_DATE_INVALID")) is Symptom.BROWSER_WARNING
    assert saw(before, "crashed") is Symptom.CRASH
    answered = screen(*CHAT, texts=(Text("How can I help you?", "log"),))
    assert saw(answered) is None


def test_entries_leave_out_what_cannot_or_must_not_be_pressed() -> None:
    there = screen(
        el("link", "Contact us", href="mailto:a@a.test"),
        el("button", "Contact us", enabled=False),
        el("heading", "Contact us"),
        el("link", "Get in touch"),
    )
    assert [e.name for e in entries(CATALOGUE["submit-ticket"], there)] == ["Get in touch"]


@pytest.mark.parametrize(
    ("journey", "name", "hints"),
    [
        ("start-chat", "", ("chat-launcher",)),
        ("upload-attachment", "", ("icon-attach",)),
        ("submit-ticket", "Open a case", ()),
        ("submit-ticket", "Raise a request", ()),
        ("start-chat", "Message us", ()),
        ("knowledge-base", "User guide", ()),
        ("login", "Sign in", ()),
        ("account-info", "Orders", ()),
        ("payment", "Upgrade", ()),
        ("download-attachment", "Export as CSV", ()),
    ],
)
def test_names_and_icons_that_were_never_seen_before(journey: str, name: str, hints: tuple[str, ...]) -> None:
    there = screen(el("link", "Imprint"), el("clickable", name, hints=hints))
    assert [e.role for e in entries(CATALOGUE[journey], there)] == ["clickable"]


def test_the_page_loaded_once_more_offers_its_form_again_and_nothing_is_waited_for() -> None:
    form = (
        el("link", "Submit a ticket", region="navigation"),
        el("textbox", "Subject", group="f", region="main"),
        el("textbox", "Description", kind="textarea", group="f", region="main"),
        el("button", "Submit", group="f", region="main"),
    )
    page = screen(*form, address="https://a.test/tickets/new", loaded=1.0)
    assert cues_after(CATALOGUE["submit-ticket"], "open", page, page) == ()
    (cue,) = cues_after(CATALOGUE["submit-ticket"], "open", page, replace(page, loaded=2.0))
    assert (cue.outcome, cue.text) == ("detour", "Subject")


def test_a_menu_that_comes_with_every_page_is_no_way_on() -> None:
    page = screen(el("link", "Live chat", region="navigation"), address="https://a.test/chat", loaded=1.0)
    assert cues_after(CATALOGUE["start-chat"], "open", page, replace(page, loaded=2.0)) == ()


LOGIN = screen(
    el("textbox", "User", group="l"),
    el("textbox", "Password", kind="password", group="l"),
    el("button", "Log in", group="l"),
    address="https://a.test/login",
)
INSIDE = (el("link", "Overview"), el("link", "Tickets"), el("button", "New"))


def test_a_box_of_the_landing_page_that_complains_of_its_own_feed_is_no_failure_of_the_login() -> None:
    board = screen(
        *INSIDE, texts=(Text("The news feed could not be loaded.", "alert"),), address="https://a.test/board"
    )
    assert ("success", "logged-in") in outcomes("login", "submit", LOGIN, board)
    assert not {o for o in outcomes("login", "submit", LOGIN, board) if o[0] == "failure"}


@pytest.mark.parametrize(
    "after",
    [
        screen(*INSIDE, texts=(Text("Login failed: not available", "alert"),), address="https://a.test/failed"),
        screen(*INSIDE, el("link", "Sign in"), texts=(Text("Not available", "alert"),), address="https://a.test/board"),
        screen(texts=(Text("Service unavailable", "alert"),), address="https://a.test/board"),
        screen(*INSIDE, texts=(Text("Not available", "alert"),), address="https://a.test/login"),
        screen(*INSIDE, texts=(Text("Something went wrong", "heading"),), address="https://a.test/sessions"),
    ],
    ids=["it speaks of the login", "the login is offered still", "no door", "same page", "an error page"],
)
def test_a_complaint_after_the_login_counts_where_nothing_says_that_the_user_is_in(after: Screen) -> None:
    assert ("success", "logged-in") not in outcomes("login", "submit", LOGIN, after)


def test_the_users_menu_is_not_the_users_data() -> None:
    before = screen(el("button", "Ada"))
    rows = tuple(Text(t, "cell") for t in ("#12", "ada@a.test", "2026-01-02"))
    assert ("success", "data-shown") in outcomes(
        "account-info", "open", before, screen(el("button", "Ada"), texts=rows)
    )
    opened = screen(el("button", "Ada"), el("link", "Settings"), el("link", "Log out"), texts=rows)
    assert ("success", "data-shown") not in outcomes("account-info", "open", before, opened)


def test_an_app_of_one_page_has_let_the_user_in_when_its_doors_come() -> None:
    same = screen(*INSIDE, address=LOGIN.address)
    assert ("success", "logged-in") in outcomes("login", "submit", LOGIN, same)
    for still in (replace(same, busy=True), replace(same, elements=same.elements[:1])):
        assert ("success", "logged-in") not in outcomes("login", "submit", LOGIN, still)


def test_the_user_name_alone_on_a_page_of_ones_own_is_data_and_in_a_list_or_greeting_it_is_none() -> None:
    before = screen(el("link", "Preferences", region="navigation"), address="https://a.test/")

    def seen(text: Text, address: str = "https://a.test/prefs") -> set[tuple[str, str]]:
        rest = (Text("Your preferences", "heading"), Text("User name:", "label"))
        return outcomes("account-info", "open", before, screen(texts=(*rest, text), address=address), "ann", "a secret")

    shown = {("success", "data-shown")}
    assert seen(Text("Ann", "label", region="main")) == shown
    assert seen(Text("Ann", "text", region="banner")) == seen(Text("Ann", "cell", region="main")) == set()
    assert seen(Text("Announcements", "text")) == seen(Text("Ann", "text"), address="https://a.test/") == set()
    field = el("textbox", "Signature", value="ann", region="main")
    assert outcomes("account-info", "open", before, screen(field, address="https://a.test/prefs"), "ann") == shown


def test_a_link_to_change_the_password_asks_for_none() -> None:
    login = screen(el("textbox", "Name"), el("textbox", "Password", kind="password"), el("button", "Sign in"))
    after = screen(el("link", "Log out"), el("link", "Change password"), address="https://a.test/profile")
    assert ("success", "logged-in") in outcomes("login", "submit", login, after)

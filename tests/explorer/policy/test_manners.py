"""What comes between is answered as a person would, and not for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.policy.manners import Manners
from explorer.policy.permission import Permission
from flows.screen import Element, Screen, Text
from flows.step import ActionKind


def manners() -> Manners:
    return Manners(lambda url: url.startswith("https://desk.test/"), keyboard=False)


def el(name: str, **facts: object) -> Element:
    return Element(**{"ref": name, "key": f"button|{name}", "role": "button", "name": name, **facts})  # type: ignore[arg-type]


def page(*elements: Element, address: str = "https://desk.test/", **facts: object) -> Screen:
    return Screen(**{"address": address, "title": "", "elements": elements, **facts})  # type: ignore[arg-type]


def test_a_dialog_is_accepted_only_if_a_journey_asked_for_it_and_nothing_is_lost() -> None:
    for text, own, kind in (
        ("Send your message now?", True, ActionKind.ACCEPT),
        ("Send your message now?", False, ActionKind.DISMISS),
        ("Delete your account?", True, ActionKind.DISMISS),
        ("Your card will be charged 400 €. Continue?", True, ActionKind.DISMISS),
        ("This cannot be undone. OK?", True, ActionKind.DISMISS),
        ("beforeunload", False, ActionKind.ACCEPT),
    ):
        found = manners().interruption(page(dialog=text), busy=False, own=own)
        assert found is not None and found[0].kind is kind, text


def test_a_foreign_site_is_left_unless_a_journey_led_there() -> None:
    screen = page(address="https://elsewhere.test/")
    found = manners().interruption(screen, busy=False)
    assert found is not None and found[0].kind is ActionKind.BACK
    assert manners().interruption(screen, busy=True) is None


def test_an_error_page_that_stays_is_given_up() -> None:
    one, screen = manners(), page(error="net::ERR_CERT_DATE_INVALID")
    kinds = []
    while not one.lost:
        found = one.interruption(screen, busy=False)
        assert found is not None
        kinds.append(found[0].kind)
    assert kinds[:3] == [ActionKind.BACK, ActionKind.BACK, ActionKind.OPEN] and len(kinds) < 8


def test_a_cookie_banner_is_answered_three_times_at_most() -> None:
    one = manners()
    screen = page(el("Accept all"), texts=(Text("We use cookies to improve our service."),))
    found = [one.interruption(screen, busy=False) for _ in range(5)]
    assert [f is not None for f in found] == [True, True, True, False, False]
    assert manners().interruption(page(el("Accept all"), texts=(Text("Our offer"),)), busy=False) is None


def test_what_lies_over_a_control_is_closed_first() -> None:
    wanted = el("Send", covered=True)
    found = manners().uncovered(page(wanted, el("Close", region="dialog")), wanted)
    assert found is not None and found[0].label == "Close"
    bare = manners().uncovered(page(wanted), wanted)
    assert bare is not None and bare[0].text == "Escape"
    assert manners().uncovered(page(wanted), el("Send")) is None


QUOTE = (Text("By accepting you consent to the order.", region="dialog"),)


def public(**facts: object) -> Manners:
    permission = Permission(public=True, **facts)  # type: ignore[arg-type]
    return Manners(lambda url: url.startswith("https://desk.test/"), keyboard=False, permission=permission)


def test_an_offer_is_no_banner_however_much_it_speaks_of_consent() -> None:
    accept = el("Accept", region="dialog", headings=("Your quote: 4,900 €",))
    assert not public().consents(accept, page(accept, texts=QUOTE))
    posts = el("Accept", region="dialog", kind="submit", sends="post /quotes/7/accept")
    cookies = (Text("We use cookies and similar tracking.", region="dialog"),)
    assert not public().consents(posts, page(posts, texts=cookies))
    asks = el("Accept", region="dialog", headings=("Accept the offer?",))
    assert not public().consents(asks, page(asks, texts=cookies))


def test_a_banner_about_cookies_is_answered_on_a_public_target_too() -> None:
    cookies = (Text("We use cookies and similar tracking.", region="dialog"),)
    for accept in (el("Accept", region="dialog"), el("OK", region="dialog", sends="post /cookie-consent")):
        assert public().consents(accept, page(accept, texts=cookies))


COOKIES = "This site uses cookies to work better."
NOT_ABOUT_COOKIES = {
    "a list of members, with a notice at the end of the page": el(
        "Approve all", beside=("Ann asked to join two days ago",)
    ),
    "a list in the page itself": el("Reject all"),
    "a parcel that may be tracked": el("Allow", region="dialog", beside=("Tracking for parcel 4711 is off.",)),
    "a patient's consent": el(
        "Approve", region="dialog", hints=("consent-approve",), beside=("Consent of Ann Miller to surgery",)
    ),
    "an order for biscuits": el("Accept", region="main", beside=("Order 4711: 12 boxes of chocolate cookies",)),
    "a posting": el(
        "Approve", region="dialog", beside=("New post in «Cookies and cakes» by Ann", "Publish it on the board?")
    ),
    "a decision in the page, close to a notice": el("Approve all", beside=(COOKIES, "Members who asked to join")),
}


@pytest.mark.parametrize("element", NOT_ABOUT_COOKIES.values(), ids=NOT_ABOUT_COOKIES)
def test_a_decision_about_something_else_is_no_banner_whatever_the_page_says_of_cookies(element: Element) -> None:
    notice = (Text(COOKIES), Text(COOKIES, region="contentinfo"))
    assert not public().consents(element, page(element, texts=notice))


@pytest.mark.parametrize("name", ["Accept all", "Reject all", "Only necessary", "Alle ablehnen", "Got it"])
@pytest.mark.parametrize("place", [{"region": "dialog"}, {"region": "complementary"}, {"hints": ("cookie-accept",)}])
def test_a_banner_is_known_by_the_words_of_its_own_box(name: str, place: dict[str, object]) -> None:
    answer = el(name, beside=(COOKIES, "You can withdraw your consent at any time."), **place)
    assert public().consents(answer, page(answer))


DECISIONS = [
    ("Approve", "Jane asks for access to your files."),
    ("Reject", "Jane asks for access to your files."),
    ("Accept", "Bob invites you to join the team."),
    ("I agree", "I take over the contract of the previous tenant."),
    ("OK", "We call a taxi to your address now."),
    ("Save", "Your profile"),
    ("Einverstanden", "Die Schicht am Sonntag wird getauscht."),
]


@pytest.mark.parametrize(("name", "told"), DECISIONS)
@pytest.mark.parametrize("hint", ["", "consent-approve"])
def test_a_decision_in_one_dialog_is_not_explained_by_the_banner_in_another(name: str, told: str, hint: str) -> None:
    decision = el(name, region="dialog", group="dialog:1", beside=(told,), hints=(hint,))
    answer = el("Accept all", region="dialog", group="dialog:2", beside=(COOKIES,))
    both = page(decision, answer, texts=(Text(told, region="dialog"), Text(COOKIES, region="dialog")))
    assert not public().consents(decision, both)
    found = public().interruption(both, busy=False)
    assert found is not None and found[0].label == "Accept all"
    nowhere = page(replace(decision, beside=()), replace(answer, beside=()), texts=both.texts)
    assert public().interruption(nowhere, busy=False) is None, "no surface says which text belongs to which dialog"


@pytest.mark.parametrize(("name", "told"), DECISIONS)
def test_a_frame_that_mentions_cookies_somewhere_is_no_banner(name: str, told: str) -> None:
    decision = el(name, frame="app.vendor.test/", beside=(told,))
    texts = (Text(told, frame="app.vendor.test/"), Text(COOKIES, frame="app.vendor.test/"))
    assert not public().consents(decision, page(decision, texts=texts))
    banner = el(name, frame="app.vendor.test/", beside=(COOKIES,))
    assert public().consents(banner, page(banner, texts=texts[1:]))


def test_a_banner_whose_buttons_stand_in_a_block_of_their_own_is_known_by_what_developers_call_it() -> None:
    texts = (Text(COOKIES, region="dialog"), Text("Powered by Biscuit", region="dialog"))
    for group, answered in (("cookie-banner", True), ("consent", True), ("sheet", False)):
        answer = el("Accept all", region="dialog", group=group, beside=("Powered by Biscuit",))
        assert public().consents(answer, page(answer, texts=texts)) is answered, group


@pytest.mark.parametrize(
    "text",
    [
        "We use cookies.",
        "Wir nutzen Cookies.",
        "本网站使用Cookie。",
        "当サイトではCookieを使用します。",
        "By clicking “Accept All Cookies”, you agree to the storing of cookies on your device.",
        "Vous pouvez accepter ou refuser les cookies.",
    ],
)
def test_short_banners_and_those_that_speak_of_accepting_are_answered_too(text: str) -> None:
    answer = el("Accept all", region="dialog", beside=(text, "You may accept or decline."))
    assert public().consents(answer, page(answer))


def test_a_run_that_only_reads_answers_a_banner_only_by_a_control_that_names_cookies() -> None:
    for answer, answered in (
        (el("Accept", region="dialog", beside=(COOKIES,)), False),
        (el("Accept all cookies", region="dialog", beside=(COOKIES,)), True),
        (el("Accept", region="dialog", hints=("cookie-ok",), beside=(COOKIES,)), True),
    ):
        assert public(read_only=True).consents(answer, page(answer)) is answered, answer


def closed_by(*shown: Element) -> list[str]:
    """What is pressed on a public target, in order, to close a dialog that stays open."""
    one = public()
    pressed: list[str] = []
    while (action := one.left_open(page(*shown))) is not None and len(pressed) < 9:
        pressed.append(action.label)
    return pressed


def inside(name: str, **facts: object) -> Element:
    return el(name, region="dialog", group="dialog:1", **facts)


def test_a_word_that_may_end_what_a_dialog_shows_does_not_close_it() -> None:
    for name in ("Cancel", "Close", "Skip", "Abbrechen", "Schließen", "閉じる"):
        assert closed_by(inside(name, beside=("Order 4711, two lamps",))) == ["Escape"], name
        assert closed_by(inside(name), inside("Track the parcel")) == ["Escape"], name


def test_a_dialog_that_offers_no_way_out_is_left() -> None:
    assert closed_by(inside("Name", role="textbox"), inside("Sign in")) == []


def test_a_dialog_is_closed_by_escape_then_by_a_cross_then_by_saying_no() -> None:
    cross = inside("Close", box=(0, 0, 24, 24))
    assert closed_by(inside("Cancel"), inside("Send"), cross) == [
        "Escape",
        "Close",
        "Close",
        "Close",
        "Cancel",
        "Cancel",
        "Cancel",
    ]
    assert closed_by(inside("Not now"))[:2] == ["Escape", "Not now"]
    assert closed_by(inside("×"))[:2] == ["Escape", "×"]


def test_what_is_never_pressed_and_what_a_run_may_not_send_holds_for_banners_too() -> None:
    cookies = (Text("We use cookies and similar tracking.", region="dialog"),)
    accept = el("Accept all", region="dialog")
    assert not public(never_press=("Accept all",)).consents(accept, page(accept, texts=cookies))
    posts = el("Accept all", region="dialog", sends="post /cookie-consent")
    assert not public(read_only=True).consents(posts, page(posts, texts=cookies))


def test_a_dialog_that_nobody_can_read_is_answered_on_a_test_system_where_escape_does_not_help() -> None:
    wanted = el("Βοήθεια", covered=True)
    answers = (el("Αποδοχή όλων", region="dialog"), el("Μόνο τα απαραίτητα", region="dialog"))

    def pressed(one: Manners, *elements: Element) -> list[str]:
        found = [one.uncovered(page(wanted, *elements), wanted) for _ in range(3)]
        return [f[0].label for f in found if f is not None]

    test_system = Manners(lambda _: True, keyboard=False, permission=Permission(public=False))
    assert pressed(test_system, *answers) == ["Escape", "Escape", "Αποδοχή όλων"]
    asking = Manners(lambda _: True, keyboard=False, permission=Permission(public=False))
    assert pressed(asking, el("Όνομα", role="textbox", region="dialog"), *answers) == ["Escape", "Escape"]
    public = Manners(lambda _: True, keyboard=False, permission=Permission(public=True))
    assert pressed(public, *answers) == ["Escape", "Escape"]

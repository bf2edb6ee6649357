"""Taps, keys and lists, on a session that keeps what it was asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.surfaces.android.hands import Hands
from explorer.surfaces.android.screen import Parsed, Place
from flows.screen import Screen
from tests.explorer.surfaces.android.session import Session, driver

BUTTON = Place((100, 200, 40, 20), "", "")
AGREE = '<hierarchy><node text="invoice &amp; more.pdf" bounds="[0,600][200,700]"/></hierarchy>'


async def hands(session: Session, **parsed: object) -> Hands:
    seen = Parsed(Screen("", "", native=True, viewport=(400, 800)))
    return Hands(await driver(session), replace(seen, **parsed))  # type: ignore[arg-type]


async def test_a_tap_goes_to_the_middle_as_often_as_is_asked() -> None:
    session = Session()
    await (await hands(session)).tap(BUTTON, 2)
    assert session.done == [("clickGesture", {"x": 120, "y": 210})] * 2


async def test_keys_are_known_by_name_and_others_count_as_enter() -> None:
    session = Session()
    one = await hands(session)
    for key in ("Escape", "Tab", "F13"):
        await one.press(key)
    assert session.done == [("key", 111), ("key", 61), ("key", 66)]


async def test_what_a_long_list_offers_is_scrolled_to_and_tapped() -> None:
    session = Session(("<a/>", "<a/>", "<b/>", AGREE))
    assert await (await hands(session)).tap_text("invoice & more.pdf", "the list") == ""
    assert [name for name, _ in session.done] == ["scrollGesture", "clickGesture"]
    assert session.done[-1][1] == {"x": 100, "y": 650}


async def test_a_scroll_moves_the_middle_of_the_screen_in_pixels_and_may_find_nothing_that_scrolls() -> None:
    session = Session()
    one = await hands(session)
    await one.scroll("up")
    (_, told) = session.done[0]
    assert (told["left"], told["top"], told["width"], told["height"], told["direction"]) == (80, 400, 640, 800, "up")
    session.refuses = "nothing scrolls"
    await one.scroll("down")


async def test_a_dialog_is_answered_with_its_button_or_left_with_back() -> None:
    session = Session()
    await (await hands(session, buttons={"button2": BUTTON})).answer(accept=False)
    await (await hands(session, buttons={"button2": BUTTON})).answer(accept=True)
    assert [name for name, _ in session.done] == ["clickGesture", "back"]


@pytest.mark.parametrize("keyboard", [True, False])
async def test_a_keyboard_is_put_away_with_back_and_nothing_is_pressed_without_one(keyboard: bool) -> None:
    session = Session(keyboard=keyboard)
    assert await (await hands(session)).type(BUTTON, "hello") == ""
    pressed = [name for name, _ in session.done]
    assert pressed == ["clickGesture", "replaceElementValue", *(["back"] if keyboard else [])]


async def test_a_phone_is_turned() -> None:
    session = Session()
    await (await hands(session)).rotate("landscape")
    assert session.orientation == "LANDSCAPE"

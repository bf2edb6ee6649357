"""All eight journeys of the healthy demo, in a real browser that trusts nothing but the demo's root."""

from __future__ import annotations

import pytest

from explorer.lab.demo.walkthrough import ATTACHMENT, JOURNEYS, LINE
from tests.explorer.lab.demo.conftest import Visit


@pytest.mark.parametrize(
    ("skin", "language"),
    [
        ("classic", "en"),
        ("modern", "de"),
        pytest.param("classic", "ja", marks=pytest.mark.nightly),
        pytest.param("modern", "en", marks=pytest.mark.nightly),
    ],
)
async def test_all_eight_journeys_work_and_reach_their_backends(visit: Visit, skin: str, language: str) -> None:
    async with visit(skin=skin, language=language) as walk:
        failed: list[str] = []
        walk.page.context.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
        for journey in JOURNEYS[:-1]:
            await getattr(walk, journey)()
        await walk.payment(pay=True)
        state = walk.demo.state
    assert state.chat_lines == [LINE]
    assert [ticket.message for ticket in state.tickets] == [LINE]
    assert state.articles_read == ["returns"]
    assert [file.name for file in state.uploads] == [ATTACHMENT] == state.downloads
    assert state.uploads[0].content == LINE.encode()
    assert state.logins == [(walk.demo.login[0], True)]
    assert state.profiles_read >= 1
    assert [payment.last4 for payment in state.payments] == ["4242"]
    assert state.beacons["view"] >= 1 and state.beacons["click"] >= 1
    assert [f for f in failed if "ERR_ABORTED" not in f] == []


@pytest.mark.parametrize(("skin", "guarded"), [("classic", "account"), ("classic", "billing"), ("modern", "account")])
async def test_login_guards_account_and_payment_and_comes_back_to_them(visit: Visit, skin: str, guarded: str) -> None:
    async with visit(skin=skin) as walk:
        await walk.visit(guarded)
        await walk.field("password").wait_for()
        user, password = walk.demo.login
        await walk.field("user").fill(user)
        await walk.field("password").fill("not-" + password)
        submit = walk.page.locator("main").get_by_role("button", name=walk.words["login_button"], exact=True)
        await submit.click()
        await walk.said("login_wrong").wait_for()
        await walk.field("password").fill(password)
        await submit.click()
        await walk.page.get_by_text("A-20417" if guarded == "account" else "INV-2041").wait_for()
    assert walk.demo.state.logins == [(user, False), (user, True)]


@pytest.mark.parametrize(
    ("skin", "login", "logout"), [("classic", "nav_login", "nav_logout"), ("modern", "menu_login", "menu_logout")]
)
async def test_logout_asks_first_and_ends_the_session(visit: Visit, skin: str, login: str, logout: str) -> None:
    async with visit(skin=skin) as walk:
        await walk.login()
        await walk.page.get_by_text(walk.words[logout], exact=True).click()
        if walk.modern:
            await walk.button("logout_yes").click()
        await walk.page.get_by_text(walk.words[login], exact=True).first.wait_for()
    assert walk.demo.state.logouts == 1


@pytest.mark.parametrize("skin", ["classic", "modern"])
async def test_clock_and_agents_change_while_nobody_does_anything(visit: Visit, skin: str) -> None:
    async with visit(skin=skin) as walk:
        for place in (".clock", ".agents"):
            told = walk.page.locator(place)
            before = await told.text_content()
            await walk.page.wait_for_function(
                "([place, before]) => (document.querySelector('desk-app')?.shadowRoot ?? document)"
                ".querySelector(place).textContent !== before",
                arg=[place, before],
            )


async def test_a_ticket_begun_but_not_sent_is_asked_about_on_leaving(visit: Visit) -> None:
    async with visit() as walk:
        asked: list[str] = []
        walk.page.on("dialog", lambda dialog: asked.append(dialog.type))
        await walk.visit("ticket")
        await walk.field("name").press_sequentially("Ana")
        await walk.visit("help")
        await walk.page.wait_for_url("**/help")
    assert asked == ["beforeunload"]


async def test_the_consent_banner_covers_the_page_until_it_is_answered(visit: Visit) -> None:
    async with visit(skin="modern") as walk:
        await walk.page.evaluate("localStorage.clear()")
        await walk.page.reload()
        covers = "() => document.elementFromPoint(innerWidth / 2, innerHeight / 3).localName"
        await walk.button("consent_accept").wait_for()
        assert await walk.page.evaluate(covers) == "desk-consent"
        await walk.button("consent_accept").click()
        assert await walk.page.evaluate(covers) == "desk-app"


async def test_the_menu_folds_away_on_a_narrow_screen(visit: Visit) -> None:
    async with visit(skin="modern", viewport={"width": 412, "height": 839}) as walk:
        entry = walk.page.locator(".entry").first
        assert not await entry.is_visible()
        await walk.button("menu_open").click()
        await entry.wait_for(state="visible")

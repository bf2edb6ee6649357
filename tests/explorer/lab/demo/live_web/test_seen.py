"""What visitors see when one host of the demo is broken: another thing in each skin, as on real sites."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from playwright.async_api import Request, expect

from explorer.lab.demo.walkthrough import Walk
from tests.explorer.lab.demo.conftest import Visit

pytestmark = pytest.mark.nightly


def failed(walk: Walk, host: str) -> AbstractAsyncContextManager[Any]:
    """Waits, as a context manager, until a request to the host has failed."""

    def from_host(request: Request) -> bool:
        return request.url.startswith(walk.demo.origin(host))

    return walk.page.context.expect_event("requestfailed", from_host)


async def test_classic_chat_says_that_it_cannot_connect(visit: Visit) -> None:
    async with visit({"chat": "expired"}) as walk:
        await walk.begin_chat()
        await walk.said("chat_failed").wait_for()
        assert walk.demo.state.chat_opened == 0


async def test_modern_chat_is_dead_from_page_load_on_and_stays_blank(visit: Visit) -> None:
    async with visit({"chat": "expired"}, skin="modern") as walk:
        await walk.begin_chat()
        chat = walk.page.frame_locator("#vendor-chat")
        await chat.locator("#draft").fill("Is anybody there?")
        await chat.locator("#send").click()
        await expect(chat.locator("#said")).to_be_empty()
        assert walk.demo.state.chat_opened == 0


async def test_classic_ticket_does_nothing(visit: Visit) -> None:
    async with visit({"tickets": "hostname-mismatch"}) as walk:
        await walk.visit("ticket")
        before = await walk.page.locator("main").inner_text()
        async with failed(walk, "tickets"):
            await walk.begin_ticket()
        assert walk.page.url.endswith("/tickets/new")
        assert await walk.page.locator("main").inner_text() == before


async def test_modern_ticket_says_that_sending_failed(visit: Visit) -> None:
    async with visit({"tickets": "hostname-mismatch"}, skin="modern") as walk:
        await walk.begin_ticket()
        await walk.said("ticket_failed").wait_for()
        assert await walk.field("subject").input_value() == "Dark display"


async def test_classic_knowledge_base_is_the_browsers_own_error_page_in_a_frame(visit: Visit) -> None:
    async with visit({"kb": "self-signed"}) as walk:
        async with failed(walk, "kb"):
            await walk.visit("help")
        await expect(walk.page.frame_locator("main iframe").locator("#main-frame-error")).to_be_attached()


async def test_modern_knowledge_base_says_that_content_is_unavailable(visit: Visit) -> None:
    async with visit({"kb": "self-signed"}, skin="modern") as walk:
        await walk.visit("help")
        await walk.said("help_unavailable").wait_for()


async def test_classic_account_spins_for_ever(visit: Visit) -> None:
    async with visit({"api": "untrusted-ca"}) as walk:
        await walk.login()
        await expect(walk.page.get_by_role("progressbar")).to_be_visible()
        async with failed(walk, "api"):
            await walk.page.reload()
        await expect(walk.page.get_by_role("progressbar")).to_be_visible()


async def test_modern_account_says_that_there_are_no_data_and_recovers_on_another_try(visit: Visit) -> None:
    async with visit({"api": "untrusted-ca"}, skin="modern") as walk:
        await walk.login()
        await walk.said("account_failed").wait_for()
        await walk.demo.present("api", None)
        await walk.button("try_again").click()
        await walk.page.get_by_text("A-20417").wait_for()


@pytest.mark.parametrize(("skin", "words"), [("classic", "login_failed"), ("modern", "login_insecure")])
async def test_login_fails_with_a_vague_word_or_a_clear_one(visit: Visit, skin: str, words: str) -> None:
    async with visit({"auth": "not-yet-valid"}, skin=skin) as walk:
        await walk.begin_login()
        await walk.said(words).wait_for()
        assert walk.demo.state.logins == []


async def test_classic_payment_ends_at_the_browsers_warning(visit: Visit) -> None:
    async with visit({"payments": "expired"}) as walk:
        await walk.login()
        await walk.begin_payment()
        await walk.page.wait_for_url("chrome-error://**")


async def test_modern_payment_shows_no_form_in_its_dialog(visit: Visit) -> None:
    async with visit({"payments": "expired"}, skin="modern") as walk:
        await walk.login()
        async with failed(walk, "payments"):
            await walk.begin_payment()
        await expect(walk.page.frame_locator("iframe.checkout").locator("#main-frame-error")).to_be_attached()


async def test_classic_upload_is_silently_missing(visit: Visit) -> None:
    async with visit({"files": "incomplete-chain"}) as walk:
        async with failed(walk, "files"):
            await walk.begin_upload()
        await expect(walk.rows()).to_have_count(3)
        assert walk.demo.state.uploads == []


async def test_classic_download_ends_at_an_error_page(visit: Visit) -> None:
    async with visit({"files": "incomplete-chain"}) as walk:
        await walk.begin_download()
        await walk.page.wait_for_url("chrome-error://**")


async def test_modern_upload_and_download_tell_of_their_failure(visit: Visit) -> None:
    async with visit({"files": "incomplete-chain"}, skin="modern") as walk:
        await walk.begin_upload()
        await walk.said("files_upload_failed").wait_for()
        await walk.begin_download()
        await walk.said("files_download_failed").wait_for()


@pytest.mark.parametrize("skin", ["classic", "modern"])
async def test_nobody_notices_that_analytics_is_broken(visit: Visit, skin: str) -> None:
    async with visit({"analytics": "expired"}, skin=skin) as walk:
        await walk.start_chat()
        await walk.submit_ticket()
        assert walk.demo.state.beacons.total() == 0


async def test_a_host_can_be_broken_and_mended_while_the_page_is_open(visit: Visit) -> None:
    async with visit() as walk:
        await walk.start_chat()
        await walk.demo.present("chat", "expired")
        await walk.said("chat_closed").wait_for()
        await walk.button("chat_start").click()
        await walk.said("chat_failed").wait_for()
        await walk.demo.present("chat", None)
        await walk.button("chat_start").click()
        await expect(walk.page.locator("#chat-form")).to_be_visible()
        assert walk.demo.state.chat_opened == 2


@pytest.mark.parametrize("how", ["http-500", "refused", "cors"])
async def test_a_ticket_that_fails_without_tls_looks_the_same(visit: Visit, how: str) -> None:
    async with visit(skin="modern") as walk:
        await walk.demo.misbehave("tickets", how)
        await walk.begin_ticket()
        await walk.said("ticket_failed").wait_for()
        await walk.demo.misbehave("tickets", None)
        await walk.submit_ticket()


async def test_a_slow_host_answers_once_it_is_mended(visit: Visit) -> None:
    async with visit() as walk:
        await walk.demo.misbehave("api", "slow")
        await walk.login()
        await expect(walk.page.get_by_role("progressbar")).to_be_visible()
        await walk.demo.misbehave("api", None)
        await walk.page.get_by_text("A-20417").wait_for()


@pytest.mark.parametrize("skin", ["classic", "modern"])
async def test_a_script_error_is_thrown_in_the_page(visit: Visit, skin: str) -> None:
    async with visit(skin=skin) as walk:
        await walk.demo.misbehave("tickets", "script-error")
        async with walk.page.expect_event("pageerror") as thrown:
            await walk.visit("ticket")
        assert "TypeError" in repr(await thrown.value) or "undefined" in str(await thrown.value)
        assert walk.demo.state.tickets == []

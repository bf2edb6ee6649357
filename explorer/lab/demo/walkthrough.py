"""A hand-written Playwright script for the eight journeys of the demo, as a reference for tests and benchmarks.

It knows the demo's markup and words, waits for the expected result, and raises Playwright's `TimeoutError` or an
AssertionError if a journey does not succeed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Frame, FrameLocator, Locator, Page, async_playwright, expect

from explorer.devices.browser_setup import find_browser
from explorer.devices.private_roots import trust_roots
from explorer.lab.demo.app import DemoApp

LINE = "Hello, the display of my logger stays dark."
ATTACHMENT = "walkthrough-note.txt"
FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-domain-reliability",
    "--disable-gpu",
)


@asynccontextmanager
async def browser(
    demo: DemoApp, home: Path, *, executable: Path | str | None = None, flags: Sequence[str] = (), **context: Any
) -> AsyncIterator[BrowserContext]:
    """A Chromium that trusts the demo's root and resolves only the demo's hosts.

    `home` is its private home folder. `flags` are additional command line arguments. `context` are options of
    Playwright's `new_context`.
    """
    await trust_roots(home, [demo.ca])
    rules = ",".join(f"MAP {host} {address}" for host, _, address in demo.resolve)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=executable or await find_browser(),
            args=[*FLAGS, *flags, f"--host-resolver-rules={rules},MAP * ~NOTFOUND"],
            env={"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin"},
        )
        opened = await chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **context})
        opened.set_default_timeout(15_000)
        yield opened
        await chromium.close()


async def walk(page: Page, demo: DemoApp) -> None:
    """All eight journeys on a fresh page, one after the other, as fast as the app allows.

    Payment ends at the filled form, as in the explorer without `--allow payment`.
    """
    visitor = Walk(demo, page)
    await visitor.open()
    for journey in JOURNEYS:
        await getattr(visitor, journey)()


JOURNEYS: tuple[str, ...] = (
    "start_chat",
    "submit_ticket",
    "knowledge_base",
    "upload_attachment",
    "download_attachment",
    "login",
    "account_info",
    "payment",
)


class Walk:
    """One visitor of the demo on one page.

    The methods `begin_…` perform a journey without waiting for its success.
    """

    def __init__(self, demo: DemoApp, page: Page) -> None:
        self.demo = demo
        self.page = page
        self.modern = demo.desk.skin == "modern"
        self.words: Mapping[str, str] = demo.desk.texts().words
        page.on("dialog", lambda dialog: dialog.accept())

    async def open(self) -> None:
        """Open the entry page. In the modern skin, answer the consent banner first."""
        await self.page.goto(self.demo.url)
        if self.modern:
            await self.button("consent_reject").click()

    async def visit(self, page: str) -> None:
        """Go to a page by its entry in the menu (`ticket`, `help`, `files`, `account`, `billing`, `login`)."""
        if self.modern:
            await self.page.locator("desk-app .entry").get_by_text(self.words[f"menu_{page}"], exact=True).click()
        else:
            await self.page.locator("nav").get_by_role("link", name=self.words[f"nav_{page}"], exact=True).click()

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.words[key], exact=True)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name={name}]")

    def said(self, key: str) -> Locator:
        """The elements that show the app's text with this key."""
        return self.page.get_by_text(self.words[key].replace("{number}", "").strip(), exact=False)

    def frame(self, host: str) -> Frame | None:
        """The frame of a host, or None."""
        return next((f for f in self.page.frames if f.url.startswith(self.demo.origin(host))), None)

    def chat(self) -> Page | FrameLocator:
        return self.page.frame_locator("#vendor-chat") if self.modern else self.page

    async def begin_chat(self) -> None:
        if self.modern:
            await self.chat().locator("#launch").click()
        else:
            await self.visit("chat")
            await self.button("chat_start").click()

    async def start_chat(self) -> None:
        await self.begin_chat()
        log = self.chat().get_by_role("log")
        # The greeting, the visitor's line, and the reply.
        await expect(log.locator("> *")).to_have_count(1)
        if self.modern:
            await self.chat().locator("#draft").fill(LINE)
            await self.chat().locator("#send").click()
        else:
            await self.page.locator("#chat-line").fill(LINE)
            await self.button("chat_send").click()
        await expect(log.locator("> *")).to_have_count(3)
        if self.modern:
            await self.chat().locator("#shut").click()

    async def begin_ticket(self) -> None:
        await self.visit("ticket")
        fields = {"name": "Ana Prado", "email": "ana@example.test", "subject": "Dark display", "message": LINE}
        for name, value in fields.items():
            await self.field(name).fill(value)
        if self.modern:
            await self.page.get_by_role("radio").nth(1).click()
        else:
            await self.field("category").select_option("device")
        await self.page.locator("main").get_by_role("button", name=self.words["ticket_send"], exact=True).click()

    async def submit_ticket(self) -> None:
        await self.begin_ticket()
        await expect(self.said("ticket_thanks")).to_be_visible()
        await expect(self.page.get_by_text(re.compile(r"T-\d{5}"))).to_be_visible()

    async def knowledge_base(self) -> None:
        await self.visit("help")
        article = self.demo.desk.texts().articles[1]
        frame = self.page.frame_locator("main iframe")
        if self.modern:
            await self.page.locator(".story").nth(1).click()
        else:
            await frame.get_by_role("link", name=article.title).click()
        await expect(frame.get_by_text(article.body[0])).to_be_visible()

    def rows(self) -> Locator:
        return self.page.locator(".list .line" if self.modern else "#files tbody tr")

    async def begin_upload(self) -> None:
        await self.visit("files")
        await expect(self.rows().first).to_be_visible()
        if self.modern:
            async with self.page.expect_file_chooser() as chooser:
                await self.button("files_upload").click()
            await (await chooser.value).set_files(
                {"name": ATTACHMENT, "mimeType": "text/plain", "buffer": LINE.encode()}
            )
        else:
            await self.page.locator("#file").set_input_files(
                {"name": ATTACHMENT, "mimeType": "text/plain", "buffer": LINE.encode()}
            )
            await self.button("files_upload").click()

    async def upload_attachment(self) -> None:
        await self.begin_upload()
        await expect(self.rows().last).to_contain_text(ATTACHMENT)

    async def begin_download(self) -> None:
        await self.visit("files")
        await self.rows().last.locator("button, a").click()

    async def download_attachment(self) -> None:
        async with self.page.expect_download() as coming:
            await self.begin_download()
        await (await coming.value).path()

    async def begin_login(self) -> None:
        await self.visit("login")
        user, password = self.demo.login
        await self.field("user").fill(user)
        await self.field("password").fill(password)
        await self.page.locator("main").get_by_role("button", name=self.words["login_button"], exact=True).click()

    async def login(self) -> None:
        await self.begin_login()
        await expect(self.page).to_have_url(re.compile(r"/(account|me)$"))

    async def account_info(self) -> None:
        await self.visit("account")
        await expect(self.page.get_by_text("A-20417")).to_be_visible()

    async def begin_payment(self) -> None:
        await self.visit("billing")
        await self.button("billing_pay").click()

    async def payment(self, *, pay: bool = False) -> None:
        await self.begin_payment()
        form: Page | FrameLocator = self.page.frame_locator("iframe.checkout") if self.modern else self.page
        card = {"holder": "Ana Prado", "number": "4242424242424242", "expiry": "12/31", "code": "123"}
        for name, value in card.items():
            await form.locator(f"[name={name}]").fill(value)
        if pay:
            await form.get_by_role("button").click()
            await expect(form.get_by_role("heading", name=self.words["pay_done"])).to_be_visible()

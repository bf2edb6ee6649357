"""Trac (BSD, PyPI): a help desk with tickets, a wiki and a login; its start page links the live chat, which is Etherpad.

Its style sheets have a host of their own, as where a CDN serves them. Server-rendered, English.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import etherpad, pypi
from tests.field.app import LOGIN, App, Backend, Place, broken, entry_broken
from tests.field.processes import KEPT_IN, free_port, running

_OPTIONS = (
    ("components", "acct_mgr.*", "enabled"),
    ("components", "trac.web.auth.LoginModule", "disabled"),
    ("components", "acct_mgr.register.RegistrationModule", "disabled"),
    ("account-manager", "password_store", "HtPasswdStore"),
    ("account-manager", "htpasswd_file", "users"),
    ("account-manager", "verify_email", "disabled"),
)


def install(folder: Path) -> None:
    """Put Trac and Etherpad into `folder`, once. Raises CalledProcessError with the installer's own words on stderr."""
    etherpad.install(folder)
    pypi.installed(folder, "trac", "Trac==1.6", "TracAccountManager==0.6.0", "setuptools<81")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    port, url = free_port(), place.url
    _make(place.folder, place.work / "trac", url["desk"], url["pad"] + etherpad.PAD, f"{url['static']}/chrome/common")
    listen = ["-s", "--port", str(port), "--hostname", "127.0.0.1", "--http11"]
    command: list[str | Path] = [place.folder / "trac/bin/tracd", *listen, place.work / "trac"]
    env = {**os.environ, **KEPT_IN}
    with (
        etherpad.serving(place) as pad,
        running(command, f"http://127.0.0.1:{port}/", place.work / "trac.log", env=env),
    ):
        yield {"desk": Backend(port), "pad": Backend(pad), "static": Backend(port)}


def _make(folder: Path, env: Path, desk_url: str, chat_url: str, static_url: str) -> None:
    admin = [folder / "trac/bin/trac-admin", env]

    def call(*args: str) -> None:
        subprocess.run([*admin, *args], check=True, capture_output=True)

    call("initenv", "Help desk", "sqlite:db/trac.db")
    for option in _OPTIONS:
        call("config", "set", *option)
    call("config", "set", "trac", "htdocs_location", static_url)
    # It speaks plain HTTP behind the TLS front, and would redirect to http:// of its own accord.
    call("config", "set", "trac", "base_url", desk_url)
    call("config", "set", "trac", "use_base_url_for_redirect", "enabled")
    call("permission", "add", "anonymous", "TICKET_CREATE", "TICKET_APPEND")
    call("permission", "add", "authenticated", "TICKET_CREATE", "TICKET_APPEND")
    call("session", "add", LOGIN[0], "Ann Field", "ann@field.test")
    # Or the first one who wants to log in gets AccountManager's set-up, without any question.
    call("config", "set", "account-manager", "auth_init", "disabled")
    # The main menu can only rearrange what plugins put there, so the pad is linked as a team would: on the start page.
    page = env / "start.txt"
    page.write_text(f"= Help desk =\n\n[{chat_url} Live chat] with our team, or open a ticket.\n", encoding="utf-8")
    call("wiki", "import", "WikiStart", str(page))
    digest = base64.b64encode(hashlib.sha1(LOGIN[1].encode()).digest()).decode()
    (env / "users").write_text(f"{LOGIN[0]}:{{SHA}}{digest}\n", encoding="utf-8")


async def script(page: Page, url: Mapping[str, str]) -> None:
    desk = url["desk"]
    await page.goto(desk)
    await page.get_by_role("link", name="Login").click()
    await page.get_by_label("Username:").fill(LOGIN[0])
    await page.get_by_label("Password:").fill(LOGIN[1])
    await page.get_by_role("button", name="Login").click()
    await page.get_by_text("logged in as").wait_for()
    await page.get_by_role("link", name="New Ticket").click()
    await page.locator("#field-summary").fill("The light stays red")
    await page.locator("#field-description").fill("It does not turn green.")
    await page.locator("input[name=submit]").click()
    await page.locator("h3.foldable a", has_text="Attachments").click()
    await page.get_by_role("button", name="Attach file").click()
    await page.locator("input[type=file]").set_input_files(
        {"name": "light.txt", "mimeType": "text/plain", "buffer": b"It is red."}
    )
    await page.get_by_role("button", name="Add attachment").click()
    await page.get_by_role("link", name="light.txt", exact=True).first.click()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Original Format").click()
    await (await download.value).path()
    await page.get_by_role("link", name="Preferences").first.click()
    await page.locator("#name").wait_for()
    await page.goto(desk + "/wiki/TitleIndex")
    await page.get_by_role("link", name="TracGuide", exact=True).click()
    await page.get_by_text("serve as a starting point").wait_for()
    await etherpad.chat(page, url["pad"])


APP = App(
    name="trac",
    about="tickets and a wiki, server-rendered; the chat is Etherpad's",
    language="English",
    hosts={"desk": "desk.field.test", "pad": "pad.field.test", "static": "static.field.test"},
    start=("desk", "/"),
    can=(
        "login",
        "submit-ticket",
        "upload-attachment",
        "download-attachment",
        "account-info",
        "knowledge-base",
        "start-chat",
    ),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("expired", "desk"),
        broken("static", "self-signed"),
        broken("pad", "incomplete-chain", start_chat="failed"),
        broken("pad", "hostname-mismatch", start_chat="failed"),
    ),
)

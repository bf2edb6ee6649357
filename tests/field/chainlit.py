"""Chainlit (Apache-2.0, PyPI): a chat of one page in React, in Italian, over socket.io; its answers are an echo.

Files have a host of their own: what is attached is sent there, and what the chat hands out comes from there.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import pypi
from tests.field.app import App, Backend, Place, broken, entry_broken
from tests.field.processes import KEPT_IN, free_port, running

_LOGIN = ("ann@field.test", "walk-the-desk")
_ECHO = """
import chainlit as cl

@cl.password_auth_callback
def known(name, password):
    return cl.User(identifier=name) if (name, password) == {login!r} else None

@cl.on_chat_start
async def greet():
    guide = cl.File(name="guida.txt", content=b"Tenere premuto il tasto.", display="inline")
    await cl.Message("Buongiorno! Qui trovi la guida; scrivimi pure.", elements=[guide]).send()

@cl.on_message
async def answer(message):
    files = ", ".join(each.name for each in message.elements)
    await cl.Message(f"Hai scritto: {{message.content}}" + (f" (file: {{files}})" if files else "")).send()
"""


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "chainlit", "chainlit==2.12.0")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    home, port, programs = place.work / "chainlit", free_port(), place.folder / "chainlit/bin"
    home.mkdir()
    env = {**os.environ, **KEPT_IN, "CHAINLIT_APP_ROOT": str(home), "CHAINLIT_AUTH_SECRET": "field" * 8}
    subprocess.run([programs / "chainlit", "init"], check=True, capture_output=True, env=env, cwd=home)
    config = home / ".chainlit/config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"(?m)^# language = .*$", 'language = "it"', text), encoding="utf-8")
    (home / "echo.py").write_text(_ECHO.format(login=_LOGIN), encoding="utf-8")
    command: list[str | Path] = [programs / "chainlit", "run", home / "echo.py", "--headless", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}/", place.work / "chainlit.log", env=env, cwd=home):
        yield {name: Backend(port, sends_on={"/project/file": "files"}) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["chat"])
    await page.locator("input#email").fill(_LOGIN[0])
    await page.locator("input#password").fill(_LOGIN[1])
    await page.locator("button[type=submit]").click()
    guide = page.get_by_role("link", name="guida.txt")
    await guide.wait_for()
    await page.locator("#chat-input").click()
    await page.keyboard.type("La luce resta rossa")
    await page.locator("#chat-submit").click()
    await page.get_by_text("Hai scritto: La luce resta rossa").wait_for()
    await page.locator("input[type=file]").first.set_input_files(
        {"name": "luce.txt", "mimeType": "text/plain", "buffer": b"Rossa."}
    )
    await page.locator("#attachments").get_by_text("luce.txt").wait_for()
    await page.locator("#chat-input").click()
    await page.keyboard.type("Ecco il file")
    await page.locator("#chat-submit").click()
    await page.get_by_text("(file: luce.txt)").wait_for()
    # A page may not have a file of another host saved, so that the text opens in the tab.
    async with page.expect_response(lambda answer: "/project/file/" in answer.url and answer.ok):
        await guide.click()


APP = App(
    name="chainlit",
    about="a chat with files, one page in React, behind a login",
    language="Italian",
    hosts={"chat": "chat.field.test", "files": "allegati.field.test"},
    start=("chat", "/"),
    can=("login", "start-chat", "upload-attachment", "download-attachment"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("incomplete-chain", "chat"),
        broken("files", "expired", upload_attachment="failed", download_attachment="failed"),
    ),
    login=_LOGIN,
)

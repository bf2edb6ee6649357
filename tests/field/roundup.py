"""Roundup (MIT, PyPI): an issue tracker of the classic kind: a side bar with forms, tables, attachments, a login beside it.

Its attached files have a host of their own. Looked at last: what it gave at first sight stands on the accuracy page.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import pypi
from tests.field.app import LOGIN, App, Backend, Place, broken, entry_broken
from tests.field.processes import KEPT_IN, free_port, running

# Its own server does not run as root, as a container's user often is; its WSGI application does.
_SERVE = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server
from roundup.cgi.wsgi_handler import RequestDispatcher
app = RequestDispatcher(sys.argv[1])
def below(environ, start):
    environ["SCRIPT_NAME"], environ["PATH_INFO"] = "/desk", environ["PATH_INFO"].removeprefix("/desk")
    return app(environ, start)
make_server("127.0.0.1", int(sys.argv[2]), below, type("Server", (ThreadingMixIn, WSGIServer), {})).serve_forever()
"""


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "roundup", "roundup==2.6.0")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    home, port, programs = place.work / "tracker", free_port(), place.folder / "roundup/bin"
    env = {**os.environ, **KEPT_IN}

    def admin(*words: str | Path) -> None:
        subprocess.run([programs / "roundup-admin", "-i", home, *words], check=True, capture_output=True, env=env)

    admin("install", "classic", "anydbm")
    config = home / "config.ini"
    text = config.read_text(encoding="utf-8")
    for key, value in {"web": f"{place.url['desk']}/desk/", "domain": "field.test", "host": "127.0.0.1"}.items():
        text = text.replace(f"\n#{key} = NO DEFAULT", f"\n{key} = {value}")
    # Its mail goes into a file: without a mail server it answers what it would tell somebody with an error of its own.
    text = text.replace("\ndebug = \n", f"\ndebug = {place.work / 'mail.txt'}\n")
    config.write_text(text, encoding="utf-8")
    admin("initialise", LOGIN[1])
    admin("create", "user", f"username={LOGIN[0]}", f"password={LOGIN[1]}", "address=ann@field.test", "roles=User")
    admin("create", "msg", "author=1", "content=The light stays red.", "date=2026-01-01")
    admin("create", "issue", "title=The light stays red", "priority=bug", "status=chatting", "messages=1")
    serving: list[str | Path] = [programs / "python", "-c", _SERVE, home, str(port)]
    with running(serving, f"http://127.0.0.1:{port}/desk/", place.work / "roundup.log", env=env):
        yield {name: Backend(port, {r"/desk/file\d+/": "files"}, based=True) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["desk"] + "/desk/")
    await page.locator("input[name=__login_name]").fill(LOGIN[0])
    await page.locator("input[name=__login_password]").fill(LOGIN[1])
    await page.locator("input[name=__login_password]").press("Enter")
    await page.get_by_role("link", name="Logout").wait_for()
    await page.get_by_role("link", name="Your Details").click()
    await page.locator("input[name=address]").wait_for()
    await page.get_by_role("link", name="Create New").first.click()
    await page.locator("input[name=title]").fill("No light at all")
    await page.locator("select[name=priority]").select_option(index=2)
    await page.locator("textarea[name='@note']").fill("It stays dark.")
    await page.locator("input[type=file]").set_input_files(
        {"name": "light.txt", "mimeType": "text/plain", "buffer": b"It is dark."}
    )
    await page.locator("input[name=submit_button], input[type=submit]").last.click()
    await page.get_by_text("created").first.wait_for()
    link = page.get_by_role("link", name="light.txt").first
    await link.wait_for()
    async with page.context.expect_page() as opened:
        await link.click(modifiers=["Control"])
    await (await opened.value).get_by_text("It is dark.").wait_for()


APP = App(
    name="roundup",
    about="an issue tracker, server-rendered; forms in a side bar, attachments on another host",
    language="English",
    hosts={"desk": "tracker.field.test", "files": "attached.field.test"},
    start=("desk", "/desk/"),
    can=("login", "account-info", "submit-ticket", "upload-attachment", "download-attachment"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("hostname-mismatch", "desk"),
        broken("files", "expired", download_attachment="failed"),
    ),
)

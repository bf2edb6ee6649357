"""JupyterLab (BSD, PyPI): one page that is a desk of files, behind a login that asks for a password alone. English.

A file browser with icons for buttons, menus as on a desktop; its files are fetched from a host of their own.
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

_HASH = "from jupyter_server.auth import passwd; import sys; print(passwd(sys.argv[1], 'sha1'))"


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "jupyterlab", "jupyterlab==4.4.9")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    home, port, programs = place.work / "jupyter", free_port(), place.folder / "jupyterlab/bin"
    (home / "files").mkdir(parents=True)
    (home / "files/manual.txt").write_text("Hold the button for ten seconds.\n", encoding="utf-8")
    own = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    env = {**os.environ, **KEPT_IN, **own, "JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    hashing: list[str | Path] = [programs / "python", "-c", _HASH, LOGIN[1]]
    secret = subprocess.run(hashing, check=True, capture_output=True, text=True, env=env).stdout.strip()
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.root_dir": str(home / "files"),
        "ServerApp.allow_root": "True",
        "ServerApp.allow_remote_access": "True",
        "ServerApp.trust_xheaders": "True",
        "PasswordIdentityProvider.hashed_password": secret,
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    told = [f"--{name}={value}" for name, value in options.items()]
    command: list[str | Path] = [programs / "jupyter-lab", "--no-browser", *told]
    with running(command, f"http://127.0.0.1:{port}/", place.work / "jupyter.log", env=env, cwd=home):
        yield {name: Backend(port, sends_on={"/files/": "files"}) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["lab"])
    await page.locator("#password_input").fill(LOGIN[1])
    await page.locator("#login_submit").click()
    entry = page.locator(".jp-DirListing-item", has_text="manual.txt")
    await entry.wait_for()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_title("Upload Files").first.click()
    await (await chooser.value).set_files({"name": "light.txt", "mimeType": "text/plain", "buffer": b"It is dark."})
    await page.locator(".jp-DirListing-item", has_text="light.txt").wait_for()
    await entry.click(button="right")
    # A page may not have a file of another host saved, so that the text opens in the tab.
    async with page.expect_response(lambda answer: "/files/" in answer.url and answer.ok):
        await page.get_by_role("menuitem", name="Download", exact=True).click()


APP = App(
    name="jupyterlab",
    about="files and notebooks, one page like a desktop; a login by password alone",
    language="English",
    hosts={"lab": "lab.field.test", "files": "store.field.test"},
    start=("lab", "/"),
    can=("login", "upload-attachment", "download-attachment"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("untrusted-ca", "lab"),
        broken("files", "self-signed", download_attachment="failed"),
    ),
)

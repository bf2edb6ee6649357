"""Etherpad (Apache-2.0, npm): a shared text with a chat beside it, over socket.io's WebSocket. One page, English."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

from playwright.async_api import Page

from tests.field.app import App, Backend, Place, entry_broken
from tests.field.processes import KEPT_IN, free_port, running

PAD = "/p/help"


def install(folder: Path) -> None:
    """Put it into `folder`, once. Raises CalledProcessError with the installer's own words on stderr."""
    if (folder / "pad.installed").exists():
        return
    staging, root = folder / "npm", folder / "pad"
    staging.mkdir(exist_ok=True)
    (staging / "package.json").write_text('{"private": true}', encoding="utf-8")
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "ep_etherpad-lite@1.8.14"]
    subprocess.run(npm, cwd=staging, check=True, stdout=subprocess.DEVNULL)
    root.mkdir(exist_ok=True)
    # Etherpad finds itself by its place: <root>/src, linked as a module of its own.
    shutil.move(staging / "node_modules/ep_etherpad-lite", root / "src")
    # Its browser code is served out of <root>/src/node_modules; anywhere else the pad ends in a script error.
    shutil.move(staging / "node_modules", root / "src/node_modules")
    (root / "node_modules").mkdir()
    (root / "node_modules/ep_etherpad-lite").symlink_to(Path("../src"))
    (folder / "pad.installed").touch()


@contextmanager
def serving(place: Place) -> Iterator[int]:
    """The pad on fresh data; gives its port."""
    port, settings = free_port(), place.work / "settings.json"
    told = {
        "ip": "127.0.0.1",
        "port": port,
        "dbType": "dirty",
        "dbSettings": {"filename": str(place.work / "pads.db")},
        "trustProxy": True,
        "loglevel": "WARN",
        "skinName": "colibris",
        "padOptions": {"alwaysShowChat": True},
    }
    settings.write_text(json.dumps(told), encoding="utf-8")
    env = {**os.environ, **KEPT_IN, "NODE_ENV": "production"}
    node: list[str | Path] = ["node", "src/node/server.js", "--settings", settings]
    with running(node, f"http://127.0.0.1:{port}/", place.work / "pad.log", env=env, cwd=place.folder / "pad"):
        _warm_up(f"http://127.0.0.1:{port}{PAD}")
        yield port


def _warm_up(pad: str) -> None:
    """Have it put its scripts together, which takes a busy machine half a minute, as a pad in use has done long ago."""
    with urlopen(pad, timeout=60) as page:
        scripts = re.findall(r'<script[^>]*\bsrc="([^"]+)"', page.read().decode())
    for script in scripts:
        urlopen(urljoin(pad, script), timeout=60).close()


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    with serving(place) as port:
        yield {"pad": Backend(port)}


async def chat(page: Page, pad: str) -> None:
    """Say something in the pad's chat, and see it come back."""
    await page.goto(pad + PAD, wait_until="commit")  # the first answer after a start takes its time
    await page.locator("#chatinput").fill("Is anybody there?")
    await page.locator("#chatinput").press("Enter")
    await page.locator("#chattext").get_by_text("Is anybody there?").wait_for()


async def script(page: Page, url: Mapping[str, str]) -> None:
    await chat(page, url["pad"])


APP = App(
    name="etherpad",
    about="a shared text with a chat, one page",
    language="English",
    hosts={"pad": "pad.field.test"},
    start=("pad", PAD),
    can=("start-chat",),
    install=install,
    started=started,
    script=script,
    cases=(entry_broken("expired", "pad"),),
)

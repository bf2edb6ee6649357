"""Installs and starts the two foreign apps: Trac (BSD) in an environment of its own, Etherpad (Apache-2.0) from npm.

Nothing of them is in this repository; they live in `.field/` beside it, which git ignores, and speak plain HTTP on
loopback. What they would send elsewhere goes to a closed loopback port.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

LOGIN = ("ann", "walk-the-desk")
_NOWHERE = "http://127.0.0.1:9"
_TRAC_OPTIONS = (
    ("components", "acct_mgr.*", "enabled"),
    ("components", "trac.web.auth.LoginModule", "disabled"),
    ("components", "acct_mgr.register.RegistrationModule", "disabled"),
    ("account-manager", "password_store", "HtPasswdStore"),
    ("account-manager", "htpasswd_file", "users"),
)


def install(folder: Path) -> None:
    """Put both apps into `folder`, once. Raises CalledProcessError with the installer's own words on stderr."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "trac.installed").exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "trac"], check=True)
        pip: list[str | Path] = [folder / "trac/bin/python", "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "Trac==1.6", "TracAccountManager==0.6.0", "setuptools<81"], check=True)
        (folder / "trac.installed").touch()
    if not (folder / "pad.installed").exists():
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


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str | Path], url: str, log: Path, **kwargs: object) -> Iterator[None]:
    """A server process, up when `url` answers; ended by its own pid."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, **kwargs)  # type: ignore[call-overload]
        try:
            _wait_until_up(url, process, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer within a minute.")


@contextmanager
def apps(folder: Path, work: Path, *, desk_url: str, chat_url: str, static_url: str) -> Iterator[tuple[int, int]]:
    """Both apps on fresh data in `work`; gives the ports of Trac and Etherpad on loopback."""
    trac_port, pad_port = free_port(), free_port()
    env = {
        **os.environ,
        "HTTPS_PROXY": _NOWHERE,
        "HTTP_PROXY": _NOWHERE,
        "NO_PROXY": "127.0.0.1",
        "NODE_ENV": "production",
    }
    _make_trac(folder, work / "trac", desk_url, chat_url, static_url)
    settings = work / "settings.json"
    dirty = {"filename": str(work / "pads.db")}
    settings.write_text(
        json.dumps(
            {
                "ip": "127.0.0.1",
                "port": pad_port,
                "dbType": "dirty",
                "dbSettings": dirty,
                "trustProxy": True,
                "loglevel": "WARN",
                "skinName": "colibris",
                "padOptions": {"alwaysShowChat": True},
            }
        ),
        encoding="utf-8",
    )
    tracd: list[str | Path] = [
        folder / "trac/bin/tracd",
        "-s",
        "--port",
        str(trac_port),
        "--hostname",
        "127.0.0.1",
        "--http11",
        work / "trac",
    ]
    node: list[str | Path] = ["node", "src/node/server.js", "--settings", settings]
    with ExitStack() as stack:
        stack.enter_context(running(tracd, f"http://127.0.0.1:{trac_port}/", work / "trac.log", env=env))
        stack.enter_context(
            running(node, f"http://127.0.0.1:{pad_port}/", work / "pad.log", env=env, cwd=folder / "pad")
        )
        yield trac_port, pad_port


def _make_trac(folder: Path, env: Path, desk_url: str, chat_url: str, static_url: str) -> None:
    admin = [folder / "trac/bin/trac-admin", env]

    def call(*args: str) -> None:
        subprocess.run([*admin, *args], check=True, capture_output=True)

    call("initenv", "Help desk", "sqlite:db/trac.db")
    for option in _TRAC_OPTIONS:
        call("config", "set", *option)
    call("config", "set", "trac", "htdocs_location", static_url)
    # It speaks plain HTTP behind the TLS front, and would redirect to http:// of its own accord.
    call("config", "set", "trac", "base_url", desk_url)
    call("config", "set", "trac", "use_base_url_for_redirect", "enabled")
    call("permission", "add", "anonymous", "TICKET_CREATE", "TICKET_APPEND")
    call("permission", "add", "authenticated", "TICKET_CREATE", "TICKET_APPEND")
    # Or the first one who wants to log in gets AccountManager's set-up, without any question.
    call("config", "set", "account-manager", "auth_init", "disabled")
    # The main menu can only rearrange what plugins put there, so the pad is linked as a team would: on the start page.
    page = env / "start.txt"
    page.write_text(f"= Help desk =\n\n[{chat_url} Live chat] with our team, or open a ticket.\n", encoding="utf-8")
    call("wiki", "import", "WikiStart", str(page))
    digest = base64.b64encode(hashlib.sha1(LOGIN[1].encode()).digest()).decode()
    (env / "users").write_text(f"{LOGIN[0]}:{{SHA}}{digest}\n", encoding="utf-8")

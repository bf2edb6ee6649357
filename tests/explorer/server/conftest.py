"""The real thing: `trustwalk serve` as a process of its own, and the demo app beside it to be explored."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, CookieJar
from multidict import CIMultiDictProxy

from explorer.lab.demo.app import DemoApp

REPOSITORY = Path(__file__).resolve().parents[3]
APK = REPOSITORY / "explorer/lab/android/supportdesk.apk"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read to its end."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self, status: int = 200) -> Any:
        """The JSON of an answer that must have this status."""
        assert self.status == status, self.text
        return json.loads(self.body)


class Client:
    """Asks, and never follows a redirect unless told to."""

    def __init__(self, base: str, headers: dict[str, str]) -> None:
        self.session = ClientSession(base, headers=headers, cookie_jar=CookieJar(unsafe=True))

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def ask(self, method: str, path: str, *, follow: bool = False, **given: Any) -> Answer:
        async with self.session.request(method, path, allow_redirects=follow, **given) as answer:
            return Answer(answer.status, answer.headers, await answer.read())

    async def get(self, path: str, **given: Any) -> Answer:
        return await self.ask("GET", path, **given)

    async def post(self, path: str, **given: Any) -> Answer:
        return await self.ask("POST", path, **given)


@dataclass(slots=True)
class Server:
    """A running `trustwalk serve`. `kill` ends it as a power cut would, `stop` as Ctrl-C does."""

    runs: Path
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    base: str = ""
    token: str = field(default="", repr=False)

    def start(self) -> Server:
        log = self.runs.parent / "serve.log"
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "from explorer.cli import main; main()",
                    "serve",
                    "--port",
                    "0",
                    "--runs",
                    str(self.runs),
                    *self.options,
                ],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                cwd=self.runs.parent,
                env=os.environ | self.environment,
            )
        assert self.process.stdout is not None
        self.base, _, self.token = self.process.stdout.readline().strip().partition("?token=")
        assert self.token, log.read_text(encoding="utf-8")
        return self

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(60)
        assert self.process.stdout is not None
        self.process.stdout.close()

    @property
    def address(self) -> str:
        return f"{self.base}?token={self.token}"

    def client(self, **headers: str) -> Client:
        """A program that knows the token."""
        return Client(self.base, {"Authorization": f"Bearer {self.token}"} | headers)

    def stranger(self) -> Client:
        """A program that does not."""
        return Client(self.base, {})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for a module, with a small limit on uploads."""
    running = Server(tmp_path_factory.mktemp("page") / "runs", ("--upload-limit", "1")).start()
    yield running
    running.end(signal.SIGTERM)


class Beside:
    """An event loop in a thread of its own, for what must go on while tests come and go."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self.loop).result(60)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


def with_an_expired_chat(workdir: Path) -> Iterator[DemoApp]:
    """The support app, served beside the test that takes it."""
    beside = Beside()
    app = DemoApp({"chat": "expired"}, workdir=workdir)
    beside.do(app.__aenter__())
    yield app
    beside.do(app.__aexit__(None, None, None))
    beside.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoApp]:
    """The support app with an expired certificate on its chat."""
    yield from with_an_expired_chat(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def for_demo(demo: DemoApp, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Server]:
    """Makes servers whose runs reach the demo app."""
    resolve = [f"{host}:{port}:{address}" for host, port, address in demo.resolve]
    options = ("--ca", str(demo.ca), *(word for text in resolve for word in ("--resolve", text)))
    return lambda: Server(tmp_path_factory.mktemp("page") / "runs", options)


@pytest.fixture(scope="session")
def apk() -> Path:
    return APK

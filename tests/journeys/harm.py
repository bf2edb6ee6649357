"""Serves the shop, the administrator's page, the bank and the mail client of `harmful`, and takes down what was asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from flows.journey import choose, load_catalogue
from personas.persona import by_name
from tests.explorer.policy.harmful import CONTROLS, page
from tests.journeys.harness import patient

HOST = "portal.shop.example"
_HARM = {c.place: c for c in CONTROLS} | {f"/x/{c.number}": c for c in CONTROLS}
JOURNEYS = ("submit-ticket", "start-chat", "knowledge-base")


@dataclass(slots=True)
class Portal:
    """`asked` are method and address of all requests, `agents` the user agents; `robots` is its robots.txt.
    Without `harmless`, the doors of journeys lead to forms that do harm."""

    port: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    robots: str = ""
    harmless: bool = True

    @property
    def harm(self) -> list[str]:
        """The kinds of the harmful controls that were pressed, with their names."""
        return [f"{c.kind}: {c.name or c.look or c.way}" for _, at in self.asked if (c := _HARM.get(at)) is not None]

    def count(self, method: str, path: str) -> int:
        """How often something was asked for."""
        return self.asked.count((method, path))

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append((request.method, request.path_qs))
        self.agents.add(request.headers.get("User-Agent", ""))
        if request.path == "/robots.txt":
            return web.Response(text=self.robots, status=200 if self.robots else 404)
        if request.path == "/favicon.ico":
            return web.Response(status=404)
        return web.Response(text=page(request.path, harmless=self.harmless), content_type="text/html")


@asynccontextmanager
async def served(robots: str = "", *, harmless: bool = True) -> AsyncIterator[Portal]:
    """The sites on one port of loopback."""
    portal = Portal(robots=robots, harmless=harmless)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", portal.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        portal.port = runner.addresses[0][1]
        yield portal
    finally:
        await runner.cleanup()


async def explored(portal: Portal, folder: Path, personas: Sequence[str] = ("curious",), **more: Any) -> RunOutcome:
    """What a run comes to, under a public name unless told otherwise."""
    (folder / "run" / "evidence").mkdir(parents=True)
    options = RunOptions(
        target=f"http://{HOST}:{portal.port}/",
        personas=tuple(patient(p) for p in by_name(personas)),
        resolve=(((HOST, portal.port), "127.0.0.1"),),
        only_resolved=True,
        screenshots=False,
        audit=False,
        probe=False,
        evidence=frozenset(),
        **{"steps": 60, "rate": 1_000, "journeys": choose(load_catalogue(), JOURNEYS), **more},
    )
    run = Run(options, folder / "run")
    with run.journal:
        return await run.explore()

"""Serves a small app that nobody tuned to, each of its hosts behind TLS of its own, and explores it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.journey import choose, load_catalogue
from personas.persona import by_name
from tests.journeys.harness import patient

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def served(
    answer: Answer, hosts: Sequence[str], breaks: Mapping[str, str], folder: Path
) -> AsyncIterator[tuple[dict[str, str], Path]]:
    """The origin of each host, and the root that they are to be trusted by. The first host is the app's own."""
    authority = Authority.create()
    root = folder / "root.pem"
    root.write_bytes(authority.root_pem)
    async with AsyncExitStack() as stack:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        backend: tuple[str, int] = ("127.0.0.1", runner.addresses[0][1])
        fronts = [await stack.enter_async_context(await serve(authority, [h], backend, breaks.get(h))) for h in hosts]
        yield {f.names[0]: f"https://{f.names[0]}:{f.port}" for f in fronts}, root


async def explored(
    origins: Mapping[str, str], root: Path, folder: Path, journeys: Sequence[str], **more: Any
) -> RunOutcome:
    """What a run on the first origin comes to."""
    (folder / "run" / "evidence").mkdir(parents=True)
    places = [origin.removeprefix("https://").rpartition(":") for origin in origins.values()]
    options = RunOptions(
        target=next(iter(origins.values())) + "/",
        journeys=choose(load_catalogue(), journeys),
        ca=(root,),
        resolve=tuple(((host, int(port)), "127.0.0.1") for host, _, port in places),
        only_resolved=True,
        **{
            "test_system": True,
            "personas": tuple(patient(p) for p in by_name(("curious",))),
            "screenshots": False,
            "audit": False,
            "steps": 30,
            **more,
        },
    )
    run = Run(options, folder / "run")
    with run.journal:
        return await run.explore()

"""A real browser through observing proxies: what it says and what they see, side by side."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from explorer.lab.demo.app import DemoApp
from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.run.run import Run
from explorer.run.web_network import WebProxies
from explorer.surfaces.surface import Surface
from flows.effects import Effect
from flows.handshake import Handshake
from flows.journey import load_catalogue
from flows.judge.witness import witnesses
from flows.signals import Exchange, Signal
from reports import render
from reports.summary import load
from tests.explorer.surfaces.web_world import BAD, GOOD, OTHER, World, a_world
from tests.journeys.harness import Cell, options

pytestmark = pytest.mark.asyncio(loop_scope="module")
Told = list[Signal | Exchange | Effect | Handshake]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with a_world() as made:
        yield made


async def visited(world: World, html: str, until: Callable[[Told], bool]) -> Told:
    """All that was told of a page opened through a proxy, once it is enough."""
    world.pages |= {"/": html, "/x": "{}"}
    resolve = [((f.names[0], f.port), "127.0.0.1") for f in (world.good, world.bad, world.other)]
    told: Told = []
    async with WebProxies([*resolve, (("refused.test", 1234), "127.0.0.1")], only_resolved=True) as proxies:
        proxied = await proxies.open(BrowserMonitor("t"), "t")
        surface: Surface = await world.browser.surface("t", world.origin("good") + "/", through=proxied.through)
        try:
            await surface.open()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(20):
                    while not until(told):
                        await asyncio.sleep(0.05)
                        told += [item for record in surface.drain() for item in proxied.feed(record)]
            told += proxied.finish(0.0)
        finally:
            await surface.close()
        assert proxies.addresses[GOOD, world.good.port] == "127.0.0.1"
    return told


def of(told: Told, host: str) -> list[Handshake]:
    return [t for t in told if isinstance(t, Handshake) and t.host == host]


def answered(told: Told, host: str) -> bool:
    return any(isinstance(t, Exchange) and (t.host, t.outcome) == (host, "ok") for t in told)


def signals(told: Told) -> list[Signal]:
    return [t for t in told if isinstance(t, Signal)]


async def test_the_proxy_bears_out_what_the_browser_says_of_each_host(world: World) -> None:
    html = "<h1>Desk</h1><script>fetch('{bad}/x'); fetch('{other}/x')</script>"
    # The browser tells of an answer a moment after the proxy has seen its handshake.
    told = await visited(
        world, html, lambda told: bool(signals(told) and of(told, BAD) and of(told, OTHER) and answered(told, OTHER))
    )
    (refused, *_) = of(told, BAD)
    assert (refused.outcome, refused.sni, refused.alert) == ("refused-by-client", BAD, "encrypted alert")
    assert {h.outcome for h in of(told, GOOD)} == {"finished"}
    assert [s.error for s in signals(told)] == ["net::ERR_CERT_DATE_INVALID"]
    exchanges = [t for t in told if isinstance(t, Exchange)]
    assert {x.address for x in exchanges if x.outcome == "ok"} == {"127.0.0.1"}
    words = witnesses(signals(told), exchanges, [t for t in told if isinstance(t, Handshake)])
    assert {host: word.agrees for (host, _), word in words.items()} == {GOOD: True, BAD: True, OTHER: True}


async def test_through_the_proxy_an_unreachable_server_is_called_what_it_is(world: World) -> None:
    html = "<h1>Desk</h1><script>fetch('https://refused.test:1234/'); fetch('https://nowhere.test/')</script>"
    told = await visited(world, html, lambda told: len(signals(told)) >= 2)
    assert {s.host: (s.error, s.family.value) for s in signals(told)} == {
        "refused.test": ("net::ERR_CONNECTION_REFUSED", "network"),
        "nowhere.test": ("net::ERR_NAME_NOT_RESOLVED", "network"),
    }


async def test_a_run_with_a_proxy_judges_as_one_without_and_tells_what_the_proxy_saw(tmp_path: Path) -> None:
    out = tmp_path / "run"
    await asyncio.to_thread((out / "evidence").mkdir, parents=True)
    chat = tuple(j for j in load_catalogue() if j.id == "start-chat")
    async with DemoApp({"chat": "expired"}, workdir=tmp_path / "demo") as demo:
        cell = Cell({"chat": "expired"})
        run = Run(options(demo, cell, journeys=chat, proxy=True, counter_proof=False, evidence=frozenset()), out)
        with run.journal:
            outcome = await run.explore()
    (verdict,) = outcome.verdicts
    assert (verdict.verdict.value, verdict.cause, verdict.host) == ("failed", "expired", "chat.desk.test")
    assert [f for f in outcome.findings if f.kind == "proxy-disagrees"] == []
    diagnosis = next(d for (host, _), d in outcome.diagnoses.items() if host == "chat.desk.test")
    assert diagnosis.evidence is not None
    assert diagnosis.evidence.tcp_connected  # the probe went to the server, and not to where our proxy was
    summary = load(out)
    assert {h.host for v in summary.sessions for h in v.handshakes.values()} >= {"chat.desk.test", "portal.desk.test"}
    told = render(out, ("json", "html"), None)
    (incident,) = json.loads(told["json"])["incidents"]
    assert incident["proxy"]["agrees"] is True
    assert "that fits net::ERR_CERT_DATE_INVALID" in told["html"]

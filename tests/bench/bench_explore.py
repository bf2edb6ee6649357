"""Where a run's time goes, and how it compares to a hand-written Playwright script that does the same eight journeys."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from explorer.lab.demo.app import DemoApp
from explorer.lab.demo.walkthrough import walk
from explorer.run.run import Run
from explorer.surfaces.web.browser import Browser
from flows.incident import Verdict
from tests.journeys.harness import Cell, options


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


async def main() -> None:
    """Three rounds of each, script and explorer in turn; prints medians and their ratio."""
    ours: list[float] = []
    theirs: list[float] = []
    for skin in ("classic", "modern"):
        ours.clear()
        theirs.clear()
        for _ in range(3):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                async with DemoApp({}, skin=skin, workdir=folder / "demo") as demo:
                    theirs.append(await _script(demo))
                    run = Run(options(demo, Cell({}, skin), probe=False, counter_proof=False, audit=True), _out(folder))
                    with run.journal:
                        outcome = await run.explore()
                    session = run.sessions.observed[0]
                    took = session.steps[-1].settled - session.steps[0].started
                    ours.append(took)
        done = sum(v.verdict is Verdict.PASSED for v in outcome.verdicts)
        count = len(session.steps)
        spent = {name: 1000 * value / count for name, value in session.spent.items()}
        screens = len(session.audited or ())
        print(f"  an audit took {1000 * session.spent['audit'] / max(screens, 1):.0f} ms for each of {screens} screens")
        middle, script = sorted(ours)[1], sorted(theirs)[1]
        print(f"{skin}: {done} journeys in {count} actions, {middle:.1f} s; {60 * done / middle:.0f} journeys a minute")
        print(
            f"  per action: {spent['app']:.0f} ms waiting for the app, {spent['observe']:.0f} ms observing, "
            f"{spent['decide']:.0f} ms deciding, {spent['audit']:.0f} ms auditing"
        )
        bare = middle - session.spent["audit"]
        print(
            f"  hand-written script: {script:.1f} s; ratio {bare / script:.2f} with --no-audit, {middle / script:.2f} with the "
            "audits that no script makes (aim: at most 2)"
        )


def _out(folder: Path) -> Path:
    out = folder / "run"
    (out / "evidence").mkdir(parents=True)
    return out


async def _script(demo: DemoApp) -> float:
    """The walkthrough in the same browser set-up, without its launch."""
    resolve = tuple(((host, port), address) for host, port, address in demo.resolve)
    async with Browser(ca=(demo.ca,), resolve=resolve, only_resolved=True) as browser:
        context = await browser.context()
        page = await context.new_page()
        took = await timed(lambda: walk(page, demo))
        await context.close()
    return took

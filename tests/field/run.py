"""`make field`: explore apps that we did not write, behind broken TLS, and hold the verdicts against the truth.

Prints a table; exits with 1 on any false blame, and on any run with a TLS failure met that ends with 0 or 3.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # `tests` is no package that is installed; make calls this file by its path

from playwright.async_api import Error  # noqa: E402 - after the path is set

from explorer.request.credential import Login  # noqa: E402
from explorer.request.resolve import RunOptions  # noqa: E402
from explorer.run.exit_code import exit_code  # noqa: E402
from explorer.run.run import Run  # noqa: E402
from explorer.run.session import Session  # noqa: E402
from explorer.surfaces.web.browser import Browser  # noqa: E402
from explorer.tls.faults.front import serve  # noqa: E402
from explorer.tls.faults.mint import Authority  # noqa: E402
from flows.journey import load_catalogue  # noqa: E402
from personas.persona import by_name  # noqa: E402
from tests.field.app import HEALTHY, App, Case, Place  # noqa: E402
from tests.field.fleet import FLEET  # noqa: E402
from tests.field.processes import free_port  # noqa: E402
from tests.field.score import Score, figures, score, table  # noqa: E402
from tests.field.split import Split  # noqa: E402

STEPS = 120
CURIOUS = "curious"
"""The persona whose results are kept and told on the accuracy page."""
WRITTEN = ROOT / "docs" / "measured" / "field.md"


class Stuck(Exception):
    """A script did not get through its app: no truth, and so nothing to measure."""


async def run_case(
    app: App, case: Case, folder: Path, work: Path, keep: Path | None, *, script: str = "with", persona: str = CURIOUS
) -> Score:
    """One case from fresh data to a score; a healthy run is preceded by the app's hand-written script."""
    ports = {name: free_port() for name in app.hosts}
    url = {name: f"https://{app.hosts[name]}:{ports[name]}" for name in app.hosts}
    out = keep or work / "run"
    (out / "evidence").mkdir(parents=True, exist_ok=True)
    authority = Authority.create()
    root = work / "root.pem"
    root.write_bytes(authority.root_pem)
    resolve = tuple(((app.hosts[n], ports[n]), "127.0.0.1") for n in app.hosts)
    with app.started(Place(folder, work, url)) as behind:
        async with AsyncExitStack() as stack:
            for name, backend in behind.items():
                port = backend.port
                if backend.moves or backend.sends_on:
                    home = url[app.start[0]]
                    moves = {start: url[label] for start, label in backend.moves.items()}
                    domain = ".".join(app.hosts[name].split(".")[-2:])
                    away = {start: url[label] for start, label in backend.sends_on.items()}
                    split = Split(port, url[name], home, moves, domain, based=backend.based, sends_on=away)
                    port = await split.start()
                    stack.push_async_callback(split.close)
                backing = ("127.0.0.1", port)
                front = await serve(authority, [app.hosts[name]], backing, case.breaks.get(name), port=ports[name])
                stack.push_async_callback(front.close)
            took = 0.0
            if case is HEALTHY and script != "without":
                took = await by_hand(app, url, root, resolve)
                if script == "only":
                    return score(app, case, (), code=0, steps=0, seconds=0, script=took)
            options = RunOptions(
                target=url[app.start[0]] + app.start[1],
                personas=tuple(by_name((persona,))),
                journeys=tuple(load_catalogue()),
                login=Login.of(*app.login),
                ca=(root,),
                resolve=resolve,
                only_resolved=True,
                test_system=True,
                steps=STEPS,
                allow_origins=tuple(url.values()),
            )
            run = Run(options, out)
            with run.journal:
                outcome = await run.explore()
    session = run.sessions.observed[0]
    return score(
        app,
        case,
        outcome.verdicts,
        code=exit_code(outcome.verdicts, outcome.findings, options.failing),
        steps=len(session.steps),
        seconds=session.steps[-1].settled - session.steps[0].started,
        script=took,
        met=_met(case, app, run.sessions.observed),
    )


def _met(case: Case, app: App, sessions: Sequence[Session]) -> bool:
    """Whether a session met a TLS failure at a host that the case broke."""
    broken = {app.hosts[label] for label in case.breaks}
    failures = (s for session in sessions for s in session.log().timeline.tls)
    return any(s.host in broken for s in failures)


async def by_hand(
    app: App, url: Mapping[str, str], root: Path, resolve: tuple[tuple[tuple[str, int], str], ...]
) -> float:
    """The seconds that the app's script takes, in the same browser set-up."""
    async with Browser(ca=(root,), resolve=resolve, only_resolved=True) as browser:
        context = await browser.context()
        page = await context.new_page()
        page.set_default_timeout(15_000)
        begun = time.perf_counter()
        try:
            await app.script(page, url)
        except (Error, AssertionError) as error:
            shot = Path(tempfile.gettempdir(), f"trustwalk-field-{app.name}.png")
            await page.screenshot(path=shot)
            raise Stuck(f"The script of {app.name} stopped at {page.url}; see {shot}.\n{error}") from None
        took = time.perf_counter() - begun
        await context.close()
    return took


def chosen(names: list[str]) -> list[tuple[App, Case]]:
    """The cases that were asked for: `APP` for all of an app, `APP:CASE` for one. Raises SystemExit for an unknown name."""
    every = [(app, case) for app in FLEET for case in (HEALTHY, *app.cases)]
    found = [(a, c) for a, c in every if not names or {a.name, f"{a.name}:{c.name}"} & set(names)]
    known = {a.name for a, _ in every} | {f"{a.name}:{c.name}" for a, c in every}
    if set(names) - known:
        raise SystemExit(f"Unknown: {', '.join(sorted(set(names) - known))}. Known: {', '.join(sorted(known))}.")
    return found


def _kept(folder: Path) -> list[Score]:
    """The last result of each case, in the order of the fleet; those of cases that are gone are left out."""
    found = []
    for app in FLEET:
        for case in (HEALTHY, *app.cases):
            file = folder / "scores" / f"{app.name}-{case.name}.json"
            if file.exists():
                data = json.loads(file.read_text(encoding="utf-8"))
                found.append(Score(**{**data, "wrong": tuple(data["wrong"]), "misses": tuple(data["misses"])}))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="APP[:CASE]", help="all if none is named")
    parser.add_argument("--folder", type=Path, default=Path(".field"), help="where the apps are installed")
    parser.add_argument("--keep", type=Path, help="keep the runs here")
    parser.add_argument("--script", choices=("with", "only", "without"), default="with", help="the hand-written script")
    parser.add_argument("--persona", default=CURIOUS, help=f"who explores; only the results of {CURIOUS} are kept")
    parser.add_argument("--write", action="store_true", help=f"put the last results of all cases into {WRITTEN.name}")
    args = parser.parse_args()
    folder = args.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    scores: list[Score] = []
    cases = [(a, c) for a, c in chosen(args.cases) if c is HEALTHY or args.script != "only"]
    for app in {a.name: a for a, _ in cases}.values():
        app.install(folder)
    for app, case in cases:
        with tempfile.TemporaryDirectory(prefix="trustwalk-field-") as work:
            keep = args.keep / f"{app.name}-{case.name}" if args.keep else None
            running = run_case(app, case, folder, Path(work), keep, script=args.script, persona=args.persona)
            try:
                one = asyncio.run(running)
            except Stuck as stuck:
                raise SystemExit(str(stuck)) from None
        scores.append(one)
        if args.script != "only" and args.persona == CURIOUS:
            last = folder / "scores" / f"{app.name}-{case.name}.json"
            last.parent.mkdir(exist_ok=True)
            last.write_text(json.dumps(asdict(one)), encoding="utf-8")
        print(one.row(), *one.wrong, *one.misses, sep="\n    ", flush=True)
    print("\n" + table(scores))
    if args.write:
        WRITTEN.write_text(figures(_kept(folder)), encoding="utf-8")
    return 0 if all(s.good for s in scores) else 1


if __name__ == "__main__":
    sys.exit(main())

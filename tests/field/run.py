"""`make field`: explore three apps that we did not write, behind broken TLS, and hold the blame against the truth.

Exits with 1 on any false blame or wrong blame; prints what was missed.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import yaml

from explorer.request.credential import Login
from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.incident import JourneyVerdict, Verdict
from flows.journey import load_catalogue
from personas.persona import by_name
from tests.field import helpdesk
from tests.field.apps import LOGIN, apps, free_port, install

TRUTH: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("truth.yml").read_text(encoding="utf-8"))
HOSTS = {
    "trac": "desk.field.test",
    "pad": "pad.field.test",
    "static": "static.field.test",
    "desk": "help.field.test",
    "look": "look.field.test",
    "media": "media.field.test",
}
"""Trac, Etherpad and Trac's style sheets; then django-helpdesk, its style sheets and its attachments."""
START = {"trac": "/", "pad": "/p/help", "desk": "/"}


@contextmanager
def backends(case: dict[str, Any], folder: Path, work: Path, url: dict[str, str]) -> Iterator[dict[str, int]]:
    """The apps of a case, up; gives the loopback port behind each host."""
    if case["target"] == "desk":
        with helpdesk.started(folder, work, url) as port:
            yield {"desk": port, "look": port, "media": port}
        return
    chat, static = url["pad"] + START["pad"], f"{url['static']}/chrome/common"
    with apps(folder, work, desk_url=url["trac"], chat_url=chat, static_url=static) as (trac, pad):
        yield {"trac": trac, "pad": pad, "static": trac}


async def explore(case: dict[str, Any], folder: Path, work: Path, keep: Path | None) -> RunOutcome:
    """One case from fresh data to an outcome."""
    ports = {name: free_port() for name in HOSTS}
    url = {name: f"https://{HOSTS[name]}:{ports[name]}" for name in HOSTS}
    out = keep or work / "run"
    (out / "evidence").mkdir(parents=True)
    authority = Authority.create()
    root = work / "root.pem"
    root.write_bytes(authority.root_pem)
    with backends(case, folder, work, url) as behind:
        async with AsyncExitStack() as stack:
            for name, port in behind.items():
                fault = case["breaks"].get(name)
                front = await serve(authority, [HOSTS[name]], ("127.0.0.1", port), fault, port=ports[name])
                stack.push_async_callback(front.close)
            options = RunOptions(
                target=url[case["target"]] + START[case["target"]],
                personas=tuple(by_name(("curious",))),
                journeys=tuple(load_catalogue()),
                login=Login.of(*LOGIN),
                ca=(root,),
                resolve=tuple(((HOSTS[n], ports[n]), "127.0.0.1") for n in HOSTS),
                only_resolved=True,
                test_system=True,
                steps=120,
                allow_origins=tuple(url.values()),
            )
            run = Run(options, out)
            with run.journal:
                return await run.explore()


def false_blame(case: dict[str, Any], verdicts: list[JourneyVerdict]) -> list[str]:
    """Blame that the truth does not know, and blame that it calls for and that is missing or wrong."""
    wrong = []
    for verdict in verdicts:
        want = case["blame"].get(verdict.journey)
        tls = verdict.cause not in ("", "other")
        if want is None and tls and verdict.verdict in (Verdict.FAILED, Verdict.BLOCKED, Verdict.DEGRADED):
            wrong.append(
                f"false blame: {verdict.journey} {verdict.verdict} by {verdict.cause} at {verdict.host}: {verdict.why}"
            )
        if want is not None and tls and (verdict.cause, verdict.host) != (want["cause"], HOSTS[want["host"]]):
            wrong.append(f"wrong blame: {verdict.journey} by {verdict.cause} at {verdict.host}, should be {want}")
    return wrong


def missed(case: dict[str, Any], verdicts: list[JourneyVerdict]) -> list[str]:
    hopes = {**case.get("hope", {}), **{journey: want["verdict"] for journey, want in case["blame"].items()}}
    return [
        f"missed: {v.journey} should be {hopes[v.journey]}, is {v.verdict} {v.reason} ({v.why})"
        for v in verdicts
        if v.journey in hopes and v.verdict != hopes[v.journey]
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(TRUTH["cases"]))
    parser.add_argument("--folder", type=Path, default=Path(".field"), help="where the apps are installed")
    parser.add_argument("--keep", type=Path, help="keep the runs here")
    args = parser.parse_args()
    folder = args.folder.resolve()
    install(folder)
    helpdesk.install(folder)
    bad = gone = 0
    for name in args.cases:
        case = TRUTH["cases"][name]
        with tempfile.TemporaryDirectory(prefix="trustwalk-field-") as work:
            keep = args.keep / name if args.keep else None
            outcome = asyncio.run(explore(case, folder, Path(work), keep))
        wrong, lost = false_blame(case, outcome.verdicts), missed(case, outcome.verdicts)
        bad, gone = bad + len(wrong), gone + len(lost)
        print(f"{'WRONG' if wrong else 'right'} {name}", *wrong, *lost, sep="\n    ", flush=True)
    print(f"{bad} false or wrong blames, {gone} misses in {len(args.cases)} cases.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

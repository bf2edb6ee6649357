"""How often the right cause is named: by the probe alone, by the browser alone, and by both together.

python tests/accuracy/probe.py [--rounds N] prints what tests/accuracy/run.py writes into docs/measured/. Every fault of
the lab is served; the probe and a real Chromium look at the same server. «Both» is what a run makes of it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.surfaces.web.browser import Browser
from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import Front, serve
from explorer.tls.faults.known import ALL_FAULTS
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause
from flows.effects import Effect
from flows.judge.settle import settle_ambiguous
from flows.session import SessionLog
from flows.signals import Exchange, Family, Signal

HEALTHY = "no fault"
AUTHORITIES = ("Trustwalk Test", "Müller & Sons Root", "example.test Internal")
NAMES = ("chat.desk.test", "a-very-long-name.with.many.labels.desk.test", "xn--bcher-kva.desk.test")
PATIENCE = 3.0
"""Seconds for a page to load, and for each step of the probe."""
WAYS = ("probe", "browser", "both")


@dataclass(frozen=True, slots=True)
class Look:
    """One fault, served and looked at: what it was, and what each way called it. The browser's headline is the
    likeliest of all causes that its words allow; `allowed` are all of them. Empty where a way could not look."""

    fault: str
    truth: str
    probe: str
    browser: str = ""
    both: str = ""
    allowed: tuple[str, ...] = ()


def _head(causes: Sequence[Cause]) -> str:
    return causes[0].value if causes else HEALTHY


async def told_by_browser(browser: Browser, name: str, port: int) -> SessionLog:
    """What Chromium has to say of one page, as a run's monitor reads it."""
    surface = await browser.surface(f"s{port}", f"https://{name}:{port}/")
    monitor = BrowserMonitor(f"s{port}")
    told: list[Signal | Exchange | Effect] = []
    try:
        await surface.open()
        await surface.settle(PATIENCE)
        for record in surface.drain():
            told += monitor.feed(record)
        told += monitor.finish(time.time())
    finally:
        await surface.close()
    signals = tuple(t for t in told if isinstance(t, Signal) and t.host == name)
    exchanges = tuple(t for t in told if isinstance(t, Exchange) and t.host == name)
    return SessionLog(f"s{port}", "curious", "desktop", (name, port), (), signals=signals, exchanges=exchanges)


async def look(fault: Fault, front: Front, name: str, trust: TrustStore, browser: Browser | None) -> Look:
    truth = fault.cause.value if fault.cause else HEALTHY
    now = datetime.now(tz=UTC) + fault.skew
    evidence = await probe(name, front.port, address=front.address, trust=trust, private=True, timeout=2.0, now=now)
    alone = diagnose(evidence)
    if browser is None or fault.skew:  # a browser's clock cannot be set apart from the machine's
        return Look(fault.name, truth, _head(alone.causes))
    log = await told_by_browser(browser, name, front.port)
    allowed = tuple(c.value for s in log.signals if s.family is Family.TLS for c in s.causes)
    settled = settle_ambiguous(log, {(name, front.port): alone}).signals
    both = diagnose(evidence, [s for s in settled if s.family in (Family.TLS, Family.NETWORK)])
    return Look(fault.name, truth, _head(alone.causes), allowed[0] if allowed else HEALTHY, _head(both.causes), allowed)


async def measure(rounds: int = 1, *, browse: bool = True) -> list[Look]:
    """Every fault `rounds` times, each round with fresh keys, another authority and another host name."""
    seen = []
    for number in range(rounds):
        authority, name = Authority.create(AUTHORITIES[number % len(AUTHORITIES)]), NAMES[number % len(NAMES)]
        trust = TrustStore((), (authority.root.certificate,), "the lab's root")
        async with AsyncExitStack() as stack:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory()), "root.pem")
            root.write_bytes(authority.root_pem)
            fronts = {
                fault.name: await stack.enter_async_context(
                    await serve(authority, [name], None, None if fault.side == "client" else fault)
                )
                for fault in ALL_FAULTS.values()
            }
            resolve = [((name, front.port), front.address) for front in fronts.values()]
            browser = await stack.enter_async_context(Browser(ca=[root], resolve=resolve)) if browse else None
            for fault in ALL_FAULTS.values():
                seen.append(await look(fault, fronts[fault.name], name, trust, browser))  # noqa: PERF401 - one after the other, on a machine that has other work
    return seen


def pairs(looks: Iterable[Look], way: str) -> Counter[tuple[str, str]]:
    """(what it was, what one way called it) → how often."""
    return Counter((x.truth, told) for x in looks if (told := getattr(x, way)))


def scores(counted: Counter[tuple[str, str]], cause: str) -> tuple[str, str]:
    """Recall and precision of one cause."""
    right = counted[cause, cause]
    was = sum(n for (truth, _), n in counted.items() if truth == cause)
    called = sum(n for (_, told), n in counted.items() if told == cause)
    return _share(right, was), _share(right, called)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def summary(looks: Sequence[Look]) -> str:
    """Markdown: recall and precision of each cause, each way."""
    head = "| it was | looks | " + " | ".join(f"{way}: recall | precision" for way in WAYS) + " |"
    rows = [head, "|" + "---|" * 8]
    counted = {way: pairs(looks, way) for way in WAYS}
    for cause in sorted({x.truth for x in looks}):
        cells = [cell for way in WAYS for cell in scores(counted[way], cause)]
        rows.append(f"| {cause} | {sum(x.truth == cause for x in looks)} | {' | '.join(cells)} |")
    total = []
    for way in WAYS:
        looked = sum(counted[way].values())
        right = sum(n for (was, told), n in counted[way].items() if was == told)
        total.append(f"{way} {right} of {looked}" + (f" ({_share(right, looked)})" if looked else ""))
    return "\n".join([*rows, "", f"The headline is right: {', '.join(total)}."]) + "\n"


def matrix(looks: Sequence[Look], way: str) -> str:
    """Markdown: causes × diagnoses of one way. Columns are the diagnoses that were made; an empty cell is none."""
    counted = pairs(looks, way)
    columns = sorted({told for _, told in counted})
    rows = ["| it was \\ called | " + " | ".join(columns) + " |", "|" + "---|" * (len(columns) + 1)]
    for truth in sorted({was for was, _ in counted}):
        cells = [str(counted[truth, told] or "") for told in columns]
        cells = [f"**{c}**" if told == truth and c else c for c, told in zip(cells, columns, strict=True)]
        rows.append(f"| {truth} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def covered(looks: Sequence[Look]) -> str:
    """How far the browser's words go: do they allow the true cause at all, and how many others?"""
    failed = [x for x in looks if x.allowed]
    silent = sum(bool(x.browser) and not x.allowed and x.truth != HEALTHY for x in looks)
    fits = sum(x.truth in x.allowed for x in failed)
    many = sum(len(set(x.allowed)) for x in failed) / max(len(failed), 1)
    return (
        f"Where Chromium fails with a TLS error ({len(failed)} looks), its words allow {many:.1f} causes on average, the true "
        f"one among them {fits} times. It says nothing of TLS at {silent} broken servers: a handshake that hangs or is cut, an "
        "intermediate that it fetched by itself, a revoked certificate, a short key, a status 400.\n"
    )


def page(looks: Sequence[Look]) -> str:
    """All that stands on the accuracy page."""
    faults = len({x.fault for x in looks})
    parts = [
        (
            f"{faults} servers, {len(looks)} looks, with fresh keys for each. The headline counts. A skewed clock could be given "
            "to the probe only. Odd servers that deserve a finding are «no fault» here; two of them have keys that Chromium "
            "refuses and OpenSSL takes (Ed25519, P-521): both together call these `unknown-tls`, and name the key.\n"
        ),
        summary(looks),
        covered(looks),
    ]
    parts += [f'??? note "The whole matrix: {way}"\n\n{_indented(matrix(looks, way))}' for way in WAYS]
    return "\n".join(parts)


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def figures() -> str:
    return page(asyncio.run(measure()))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    looks = asyncio.run(measure(parser.parse_args().rounds))
    print(page(looks))
    wrong = [x for x in looks if x.probe != x.truth or (x.both and x.both != x.truth)]
    for one in wrong:
        print(f"wrong: {one.fault} was called {one.probe} by the probe, {one.both} by both")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())

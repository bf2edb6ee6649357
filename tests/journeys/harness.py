"""Runs the product against the demo app and holds what comes out against `truth.yml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from explorer.lab.demo.app import DemoApp
from explorer.request.credential import Login
from explorer.request.resolve import RunOptions
from explorer.run.run import Run
from explorer.run.run_outcome import RunOutcome
from flows.journey import load_catalogue
from personas.persona import Persona, by_name

TRUTH: dict[str, Any] = yaml.safe_load((Path(__file__).with_name("truth.yml")).read_text(encoding="utf-8"))
CAUSES: tuple[str, ...] = tuple(TRUTH["causes"])
JOURNEYS: tuple[str, ...] = tuple(TRUTH["journeys"])
LEAVES: tuple[str, ...] = tuple(TRUTH["leaf_hosts"])


@dataclass(frozen=True, slots=True)
class Expected:
    """What the truth table says of one journey."""

    verdict: str = "passed"
    cause: str = ""
    blocked_by: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the matrix: what is broken, and how the app looks."""

    breaks: Mapping[str, str] = field(default_factory=dict)
    skin: str = "classic"
    language: str = "en"
    seed: int = 1

    def __str__(self) -> str:
        broken = "+".join(f"{h}={c}" for h, c in self.breaks.items()) or "all-good"
        return f"{self.skin}-{self.language}-{broken}-{self.seed}"


def expected(breaks: Mapping[str, str]) -> dict[str, Expected]:
    """The truth for a set of broken hosts. A blocked journey carries the cause of what blocks it; the entry hides all."""
    told = {journey: Expected() for journey in JOURNEYS}
    order = sorted(breaks, key=lambda host: {"portal": 2, "auth": 1}.get(host, 0))
    for host in order:
        for journey, cell in TRUTH["hosts"][host].items():
            told[journey] = Expected(cell["verdict"], breaks[host], cell.get("by", ""))
    return told


def patient(persona: Persona, seconds: float = 3.0) -> Persona:
    """The same persona with a shorter patience, so that a matrix of broken apps takes minutes, not hours."""
    return persona.model_copy(update={"patience": min(persona.patience, seconds)})


def options(demo: DemoApp, cell: Cell, personas: Sequence[str] = ("curious",), **changes: Any) -> RunOptions:
    base = RunOptions(
        target=demo.url,
        personas=tuple(patient(p) for p in by_name(personas)),
        journeys=tuple(j for j in load_catalogue() if j.id in JOURNEYS),
        login=Login.of(*demo.login),
        seed=cell.seed,
        ca=(demo.ca,),
        resolve=tuple(((host, port), address) for host, port, address in demo.resolve),
        only_resolved=True,
        test_system=True,
        allow_origins=tuple(f"https://{host}:{port}" for host, port, _ in demo.resolve if host.endswith("desk.test")),
        screenshots=False,
        audit=False,  # tested for itself; here it would only cost time on every screen of every cell
    )
    return base.model_copy(update=changes)


async def run_cell(cell: Cell, folder: Path, personas: Sequence[str] = ("curious",), **changes: Any) -> RunOutcome:
    """One run against a demo app in that state."""
    out = folder / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp(cell.breaks, skin=cell.skin, language=cell.language, workdir=folder / "demo") as demo:
        run = Run(options(demo, cell, personas, **changes), out)
        with run.journal:
            return await run.explore()


def differences(outcome: RunOutcome, breaks: Mapping[str, str]) -> list[str]:
    """What does not agree with the truth, one sentence each; empty when all is right."""
    truth = expected(breaks)
    wrong = []
    for verdict in outcome.verdicts:
        want = truth[verdict.journey]
        got = Expected(verdict.verdict.value, verdict.cause, verdict.blocked_by)
        if got != want:
            wrong.append(f"{verdict.persona}: {verdict.journey} should be {want}, is {got} ({verdict.why})")
    seen = {v.journey for v in outcome.verdicts}
    return wrong + [f"{journey} has no verdict" for journey in truth if journey not in seen]


def latin_square(hosts: Sequence[str] = LEAVES, causes: Sequence[str] = CAUSES) -> Iterable[dict[str, str]]:
    """One set of breaks for each cause: all leaf hosts at once, each with another cause, each pair met once."""
    for shift in range(len(causes)):
        yield {host: causes[(shift + place) % len(causes)] for place, host in enumerate(hosts)}

"""Failures that are not TLS, beside hosts whose TLS is broken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from flows.incident import JourneyVerdict, Verdict
from flows.journey import choose, load_catalogue
from tests.journeys.harness import Cell, options

JOURNEY = {"tickets": "submit-ticket", "api": "account-info", "files": "upload-attachment"}
ON_EVERY_PUSH = (("tickets", "cors", "modern"),)
CASES = (
    *ON_EVERY_PUSH,
    ("tickets", "http-500", "classic"),
    ("tickets", "http-500", "modern"),
    ("tickets", "script-error", "classic"),
    ("api", "http-500", "modern"),
    ("files", "refused", "classic"),
)
"""Host, what it does, skin."""


async def explored(
    cell: Cell, host: str, how: str, folder: Path, journeys: Sequence[str] = ()
) -> dict[str, JourneyVerdict]:
    out = folder / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp(cell.breaks, skin=cell.skin, workdir=folder / "demo") as demo:
        await demo.misbehave(host, how)
        chosen: dict[str, Any] = {"journeys": choose(load_catalogue(), journeys)} if journeys else {}
        run = Run(options(demo, cell, **chosen), out)
        with run.journal:
            outcome = await run.explore()
    return {v.journey: v for v in outcome.verdicts}


async def not_blamed(host: str, how: str, skin: str, folder: Path, journeys: Sequence[str] = ()) -> None:
    """The other failure is told as one, and the broken host is blamed for what it breaks. `journeys`: only these are tried."""
    cell = Cell({"chat": "expired", "analytics": "self-signed"}, skin)
    verdicts = await explored(cell, host, how, folder, journeys)
    verdict = verdicts[JOURNEY[host]]
    assert verdict.cause in ("other", ""), verdict.why
    assert verdict.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)
    assert (verdicts["start-chat"].verdict, verdicts["start-chat"].cause) == (Verdict.FAILED, "expired")

"""What is not TLS is never blamed on TLS, not even while another host has a bad certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.lab.demo.app import DemoApp
from explorer.run.run import Run
from flows.incident import JourneyVerdict, Verdict
from tests.journeys.harness import Cell, options

JOURNEY = {"tickets": "submit-ticket", "api": "account-info", "files": "upload-attachment"}


async def explored(cell: Cell, host: str, how: str, folder: Path) -> dict[str, JourneyVerdict]:
    out = folder / "run"
    (out / "evidence").mkdir(parents=True)
    async with DemoApp(cell.breaks, skin=cell.skin, workdir=folder / "demo") as demo:
        await demo.misbehave(host, how)
        run = Run(options(demo, cell), out)
        with run.journal:
            outcome = await run.explore()
    return {v.journey: v for v in outcome.verdicts}


@pytest.mark.parametrize(
    ("host", "how", "skin"),
    [
        ("tickets", "http-500", "classic"),
        ("tickets", "http-500", "modern"),
        ("tickets", "script-error", "classic"),
        ("api", "http-500", "modern"),
        ("files", "refused", "classic"),
        ("tickets", "cors", "modern"),
    ],
)
async def test_another_fault_is_not_blamed_on_tls_while_other_hosts_are_broken(
    host: str, how: str, skin: str, tmp_path: Path
) -> None:
    cell = Cell({"chat": "expired", "analytics": "self-signed"}, skin)
    verdicts = await explored(cell, host, how, tmp_path)
    verdict = verdicts[JOURNEY[host]]
    assert verdict.cause in ("other", ""), verdict.why
    assert verdict.verdict in (Verdict.FAILED, Verdict.INCONCLUSIVE)
    assert (verdicts["start-chat"].verdict, verdicts["start-chat"].cause) == (Verdict.FAILED, "expired")


async def test_a_server_error_on_a_healthy_site_leaves_no_incident(tmp_path: Path) -> None:
    verdicts = await explored(Cell(), "tickets", "http-500", tmp_path)
    assert (verdicts["submit-ticket"].verdict, verdicts["submit-ticket"].cause) == (Verdict.FAILED, "other")
    assert {v.cause for v in verdicts.values()} == {"", "other"}

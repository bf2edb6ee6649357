"""The truth table on the virtual device: the same journeys, causes and verdicts as on the web."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from explorer.lab.android.profiles import PIXEL_36
from explorer.request.fail_on import FailOn
from explorer.run.exit_code import exit_code
from flows.incident import Verdict
from flows.judge.unobserved import LIKELY, NOT_OBSERVABLE
from tests.journeys.android import CELLS, ON_EVERY_PUSH, World, neighbour, world
from tests.journeys.harness import differences

pytestmark = [pytest.mark.android, pytest.mark.nightly]


async def right(device: World, breaks: Mapping[str, str]) -> None:
    """Walk one cell on a device that is ready."""
    outcome = await device.run(breaks)
    assert outcome.problem == ""
    assert differences(outcome, breaks) == []
    kinds = {f.kind for f in outcome.findings}
    assert ("background-host" in kinds) == ("analytics" in breaks)
    assert ("device-clock" in kinds) == ("clock-skew" in breaks.values())
    assert "network-not-observable" not in kinds


async def test_a_healthy_app_and_one_whose_every_host_is_broken_come_out_as_they_are(tmp_path: Path) -> None:
    """Both on one device, as starting one takes as long as exploring on it."""
    async with world(tmp_path) as device:
        for name in ON_EVERY_PUSH:
            await right(device, CELLS[name])
        assert device.lab.virtual.unknown == []


async def test_on_another_level_and_beside_an_app_that_talks_well_and_badly_all_the_time_it_is_the_same(
    tmp_path: Path,
) -> None:
    async with world(tmp_path, PIXEL_36) as device, neighbour(device) as asked:
        for name in ON_EVERY_PUSH:
            await right(device, CELLS[name])
        assert device.lab.virtual.unknown == []
        assert set(asked) == {"play.test", "vendor.test"} and min(asked.values()) > 20
    journal = "".join(path.read_text(encoding="utf-8") for path in tmp_path.glob("run-*/journal.jsonl"))
    assert "vendor.test" not in journal and "play.test" not in journal


async def test_of_a_silent_app_nothing_is_called_passed_or_other_and_the_broken_host_is_likely_and_not_proven(
    tmp_path: Path,
) -> None:
    broken = {"tickets": "expired", "chat": "self-signed"}
    async with world(tmp_path) as device:
        device.lab.virtual.faults.silent_apps = True
        hosts = tuple((name, port) for name, port, _ in device.demo.resolve)
        outcome = await device.run(broken, proxied=False, hosts=hosts)
        seen = await device.run(broken)
    lost = {v.journey: v for v in outcome.verdicts if v.journey in {"submit-ticket", "start-chat"}}
    assert {v.verdict for v in lost.values()} == {Verdict.INCONCLUSIVE}, [v.why for v in lost.values()]
    assert {v.reason for v in lost.values()} == {NOT_OBSERVABLE}
    assert "other" not in {v.cause for v in outcome.verdicts}
    likely = {(f.host, f.cause) for f in outcome.findings if f.kind == LIKELY}
    assert likely >= {("tickets.desk.test", "expired"), ("chat.desk.test", "self-signed")}
    assert exit_code(outcome.verdicts, outcome.findings, FailOn()) == 3
    assert differences(seen, broken) == []  # the proxy sees what the log does not tell

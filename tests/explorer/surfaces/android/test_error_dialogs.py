"""«Keeps stopping» and «isn't responding»: about the explored app, or about another one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from explorer.lab.android.support import PACKAGE
from explorer.surfaces.android import error_dialogs
from explorer.surfaces.android.error_dialogs import ErrorDialogs
from explorer.surfaces.android.log import LogFollower
from tests.explorer.devices.android.at_hand import AtHand, at_hand
from tests.explorer.surfaces.android.session import Session, driver

BUTTON = '<android.widget.Button resource-id="android:id/{}" text="{}" clickable="true" bounds="[0,{}][100,{}]"/>'
WAIT, CLOSE = BUTTON.format("aerr_wait", "Wait", 200, 300), BUTTON.format("aerr_close", "Close app", 100, 200)
TITLE = '<android.widget.TextView resource-id="android:id/alertTitle" text="{}" bounds="[0,0][100,100]"/>'
ANR = f"<hierarchy>{TITLE.format('System UI isn’t responding')}{CLOSE}{WAIT}</hierarchy>"
CRASH = f"<hierarchy>{TITLE.format('Desk Support keeps stopping')}{CLOSE}</hierarchy>"


@dataclass
class Bench:
    session: Session
    device: AtHand
    log: LogFollower
    dialogs: ErrorDialogs


@pytest.fixture
async def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setattr(error_dialogs, "HEARD", 0.3)
    session, device = Session(), at_hand()
    log = LogFollower(0, device.serial, PACKAGE)
    log.connected = True
    return Bench(session, device, log, ErrorDialogs(await driver(session), device, log, PACKAGE))


async def test_a_dialog_without_an_event_of_the_app_is_closed_as_a_person_would(bench: Bench) -> None:
    assert await bench.dialogs.foreign(ANR) == "System UI isn’t responding"
    assert bench.session.done == [("clickGesture", {"x": 50, "y": 250})]
    assert bench.log.crashed == ""


async def test_a_dialog_about_the_app_stays_even_if_its_event_is_a_moment_late(bench: Bench) -> None:
    asyncio.get_running_loop().call_later(0.05, setattr, bench.log, "crashed", "crash")
    assert await bench.dialogs.foreign(CRASH) == "" and bench.session.done == []
    bench.log.crashed = ""  # the next action
    assert await bench.dialogs.foreign(CRASH) == "" and bench.session.done == []


async def test_without_a_log_an_app_that_is_gone_has_crashed(bench: Bench) -> None:
    bench.log.connected = False
    assert await bench.dialogs.foreign(CRASH) == "" and bench.log.crashed == "crash"


async def test_without_a_log_an_app_that_runs_has_not(bench: Bench) -> None:
    bench.log.connected = False
    bench.device.virtual.start_process(PACKAGE)
    assert await bench.dialogs.foreign(CRASH) == "Desk Support keeps stopping"


@pytest.mark.parametrize(
    "source", ["<hierarchy/>", "<hierarchy aerr_", f"<hierarchy>{TITLE.format('aerr_wait')}</hierarchy>"]
)
async def test_what_is_no_such_dialog_is_left_alone(bench: Bench, source: str) -> None:
    assert await bench.dialogs.foreign(source) == "" and bench.session.done == []

"""Which lines of a device's log tell of the explored app, whatever else runs on the device."""

from __future__ import annotations

import asyncio

import pytest

from explorer.surfaces.android import log
from explorer.surfaces.android.log import LogFollower

PACKAGE = "org.example.app"


def crashed(tag: str, text: str) -> str:
    """What the follower takes an event of the system for."""
    follower = LogFollower(0, "serial", PACKAGE, lambda: 1_700_000_000.0)
    follower._take(f"1700000000.000   612   612 I {tag:<8}: {text}")
    return follower.crashed


@pytest.mark.parametrize("name", [PACKAGE, f"{PACKAGE}:push"])
def test_a_crash_of_the_app_or_of_one_of_its_processes_is_one(name: str) -> None:
    assert crashed("am_crash", f"[4210,0,{name},551042630,java.lang.IllegalStateException,no,Api.java,41]") == "crash"
    assert crashed("am_anr", f"[0,4210,{name},551042630,Input dispatching timed out]") == "anr"


@pytest.mark.parametrize("name", [f"{PACKAGE}.debug", f"my.{PACKAGE}", "com.android.systemui"])
def test_a_crash_of_another_app_is_none_even_if_it_names_the_app(name: str) -> None:
    assert (
        crashed("am_crash", f"[4210,0,{name},0,java.lang.SecurityException,{PACKAGE} is not allowed,Api.java,41]") == ""
    )
    assert crashed("am_anr", f"[0,4210,{name},0,Waiting for {PACKAGE}]") == ""


class Clock:
    """The clocks of this machine and of a device, and the device's answers to `date`."""

    def __init__(self) -> None:
        self.now, self.ahead = 1_700_000_000.0, 0.0

    def here(self) -> float:
        return self.now

    async def date(self, *_: object, **__: object) -> str:
        return f"{self.now + self.ahead:.9f}\n"


async def test_a_clock_that_jumps_in_mid_session_is_measured_anew_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(log, "shell", clock.date)
    follower = LogFollower(0, "serial", PACKAGE, clock.here)
    await follower.measure_clock()
    follower._task = asyncio.get_running_loop().create_task(asyncio.sleep(0))
    clock.ahead = 1.0
    await follower.follow_clock()  # not more than a slow answer can explain
    clock.ahead = 3_600.0
    await follower.follow_clock()
    await follower.stop()
    told = [record.data for record in follower.drain() if record.kind == "clock"]
    assert [data.get("jump") for data in told] == [None, 3600.0]
    follower._take(f"{clock.now + 3_600.0:.3f}   612   612 I Api     : of {PACKAGE}, now")
    follower._flush(lambda _: True)
    assert follower.drain()[0].time == pytest.approx(clock.now)

"""Following a device's log over the real adb: which lines belong to this session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import AdbServer
from explorer.devices.android.tools import find_adb
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.support import PACKAGE, support_app
from explorer.surfaces.android.log import LogFollower

YEAR = 365 * 86_400.0


@pytest.fixture
async def virtual() -> AsyncIterator[VirtualDevice]:
    async with VirtualDevice({PACKAGE: support_app()}, {}, "") as made:
        made.start_process(PACKAGE)
        yield made


@pytest.fixture
async def follower(virtual: VirtualDevice) -> AsyncIterator[LogFollower]:
    server = AdbServer(find_adb())
    await server.start()
    made = LogFollower(server.port, virtual.serial, PACKAGE)
    try:
        await AndroidDevice(server.adb, server.port, virtual.serial).connect()
        yield made
    finally:
        await made.stop()
        await server.stop()


async def heard(follower: LogFollower, words: str) -> str:
    """All that came until these words did."""
    text = ""
    async with asyncio.timeout(60):
        while words not in text:
            await follower.quiet()
            text += "\n".join(str(record.data.get("text", "")) for record in follower.drain())
            await asyncio.sleep(0.05)
    return text


def write(virtual: VirtualDevice, text: str) -> None:
    virtual.log.write("W", "Api", virtual.processes[PACKAGE], text)


async def test_lines_from_before_the_clock_was_put_right_are_of_no_session(
    virtual: VirtualDevice, follower: LogFollower
) -> None:
    virtual.skew = 3 * YEAR
    write(virtual, "an old failure, dated in three years")
    virtual.skew = 0.0
    await follower.start()
    write(virtual, "a new one")
    assert "old failure" not in await heard(follower, "a new one")


async def test_a_device_whose_clock_is_wrong_is_followed_all_the_same(
    virtual: VirtualDevice, follower: LogFollower
) -> None:
    write(virtual, "an old failure")
    virtual.skew = 3 * YEAR
    await follower.start()
    write(virtual, "dated in three years")
    assert "old failure" not in await heard(follower, "dated in three years")


async def test_a_clock_that_is_put_right_in_mid_session_costs_no_line(
    virtual: VirtualDevice, follower: LogFollower
) -> None:
    await follower.start()
    write(virtual, "before")
    await heard(follower, "before")
    virtual.skew = YEAR
    write(virtual, "after")
    await heard(follower, "after")

"""A device's proxy setting: journalled before it is made, put back at the end, and after `kill -9` by whoever comes next."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from explorer.cli.doctor import device_settings, restore_device_settings
from explorer.devices.android.device import AndroidDevice
from explorer.devices.android.server import AdbServer
from explorer.devices.android.tools import find_adb
from explorer.lab.android.calls import call
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.lab import support_apk
from explorer.lab.android.support import PACKAGE
from explorer.run.android_network import left_over, observed
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from reports.journal.events import Broken, DeviceChanged, Event

HOST = "api.desk.test"
OWN = {
    ("global", "http_proxy"): "office:3128",
    ("global", "global_http_proxy_host"): "office",
    ("global", "global_http_proxy_port"): "3128",
    ("global", "global_http_proxy_exclusion_list"): "",
    ("global", "global_proxy_pac_url"): "",
}
"""What Android keeps of a proxy that was set in its settings."""


@pytest.fixture
async def virtual() -> AsyncIterator[VirtualDevice]:
    async with VirtualDevice({}, {}, "") as made:
        made.settings.update(OWN)
        yield made


@pytest.fixture
async def device(virtual: VirtualDevice) -> AsyncIterator[AndroidDevice]:
    server = AdbServer(find_adb())
    await server.start()
    try:
        made = AndroidDevice(server.adb, server.port, virtual.serial)
        await made.connect()
        yield made
    finally:
        await server.stop()


async def test_the_change_is_journalled_before_it_is_made_and_undone_at_the_end(
    virtual: VirtualDevice, device: AndroidDevice
) -> None:
    told: list[tuple[Event, bool]] = []
    async with observed(device, "test.desk", lambda event: told.append((event, virtual.settings == OWN))) as tap:
        assert tap is not None and virtual.settings["global", "http_proxy"].startswith("localhost:")
    assert virtual.settings == OWN
    assert [(type(e), e.undone, untouched) for e, untouched in told if isinstance(e, DeviceChanged)] == [
        (DeviceChanged, False, True),
        (DeviceChanged, True, True),
    ]


async def test_what_the_apps_ask_for_is_told_with_whose_it_is_and_what_is_the_devices_own_comes_to_the_device(
    virtual: VirtualDevice, device: AndroidDevice
) -> None:
    authority = Authority.create()
    front = await serve(authority, (HOST, "localhost"), None, "healthy")
    virtual.network.roots = authority.root_pem.decode()
    assert virtual.install([support_apk().read_bytes()]) == ""
    virtual.listening[7070] = front.port
    mine = replace(virtual.network, uid=virtual.uid(PACKAGE))
    other = replace(virtual.network, uid=virtual.uid("com.android.vending"))
    way = {(HOST, 443): (front.address, front.port)}
    async with front, observed(device, PACKAGE, lambda _: None, way) as tap:
        assert tap is not None
        assert (await call(mine, HOST, "/")).status and (await call(other, HOST, "/")).status
        assert (await call(mine, "localhost", "/", port=7070)).status
    assert tap is not None
    told = {r.data["id"]: (r.data["host"], r.data["of"], r.data["outcome"]) for r in tap.take()}
    assert list(told.values()) == [  # told as it answers, and again at its end
        (HOST, "app", "finished"),
        (HOST, "other", "finished"),
        ("localhost", "app", "finished"),
    ]
    assert tap.take() == []


async def test_a_device_that_opens_no_way_back_is_explored_without_a_proxy(
    virtual: VirtualDevice, device: AndroidDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> bytes:
        return b"FAIL0005sorry"

    monkeypatch.setattr(virtual.reverse, "ask", refuse)
    told: list[Event] = []
    async with observed(device, "test.desk", told.append) as tap:
        assert tap is None
    assert virtual.settings == OWN
    assert "not observable" in " ".join(e.what for e in told if isinstance(e, Broken))


CHILD = """
import asyncio, sys
from pathlib import Path
from explorer.devices.android.device import AndroidDevice
from explorer.run.android_network import observed

async def main():
    async with observed(AndroidDevice(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]), "test.desk", lambda _: None):
        print("set", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def killed_with_its_proxy_set(device: AndroidDevice) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CHILD,
        str(device.adb),
        str(device.port),
        device.serial,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[4],
    )
    assert child.stdout is not None
    assert await asyncio.wait_for(child.stdout.readline(), 60) == b"set\n"
    child.send_signal(signal.SIGKILL)
    await child.wait()


async def test_what_a_killed_run_left_is_found_and_undone_by_doctor_at_the_adb_server_that_runs_use(
    virtual: VirtualDevice, device: AndroidDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(device.port))
    await killed_with_its_proxy_set(device)
    assert virtual.settings["global", "http_proxy"].startswith("localhost:")
    found = await device_settings()
    assert not found.ok and device.serial in found.text
    await restore_device_settings()
    assert virtual.settings == OWN and (await device_settings()).ok


async def test_what_a_killed_run_left_is_undone_by_the_next_run(virtual: VirtualDevice, device: AndroidDevice) -> None:
    await killed_with_its_proxy_set(device)
    told: list[Event] = []
    await left_over(device, told.append)
    assert virtual.settings == OWN
    assert [e.undone for e in told if isinstance(e, DeviceChanged)] == [True]
    await left_over(device, told.append)
    assert len(told) == 1


async def test_a_device_that_vanishes_keeps_the_setting_and_the_journal_says_who_takes_it_back(
    virtual: VirtualDevice, device: AndroidDevice, may_leave_traces: None
) -> None:
    told: list[Event] = []
    async with observed(device, "test.desk", told.append):
        await virtual.vanish()
    assert "removes it" in next(e.what for e in told if isinstance(e, Broken))

"""A device over the real adb: what it is, installing, files, its log, and coming back after it was gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from explorer.devices.android import server as android_server
from explorer.devices.android.device import AndroidDevice, choose_device, list_devices
from explorer.devices.android.row import lack_of
from explorer.devices.android.server import AdbServer, adb_request, adb_stream, shell
from explorer.devices.android.tools import AndroidError, find_adb
from explorer.devices.devices import AndroidRow
from explorer.lab.android.calls import call
from explorer.lab.android.device import VirtualDevice
from explorer.lab.android.lab import support_apk
from explorer.lab.android.network import Failed
from explorer.lab.android.support import PACKAGE, support_app
from explorer.monitors.socket_table import peers
from explorer.proxy.observe import ObservingProxy
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.record import Record
from tests.explorer.server.waiting import eventually

ROOT = Path(__file__).parents[5]


@dataclass
class Bench:
    virtual: VirtualDevice
    device: AndroidDevice
    server: AdbServer

    async def adb(self, *words: str) -> str:
        """What the adb program itself says."""
        _, said = await self.device._adb(*words)
        return said


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    server = AdbServer(find_adb())
    await server.start()
    try:
        async with VirtualDevice({PACKAGE: support_app()}, {}, "") as virtual:
            device = AndroidDevice(server.adb, server.port, virtual.serial)
            await device.connect()
            yield Bench(virtual, device, server)
            assert virtual.unknown == []
    finally:
        await server.stop()


async def test_a_device_says_what_it_is(bench: Bench) -> None:
    facts = await bench.device.facts()
    assert (facts.sdk, facts.release, facts.language) == (34, "14", "en")
    assert facts.abis == ("x86_64", "arm64-v8a") and not facts.emulator
    assert await list_devices(bench.server.port) == {bench.virtual.serial: "device"}


async def test_the_only_device_is_any_device(bench: Bench) -> None:
    assert await choose_device(bench.server.port, "any") == bench.virtual.serial
    with pytest.raises(AndroidError, match=r"adb sees: 127\.0\.0\.1:"):
        await choose_device(bench.server.port, "R58M123")


async def test_an_app_is_installed_started_stopped_and_removed(bench: Bench) -> None:
    device = bench.device
    assert not await device.installed(PACKAGE)
    assert "does not exist" in await device.launch(PACKAGE, f"{PACKAGE}.MainActivity")
    await device.install([support_apk()])
    assert await device.installed(PACKAGE)
    assert await device.launch(PACKAGE, f"{PACKAGE}.MainActivity") == ""
    assert await device.running(PACKAGE)
    await device.shell("input keyevent 4")  # answers the permission dialog
    assert await device.activity() == ".MainActivity"
    await device.stop(PACKAGE)
    assert not await device.running(PACKAGE)
    await device.uninstall(PACKAGE)
    assert not await device.installed(PACKAGE)


async def test_splits_are_installed_together(bench: Bench) -> None:
    await bench.device.install([support_apk(), support_apk()])
    assert await bench.device.installed(PACKAGE)


async def test_what_a_device_does_not_take_is_told_in_a_sentence(bench: Bench, tmp_path: Path) -> None:
    bench.virtual.faults.disk_full = True
    with pytest.raises(AndroidError, match="not have enough free space"):
        await bench.device.install([support_apk()])
    bench.virtual.faults.disk_full = False
    broken = tmp_path / "broken.apk"
    broken.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(AndroidError, match="the package is damaged"):
        await bench.device.install([broken])
    bench.virtual.properties["ro.build.version.sdk"] = "21"
    with pytest.raises(AndroidError, match="too old for the app"):
        await bench.device.install([support_apk()])


async def test_files_go_there_and_back(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "a file ü.bin"
    source.write_bytes(bytes(range(256)) * 2000)
    before = await bench.device.downloads()
    await bench.device.push(source, f"/sdcard/Download/{source.name}")
    assert await bench.device.downloads() - before == {source.name}
    await bench.adb("pull", f"/sdcard/Download/{source.name}", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
    await bench.device.shell("rm -f '/sdcard/Download/a file ü.bin'")
    assert await bench.device.downloads() == before


async def test_the_shell_takes_quotes_joints_and_tells_exit_codes(bench: Bench) -> None:
    assert (
        await bench.device.shell("echo 'a;b' && echo \"c  d\"; false || echo e")
        == "a;b\nc  d\n/system/bin/sh: false: inaccessible or not found\ne\n"
    )
    bench.virtual.unknown.clear()
    code, _ = await bench.device._adb("shell", "[ -e /nowhere ]")
    assert code == 1


async def test_the_log_is_followed_in_the_format_asked_for(bench: Bench) -> None:
    services = (f"host:transport:{bench.virtual.serial}", "shell:logcat -b main -v threadtime -v epoch -T 1")
    async with asyncio.timeout(20), adb_stream(bench.server.port, *services) as (reader, _):
        bench.virtual.log.write("W", "Api", 77, "one\ntwo")
        seen = ""
        while "two" not in seen:
            seen = (await reader.readline()).decode()
    assert seen.split(maxsplit=1)[1] == "   77    77 W Api     : two\n".lstrip()


async def test_a_device_that_vanishes_is_an_error_and_can_come_back(bench: Bench) -> None:
    await bench.virtual.vanish()
    with pytest.raises(AndroidError):
        for _ in range(100):
            await bench.device.shell("getprop ro.product.model", limit=5)
    assert await bench.device.absence() == f"{bench.virtual.serial} is gone: adb sees it as «offline»."
    await bench.virtual.listen()
    await bench.device.connect()
    assert (await bench.device.facts()).sdk == 34 and await bench.device.absence() == ""


async def test_a_device_may_come_back_while_it_is_waited_for(bench: Bench) -> None:
    async def dropped() -> bool:
        return not await list_devices(bench.server.port)

    async def come_back_late() -> None:
        await eventually(dropped)
        await bench.virtual.listen()

    for _ in range(5):  # adb says that it has dropped a connection some time before it has
        await bench.virtual.vanish()
        await asyncio.gather(bench.device.connect(), come_back_late())
        assert (await bench.device.facts()).sdk == 34


async def test_a_device_that_stays_away_is_told_in_adbs_words(bench: Bench) -> None:
    await bench.virtual.vanish()
    with pytest.raises(AndroidError, match=r"not become ready within 3 s\. adb says: .*refused"):
        await bench.device.connect(limit=3)


async def test_a_row_that_names_an_address_is_connected_to(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(bench.server.port))
    row = AndroidRow(kind="android", serial=bench.virtual.serial)
    await bench.adb("disconnect", bench.virtual.serial)
    assert await lack_of(row, bench.server.adb) == ""
    assert await list_devices(bench.server.port) == {bench.virtual.serial: "device"}
    await bench.virtual.vanish()
    await bench.adb("disconnect", bench.virtual.serial)
    assert "adb says: failed to connect" in await lack_of(row, bench.server.adb)


async def test_without_an_adb_server_there_is_a_sentence(bench: Bench) -> None:
    await bench.server.stop()
    with pytest.raises(AndroidError, match="No adb server answers on port"):
        await adb_request(bench.server.port, "host:version")
    with pytest.raises(AndroidError):
        await shell(bench.server.port, "nobody", "id")


async def test_an_adb_server_that_hangs_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(android_server, "REQUEST_LIMIT", 1.0)
    os.kill(bench.server.pid, signal.SIGSTOP)
    try:
        with pytest.raises(AndroidError, match="did not answer «host:devices» within 1 s"):
            await list_devices(bench.server.port)
    finally:
        os.kill(bench.server.pid, signal.SIGCONT)


async def test_a_silent_device_is_given_up(bench: Bench) -> None:
    bench.virtual.log.stalled = True
    with pytest.raises(AndroidError, match="did not answer «logcat» within 1 s"):
        await bench.device.shell("logcat -v threadtime", limit=1)
    bench.virtual.log.resume()


async def test_streams_of_two_clients_do_not_mix(bench: Bench) -> None:
    said = await asyncio.gather(
        *(bench.device.shell(f"echo {n} && getprop ro.build.version.release") for n in range(12))
    )
    assert said == [f"{n}\n14\n" for n in range(12)]


async def test_a_proxy_on_this_machine_sees_the_apps_handshakes_and_goes_without_a_trace(bench: Bench) -> None:
    authority = Authority.create()
    seen: asyncio.Queue[Record] = asyncio.Queue()
    front = await serve(authority, ("api.desk.test",), None, "expired")
    routes = {("api.desk.test", 443): (front.address, front.port)}
    bench.virtual.network.roots = authority.root_pem.decode()
    bench.virtual.settings["global", "http_proxy"] = "office:3128"
    bench.virtual.proxy.look()
    before = dict(bench.virtual.settings)
    async with front, ObservingProxy(seen.put_nowait, routes) as proxy:
        await bench.device.proxy.use(proxy.port)
        await bench.device.proxy.use(proxy.port)  # as after a run that was killed
        with pytest.raises(Failed, match="Chain validation failed"):
            await call(bench.virtual.network, "api.desk.test", "/")
        async with asyncio.timeout(10):
            record = await seen.get()
        assert record.data["sni"] == "api.desk.test" and record.data["version"] == "TLSv1.3"
        assert await bench.device.proxy.restore()
    assert not await bench.device.proxy.restore()
    assert bench.virtual.settings == before
    assert await bench.adb("reverse", "--list") == "\n"


async def test_whom_an_app_is_connected_to_is_in_the_socket_table_where_the_shell_may_read_it(bench: Bench) -> None:
    assert await bench.device.user_of("io.elsewhere") == 0
    await bench.device.install([support_apk()])
    user = await bench.device.user_of(PACKAGE)
    assert user >= 10_000  # as Android numbers apps
    bench.virtual.network.sockets.open(user, "192.0.2.7", 8443)
    bench.virtual.network.sockets.open(user + 1, "192.0.2.8", 8443)
    assert peers(await bench.device.sockets() or "", user) == {("192.0.2.7", 8443)}
    bench.virtual.forbidden |= {"/proc/net/tcp", "/proc/net/tcp6"}
    assert await bench.device.sockets() is None


async def test_what_is_no_adb_is_dropped(bench: Bench) -> None:
    host, _, port = bench.virtual.serial.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET / HTTP/1.1\r\nHost: nobody at all\r\n\r\n" + b"\xff" * 64)
    await writer.drain()
    writer.write_eof()
    with contextlib.suppress(ConnectionError):
        await reader.read()
    writer.close()
    assert (await bench.device.facts()).sdk == 34

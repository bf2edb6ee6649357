"""Whose connection the proxy accepts, read from the socket table of a device with several apps."""

from __future__ import annotations

import asyncio

from explorer.devices.android.tools import AndroidError
from explorer.lab.android.lab import support_apk
from explorer.lab.android.network import Socket
from explorer.lab.android.profiles import PIXEL_34, PIXEL_36, Profile
from explorer.lab.android.support import PACKAGE
from explorer.run.owners import APP, OTHER, UNKNOWN, Owners
from tests.explorer.devices.android.at_hand import AtHand, at_hand

PORT = 7777
VENDOR = "com.android.vending"


def with_app(profile: Profile = PIXEL_34) -> tuple[AtHand, Owners]:
    device = at_hand(profile)
    assert device.virtual.install([support_apk().read_bytes()]) == ""
    return device, Owners(device, PACKAGE, PORT)


def opens(device: AtHand, package: str) -> Socket:
    return device.virtual.network.sockets.open(device.virtual.uid(package), "127.0.0.1", PORT)


async def test_each_connection_has_the_owner_that_the_table_names() -> None:
    device, owners = with_app(PIXEL_36)
    for package, owner in ((PACKAGE, APP), (VENDOR, OTHER), (VENDOR, OTHER), (PACKAGE, APP)):
        opens(device, package)
        assert await owners.next() == owner


async def test_several_connections_of_one_app_are_told_one_after_the_other() -> None:
    device, owners = with_app()
    first, _ = opens(device, PACKAGE), opens(device, PACKAGE)
    assert [await owners.next(), await owners.next()] == [APP, APP]
    device.virtual.network.sockets.close(first)
    opens(device, VENDOR)
    assert await owners.next() == OTHER


async def test_of_two_apps_that_connect_at_once_nobody_is_told_and_the_next_one_is() -> None:
    device, owners = with_app()
    opens(device, PACKAGE)
    opens(device, VENDOR)
    assert [await owners.next(), await owners.next()] == [UNKNOWN, UNKNOWN]
    opens(device, PACKAGE)
    assert await owners.next() == APP


async def test_many_who_ask_at_once_are_answered_by_one_look_at_the_table() -> None:
    device, owners = with_app()
    looks = 0
    sockets = device.sockets

    async def counted() -> str | None:
        nonlocal looks
        looks += 1
        return await sockets()

    device.sockets = counted  # type: ignore[method-assign] # the looks are counted
    for _ in range(20):
        opens(device, PACKAGE)
    assert list(await asyncio.gather(*(owners.next() for _ in range(20)))) == [APP] * 20
    assert looks <= 2


async def test_if_one_of_those_who_ask_has_gone_again_no_owner_is_told() -> None:
    device, owners = with_app()
    opens(device, PACKAGE)
    assert owners._owners([owners._user], 2) == [UNKNOWN, UNKNOWN]


async def test_a_table_that_the_shell_may_not_read_tells_no_owner() -> None:
    device, owners = with_app()
    opens(device, PACKAGE)
    device.virtual.forbidden |= {"/proc/net/tcp", "/proc/net/tcp6"}
    assert await owners.next() == UNKNOWN


async def test_without_the_app_and_without_the_device_no_owner_is_told() -> None:
    device = at_hand()
    opens(device, PACKAGE)
    assert await Owners(device, PACKAGE, PORT).next() == UNKNOWN

    async def gone(*_: object) -> str:
        raise AndroidError("it is gone")

    device.shell = gone  # type: ignore[method-assign, assignment] # the device leaves
    assert await Owners(device, PACKAGE, PORT).next() == UNKNOWN

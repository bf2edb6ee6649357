"""The kinds of device: what each says of itself, and user ids of its packages."""

from __future__ import annotations

import pytest

from explorer.lab.android.lab import support_apk
from explorer.lab.android.profiles import PROFILES, Profile
from explorer.lab.android.support import PACKAGE
from explorer.monitors.socket_table import peers
from tests.explorer.devices.android.at_hand import at_hand


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
async def test_a_profile_says_what_it_is(profile: Profile) -> None:
    facts = await at_hand(profile).facts()
    assert (facts.sdk, facts.release, facts.emulator) == (profile.api, profile.release, profile.emulator)


async def test_each_package_has_its_own_user_id_in_all_that_tells_of_it() -> None:
    device = at_hand()
    assert device.virtual.install([support_apk().read_bytes()]) == ""
    mine, other = await device.user_of(PACKAGE), device.virtual.uid("com.android.vending")
    assert mine != other and f"userId={mine}\n" in await device.shell(f"dumpsys package {PACKAGE}")
    device.virtual.start_process(PACKAGE)
    assert f"*APP* UID {mine} " in await device.shell("dumpsys activity processes")
    assert f"{mine}," in await device.shell("logcat -d -b events")
    device.virtual.network.sockets.open(mine, "192.0.2.7", 443)
    device.virtual.network.sockets.open(other, "192.0.2.8", 443)
    assert peers(await device.sockets() or "", mine) == {("192.0.2.7", 443)}

"""What phones of several vendors and levels answer, and what is made of it."""

from __future__ import annotations

import pytest

from explorer.devices.android.tools import AndroidError
from explorer.lab.android.lab import support_apk
from explorer.lab.android.profiles import OLD_26, PIXEL_34, PIXEL_36, PROFILES, SAMSUNG, XIAOMI, Profile
from explorer.lab.android.support import PACKAGE
from tests.explorer.devices.android.at_hand import AtHand, at_hand

EACH = pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)


def with_app(profile: Profile) -> AtHand:
    device = at_hand(profile)
    assert device.virtual.install([support_apk().read_bytes()]) == ""
    return device


@EACH
async def test_an_app_is_found_with_its_user_whoever_else_lives_on_the_phone(profile: Profile) -> None:
    device = with_app(profile)
    assert await device.installed(PACKAGE) and not await device.installed("io.elsewhere")
    assert await device.user_of(PACKAGE) == device.virtual.uid(PACKAGE)


async def test_a_phone_that_does_not_list_its_apps_says_why() -> None:
    device = with_app(SAMSUNG)
    said = await device.shell(f"pm list packages {PACKAGE}")
    assert "SecurityException" in said and "user 150" in said
    device.shell = lambda *_: _said(said)  # type: ignore[method-assign] # whatever is asked
    with pytest.raises(AndroidError, match=r"does not list its apps: .*user 150"):
        await device.installed(PACKAGE)


async def _said(text: str) -> str:
    return text


@pytest.mark.parametrize("profile", [PIXEL_34, SAMSUNG, OLD_26], ids=lambda profile: profile.name)
async def test_the_data_of_an_app_is_cleared(profile: Profile) -> None:
    device = with_app(profile)
    device.virtual.stores[PACKAGE] = {"token": "x"}
    await device.clear(PACKAGE)
    assert PACKAGE not in device.virtual.stores


async def test_a_phone_that_refuses_to_clear_is_told_with_the_option_to_switch_on() -> None:
    device = with_app(XIAOMI)
    with pytest.raises(AndroidError, match=r"CLEAR_APP_USER_DATA.*Security\s+settings"):
        await device.clear(PACKAGE)


@pytest.mark.parametrize("profile", [OLD_26, PIXEL_34, PIXEL_36], ids=lambda profile: profile.name)
async def test_the_activity_in_front_is_found_on_each_level(profile: Profile) -> None:
    device = with_app(profile)
    for _ in range(2):
        assert await device.activity() == "com.android.launcher3.uioverrides.QuickstepLauncher".removeprefix(
            "com.android.launcher3"
        )

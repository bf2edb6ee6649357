"""The global proxy on a device that reads its settings late, as Android does: nothing is left, whatever was there before."""

from __future__ import annotations

import pytest

from explorer.devices.android import proxy_setting
from explorer.devices.android.tools import AndroidError
from explorer.lab.android.profiles import EMULATOR_CI, OLD_26, PIXEL_34, PIXEL_36, SAMSUNG, XIAOMI, Profile
from explorer.lab.android.proxy_service import ASKED, as_found
from tests.explorer.devices.android.at_hand import AtHand, at_hand

OPEN = (PIXEL_34, PIXEL_36, SAMSUNG, EMULATOR_CI, OLD_26)


def with_former(device: AtHand, former: str | None) -> dict[tuple[str, str], str]:
    """The settings once the service has seen the former proxy."""
    if former is not None:
        device.virtual.settings[ASKED] = former
        device.virtual.proxy.look()
    return as_found(device.virtual.settings)


@pytest.mark.parametrize(
    ("profile", "former"),
    [*((PIXEL_34, former) for former in ("", "office:3128", "office")), *((profile, None) for profile in OPEN)],
    ids=lambda value: getattr(value, "name", repr(value)),
)
async def test_the_proxy_comes_into_force_and_goes_without_a_trace(profile: Profile, former: str | None) -> None:
    device = at_hand(profile)
    before = with_former(device, former)
    in_force = device.virtual.proxy.in_force
    await device.proxy.use(9)
    used = device.virtual.proxy.in_force
    assert used is not None and used[0] == "localhost"
    assert await device.proxy.former() == in_force
    assert await device.proxy.restore()
    after = as_found(device.virtual.settings)
    if former == "":  # it is deleted instead: both mean no proxy
        del before[ASKED]
    assert (after, device.virtual.proxy.in_force) == (before, in_force)
    assert not await device.proxy.restore()
    with pytest.raises(ConnectionRefusedError):
        await device.virtual.reverse.connect(used[1])


async def test_what_an_earlier_version_left_with_an_empty_former_proxy_is_undone() -> None:
    device = at_hand()
    device.virtual.settings.update({ASKED: "localhost:7", ("global", proxy_setting.FORMER): ""})
    device.virtual.proxy.look()
    assert await device.proxy.left() and await device.proxy.restore()
    assert as_found(device.virtual.settings) == {} and device.virtual.proxy.in_force is None


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        (
            {("global", "global_http_proxy_host"): "gate", ("global", "global_http_proxy_port"): "80"},
            "the proxy gate:80",
        ),
        ({("global", "global_proxy_pac_url"): "http://gate/proxy.pac"}, "a proxy script"),
    ],
)
async def test_an_administrators_proxy_is_left_alone(theirs: dict[tuple[str, str], str], told: str) -> None:
    device = at_hand()
    device.virtual.settings.update(theirs)
    with pytest.raises(AndroidError, match=told):
        await device.proxy.use(9)
    assert device.virtual.settings == theirs


async def test_a_phone_that_refuses_settings_is_told_with_the_option_to_switch_on() -> None:
    device = at_hand(XIAOMI)
    with pytest.raises(AndroidError, match=r"WRITE_SECURE_SETTINGS.*Security settings"):
        await device.proxy.use(9)
    assert device.virtual.settings == {} and not await device.proxy.restore()
    assert await device.virtual.reverse.ask("list-forward", None) == b"0000"  # type: ignore[arg-type] # it opens nothing


async def test_a_former_proxy_that_does_not_come_back_stays_stored_for_the_next_try(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(proxy_setting, "PATIENCE", 0.0)
    device = at_hand()
    with_former(device, "localhost:7")
    device.virtual.settings["global", proxy_setting.FORMER] = "office:3128"
    device.virtual.proxy.late = 100
    with pytest.raises(AndroidError, match=r"does not put its former proxy back in force \(office:3128\)"):
        await device.proxy.restore()
    assert await device.proxy.left()


async def test_a_device_that_is_still_starting_says_so() -> None:
    device = at_hand()
    device.virtual.settings["global", proxy_setting.FORMER] = "cmd: Can't find service: settings"
    with pytest.raises(AndroidError, match="does not tell its settings: cmd: Can't find service"):
        await device.proxy.left()

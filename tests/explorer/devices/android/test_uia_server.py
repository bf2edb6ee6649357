"""A UiAutomator2 server that another Appium left on the device is replaced, and a fitting one stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.devices.android.uia_server import SERVER, remove_other, version_in
from explorer.lab.android.lab import support_apk
from explorer.lab.android.phone import Installed
from explorer.targets.apk.package import read_package
from tests.explorer.devices.android.at_hand import AtHand, at_hand


def with_server(version: str) -> AtHand:
    device = at_hand()
    for name in (SERVER, f"{SERVER}.test"):
        package = replace(read_package(support_apk()), name=name, version_name=version)
        device.virtual.packages[name] = Installed(package, 1, "", ())
    return device


@pytest.mark.parametrize(
    ("there", "ours", "removed"), [("5.0.0", "10.6.6", True), ("10.6.6", "10.6.6", False), ("5.0.0", "", False)]
)
async def test_a_server_of_another_version_is_removed(there: str, ours: str, removed: bool) -> None:
    device = with_server(there)
    assert await remove_other(device, ours) == removed
    assert [name for name in device.virtual.packages if SERVER in name] == (
        [] if removed else [SERVER, f"{SERVER}.test"]
    )


async def test_a_device_without_a_server_has_nothing_to_remove() -> None:
    assert not await remove_other(at_hand(), "10.6.6")


@pytest.mark.parametrize("place", ["appium-uiautomator2-driver/node_modules/", ""])
def test_the_drivers_own_version_is_read(tmp_path: Path, place: str) -> None:
    assert version_in(tmp_path) == ""
    file = tmp_path / f"node_modules/{place}appium-uiautomator2-server/package.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"version": "10.6.6"}', encoding="utf-8")
    assert version_in(tmp_path) == "10.6.6"
    file.write_text("{", encoding="utf-8")
    assert version_in(tmp_path) == ""

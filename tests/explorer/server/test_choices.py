"""What could be explored on, and what the doctor would say of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.android.server import AdbServer
from explorer.devices.android.tools import find_adb
from explorer.server import choices
from explorer.server.choices import DeviceFinder, look

DEVICES = """
devices:
  desktop: {kind: browser, viewport: [1280, 800]}
  phone: {kind: browser, emulate: Pixel 7, locale: de-DE}
  avd: {kind: android, avd: Pixel_8}
  cable: {kind: android, serial: ABC}
  farm: {kind: android, appium: "https://hub.example/wd/hub"}
  grid: {kind: android, appium: "https://hub.example/wd/hub", capabilities: {"appium:udid": ABC}}
"""


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "devices.yml"
    file.write_text(DEVICES, encoding="utf-8")
    return file


async def test_without_appium_each_android_device_says_what_the_doctor_would(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTWALK_DATA", str(tmp_path / "empty"))
    found = await look(rows)
    assert [d.name for d in found.browsers] == ["desktop", "phone"]
    assert [d.about for d in found.browsers] == ["1280×800", "Pixel 7, de-DE"]
    assert [d.name for d in found.androids] == ["android", "avd", "cable", "farm", "grid"]
    assert all("trustwalk doctor android --fix" in d.lack for d in found.androids)


@pytest.mark.android
async def test_with_appium_adb_says_what_is_attached(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = AdbServer(find_adb())
    await server.start()
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server.port))
    for name in ("ANDROID_HOME", "ANDROID_SDK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    try:
        lacks = {d.name: d.lack for d in (await look(rows)).androids}
    finally:
        await server.stop()
    assert "No Android device is attached" in lacks["android"]
    assert "«ABC»" in lacks["cable"]
    assert "emulator of the Android SDK" in lacks["avd"]
    assert "name the device by its serial" in lacks["farm"]
    assert lacks["grid"] == ""  # somebody else's machine is not asked because a page was opened


async def test_a_broken_file_is_told_in_place_of_devices(tmp_path: Path) -> None:
    file = tmp_path / "devices.yml"
    file.write_text("devices: [", encoding="utf-8")
    found = await look(file)
    assert "is not valid YAML" in found.browsers[0].lack and "is not valid YAML" in found.androids[0].lack


async def test_many_who_ask_at_once_cost_one_look(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    real = choices.look

    async def counted(file: Path | None) -> choices.Choices:
        nonlocal looks
        looks += 1
        return await real(file)

    monkeypatch.setattr(choices, "look", counted)
    looker = DeviceFinder(rows)
    assert await looker.look() == await looker.look()
    assert looks == 1

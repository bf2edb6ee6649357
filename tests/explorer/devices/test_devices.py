"""devices.yml: who is looked at first, and what is said of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.devices import AndroidRow, BrowserDevice, DeviceError, load_devices


def test_the_default_rows_are_those_of_the_design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    devices = load_devices()
    assert list(devices.devices) == ["desktop", "phone", "emulator", "usb", "appium"]
    desktop, usb = devices.named("desktop"), devices.named("usb")
    assert isinstance(desktop, BrowserDevice) and desktop.viewport == (1280, 800)
    assert isinstance(usb, AndroidRow) and usb.serial == "any"


def test_a_file_in_the_working_directory_comes_before_the_default_and_a_named_one_before_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "devices.yml").write_text("devices:\n  here: {kind: browser}\n")
    (tmp_path / "other.yml").write_text("devices:\n  other: {kind: browser}\n")
    assert list(load_devices().devices) == ["here"]
    assert list(load_devices(tmp_path / "other.yml").devices) == ["other"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "devices:\n  a: {kind: browser}\n  b:\n    kind: browser\n    viewprt: [1, 2]\n",
            "line 5, «devices.b.viewprt»: there is no such key",
        ),
        ("devices:\n  a: {kind: tv}\n", "line 2, «devices.a.kind»: must be «browser» or «"),
        ("devices:\n  a: {kind: browser, viewport: [1, 2]}\n", "line 2, «devices.a.viewport»"),
        ("devices: [\n", "is not valid YAML"),
        ("- a\n", "must hold the key «devices:»"),
        ("devices: {}\nmore: 1\n", "line 2, «more»: there is no such key"),
    ],
)
def test_a_wrong_file_is_told_by_line_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "mine.yml"
    file.write_text(text)
    with pytest.raises(DeviceError) as error:
        load_devices(file)
    assert said in str(error.value) and "mine.yml" in str(error.value)


def test_an_unknown_device_or_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"There is no device «sofa».*desktop"):
        load_devices().named("sofa")
    with pytest.raises(DeviceError, match="cannot be read"):
        load_devices(tmp_path / "none.yml")


def test_a_browser_that_is_called_android_takes_the_attached_device_from_nobody(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("devices:\n  android: {kind: browser, emulate: Pixel 7}\n")
    devices = load_devices(file)
    assert [row.serial for row in devices.apps().values()] == ["any"]
    assert [row.emulate for row in devices.sites(("android",)).values()] == ["Pixel 7"]

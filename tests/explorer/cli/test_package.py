"""A package as the target of `trustwalk run`: what cannot work is told in a sentence before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli import main
from explorer.cli.package import is_package
from explorer.devices.devices import load_devices
from explorer.lab.android.lab import support_apk


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and a data folder in which no Appium is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRUSTWALK_DATA", str(tmp_path / "data"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments], env={"COLUMNS": "500"}, prog_name="trustwalk")


def test_what_is_no_package_is_one_sentence_and_exit_code_2(here: Path) -> None:
    (here / "page.apk").write_text("<html>", encoding="utf-8")
    result = run("page.apk")
    assert result.exit_code == 2
    assert "page.apk: this is not an Android package" in result.stderr
    assert not (here / "trustwalk-runs").exists()


def test_without_appium_it_ends_with_3_and_says_how_to_get_it(here: Path) -> None:
    result = run(str(support_apk()))
    assert result.exit_code == 3
    assert "Appium" in result.stderr and "trustwalk doctor android --fix" in result.stderr
    assert not (here / "trustwalk-runs").exists()


def test_the_demo_on_android_wants_appium_too() -> None:
    result = CliRunner().invoke(main, ["demo", "--android"], prog_name="trustwalk")
    assert (result.exit_code, "trustwalk doctor android --fix" in result.stderr) == (3, True)


def test_the_demos_android_app_has_no_other_language() -> None:
    result = CliRunner().invoke(main, ["demo", "--android", "--language", "de"], prog_name="trustwalk")
    assert (result.exit_code, "one language" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("target", "device", "words"),
    [
        (str(support_apk()), "desktop", "«desktop» is a browser"),
        ("https://desk.test/", "usb", "«usb» is an Android device"),
        ("https://desk.test/", "android", "«android» is an Android device"),
    ],
)
def test_apps_go_to_android_devices_and_sites_to_browsers(target: str, device: str, words: str) -> None:
    result = run(target, "--device", device)
    assert (result.exit_code, words in result.stderr) == (2, True)


def test_a_file_of_rows_without_the_default_one_is_told_in_a_sentence(here: Path) -> None:
    (here / "devices.yml").write_text("devices:\n  lobby: {kind: browser}\n", encoding="utf-8")
    result = run("https://desk.test/")
    assert (result.exit_code, "There is no device «desktop» in devices.yml. Known: lobby." in result.stderr) == (
        2,
        True,
    )


def test_cookies_are_for_sites(here: Path) -> None:
    (here / "state.json").write_text("{}", encoding="utf-8")
    assert run(str(support_apk()), "--storage-state", "state.json").exit_code == 2


def test_an_app_goes_to_the_only_attached_device_unless_told_otherwise() -> None:
    devices = load_devices()
    assert [row.serial for row in devices.apps().values()] == ["any"]
    assert devices.apps(("emulator",))["emulator"].avd


def test_a_file_is_a_package_and_a_web_address_is_none(here: Path) -> None:
    (here / "build-42").write_bytes(b"PK")
    assert is_package("app.apk") and is_package("App.XAPK") and is_package("build-42")
    assert not is_package("https://desk.test/app.apk") and not is_package("desk.test")

"""The data of an app that was on a phone before are somebody's, until the user says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.android.tools import AndroidError
from explorer.lab.android.lab import support_apk
from explorer.lab.android.support import PACKAGE
from explorer.run.app_data import OwnApps, app_data
from tests.explorer.devices.android.at_hand import AtHand, at_hand


@pytest.fixture
def own(tmp_path: Path) -> OwnApps:
    return OwnApps(tmp_path / "data" / "own-apps.json")


def install(device: AtHand) -> None:
    assert device.virtual.install([support_apk().read_bytes()]) == ""


async def test_an_app_that_was_there_before_is_left_alone_until_the_user_says_what_to_do(own: OwnApps) -> None:
    device = at_hand()
    install(device)
    with pytest.raises(AndroidError, match=r"is on .* already.*--clear-data.*--keep-data"):
        async with app_data(device, PACKAGE, own, emulator=False, keep=None):
            pass
    async with app_data(device, PACKAGE, own, emulator=False, keep=True) as kept:
        assert kept
    assert not own.file.exists()  # it is still the owner's
    async with app_data(device, PACKAGE, own, emulator=False, keep=False) as kept:
        assert not kept
    async with app_data(device, PACKAGE, own, emulator=False, keep=None) as kept:
        assert not kept  # said once


async def test_an_app_that_a_run_installed_is_known_at_the_next_one_and_not_after_somebody_installed_it_anew(
    own: OwnApps,
) -> None:
    device = at_hand()
    async with app_data(device, PACKAGE, own, emulator=False, keep=None) as kept:
        assert not kept
        install(device)
    install(device)  # an update
    async with app_data(device, PACKAGE, own, emulator=False, keep=None) as kept:
        assert not kept
    await device.uninstall(PACKAGE)
    device.virtual.skew = 60.0
    install(device)
    with pytest.raises(AndroidError, match="already"):
        async with app_data(device, PACKAGE, own, emulator=False, keep=None):
            pass


async def test_an_emulator_is_nobodys_phone(own: OwnApps) -> None:
    device = at_hand()
    install(device)
    async with app_data(device, PACKAGE, own, emulator=True, keep=None) as kept:
        assert not kept
    assert not own.file.exists()


@pytest.mark.parametrize("text", ["", "[]", '{"a": 1}', "{"])
async def test_a_damaged_file_costs_a_question(own: OwnApps, text: str) -> None:
    own.file.parent.mkdir()
    own.file.write_text(text, encoding="utf-8")
    assert not own.has("a", PACKAGE, "2026-01-01")
    own.note("a", PACKAGE, "2026-01-01")
    assert own.has("a", PACKAGE, "2026-01-01") and not own.has("a", PACKAGE, "")

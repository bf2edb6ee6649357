"""One folder holds all tools, and can be chosen."""

from __future__ import annotations

from pathlib import Path

from explorer.devices.browser_setup import find_certutil
from explorer.devices.data_folder import data_folder


def test_the_data_folder_can_be_chosen(tmp_path: Path) -> None:
    assert data_folder({"TRUSTWALK_DATA": str(tmp_path), "XDG_DATA_HOME": "/elsewhere"}) == tmp_path


def test_the_users_own_place_for_data_is_kept_to(tmp_path: Path) -> None:
    assert data_folder({"XDG_DATA_HOME": str(tmp_path)}).is_relative_to(tmp_path)


def test_certutil_is_looked_for_in_the_chosen_folder(tmp_path: Path) -> None:
    tool = tmp_path / "nss" / "usr" / "bin" / "certutil"
    tool.parent.mkdir(parents=True)
    tool.write_text("#!/bin/sh\n", encoding="utf-8")
    tool.chmod(0o755)
    assert find_certutil({"PATH": "", "TRUSTWALK_DATA": str(tmp_path)}) == tool

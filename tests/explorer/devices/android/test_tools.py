"""Which tools are there, which are too old, and the smallest ANDROID_HOME that works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.devices.android.tools import (
    APPIUM,
    DRIVER,
    MARK,
    AndroidError,
    checks,
    find_adb,
    find_tools,
    installed,
    link_sdk,
    node_new_enough,
)


@pytest.mark.parametrize("version", ["v20.19.0", "v20.20.2\n", "v22.12.1", "v24.0.0", "v25.1.0"])
def test_node_that_appium_runs_on(version: str) -> None:
    assert node_new_enough(version)


@pytest.mark.parametrize("version", ["", "v18.20.4", "v20.18.3", "v21.7.3", "v22.11.0", "v23.1.0", "no node"])
def test_node_that_appium_does_not_run_on(version: str) -> None:
    assert not node_new_enough(version)


def test_only_a_finished_installation_of_these_versions_counts(tmp_path: Path) -> None:
    assert not installed(tmp_path)
    mark = tmp_path / "appium" / MARK
    mark.parent.mkdir()
    mark.write_text(json.dumps({"appium": APPIUM}), encoding="utf-8")
    assert not installed(tmp_path)
    mark.write_text(json.dumps({"appium": APPIUM, "driver": DRIVER}), encoding="utf-8")
    assert installed(tmp_path)


def test_what_is_missing_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    assert {check.name: check.ok for check in checks(tmp_path)}["appium"] is False
    with pytest.raises(AndroidError, match=r"Appium .* is not installed.*trustwalk doctor android --fix"):
        find_tools(tmp_path)


def test_the_smallest_android_home_is_one_link_to_adb(tmp_path: Path) -> None:
    adb = find_adb()
    first = link_sdk(tmp_path, adb)
    assert link_sdk(tmp_path, adb) == first
    assert [p.relative_to(first).as_posix() for p in first.rglob("*") if not p.is_dir()] == ["platform-tools/adb"]
    assert (first / "platform-tools/adb").resolve() == adb


def test_a_link_to_an_adb_that_moved_is_made_anew(tmp_path: Path) -> None:
    old = tmp_path / "old-adb"
    old.write_text("x", encoding="utf-8")
    link_sdk(tmp_path, old)
    old.unlink()
    assert (link_sdk(tmp_path, find_adb()) / "platform-tools/adb").resolve() == find_adb()

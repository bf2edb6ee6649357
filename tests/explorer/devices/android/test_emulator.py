"""Finding and booting an emulator, as far as that goes without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.devices.android.emulator import PORTS, Emulator, emulator_binary
from explorer.devices.android.server import free_port
from explorer.devices.android.tools import AndroidError


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_emulator_is_found_in_the_sdk_or_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANDROID_SDK_ROOT", raising=False)
    monkeypatch.setenv("ANDROID_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert emulator_binary() is None
    on_path = program(tmp_path / "bin/emulator", "exit 0")
    assert emulator_binary() == on_path
    in_sdk = program(tmp_path / "emulator/emulator", "exit 0")
    assert emulator_binary() == in_sdk


async def test_an_emulator_that_does_not_start_says_where_its_log_is(tmp_path: Path) -> None:
    emulator = Emulator(
        program(tmp_path / "emulator", 'echo "unknown AVD $2"; exit 3'), "Pixel", tmp_path / "emulator.log"
    )
    with pytest.raises(AndroidError, match=r"ended at once \(exit code 3\).*emulator\.log"):
        await emulator.start(free_port())
    assert (tmp_path / "emulator.log").read_text(encoding="utf-8") == "unknown AVD Pixel\n"
    await emulator.stop()


async def test_a_port_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    emulator = Emulator(program(tmp_path / "emulator", "exit 3"), "Pixel", tmp_path / "emulator.log")
    with pytest.raises(AndroidError):
        await emulator.start(free_port(), frozenset({"emulator-5554"}))
    assert emulator.serial == "emulator-5556"
    with pytest.raises(AndroidError, match="sixteen"):
        await emulator.start(free_port(), frozenset(f"emulator-{port}" for port in PORTS))

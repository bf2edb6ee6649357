"""The wheel holds the five packages with their data files, and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

PACKAGES = {"explorer", "flows", "personas", "readers", "reports"}


@pytest.fixture
def wheel(copy: Path, python: Callable[..., CompletedProcess[str]], tmp_path: Path) -> zipfile.ZipFile:
    built = python(copy, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path / "dist"))
    assert built.returncode == 0, built.stderr
    return zipfile.ZipFile(next((tmp_path / "dist").glob("*.whl")))


def test_it_holds_exactly_what_the_five_packages_hold(wheel: zipfile.ZipFile, tracked: list[Path]) -> None:
    inside = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert {name.split("/")[0] for name in inside} == PACKAGES
    held = {str(path) for path in tracked if path.parts[0] in PACKAGES}
    assert inside == held | {"explorer/devices/default.yml"}


def test_the_devices_of_the_checkout_are_the_packaged_ones(wheel: zipfile.ZipFile, root: Path) -> None:
    assert wheel.read("explorer/devices/default.yml") == (root / "devices.yml").read_bytes()


def test_it_holds_the_data_files(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    for folder, suffix in (
        ("flows/catalogue/", ".yml"),
        ("flows/recognise/words/", ".yml"),
        ("personas/catalogue/", ".yml"),
        ("explorer/monitors/signatures/", ".yml"),
        ("explorer/devices/", ".yml"),
        ("reports/templates/", ""),
    ):
        assert [n for n in names if n.startswith(folder) and n.endswith(suffix)], f"no {suffix} file in {folder}"


def test_it_says_its_licence_and_its_command(wheel: zipfile.ZipFile) -> None:
    info = {Path(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "LICENSE" in info
    assert "trustwalk = explorer.cli:main" in wheel.read(info["entry_points.txt"]).decode()
    metadata = wheel.read(info["METADATA"]).decode()
    assert "License-Expression: MIT" in metadata
    assert "Requires-Python: >=3.11" in metadata

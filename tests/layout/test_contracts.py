"""Each import contract of pyproject.toml holds, and would notice if it did not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Python = Callable[..., CompletedProcess[str]]

PLANTS = {
    # contract: (module to plant in, line that breaks the contract)
    "acyclic": [
        ("flows/screen.py", "import flows.recognise.forms"),
        ("explorer/surfaces/web/tab.py", "def later():\n    import explorer.surfaces.web.surface"),
    ],
    "packages": [
        ("flows/step.py", "import reports.journal.events"),
        ("personas/persona.py", "import flows.step"),
        ("readers/yaml_text.py", "import flows.step"),
        ("reports/journal/events.py", "import explorer.targets"),
        ("flows/screen.py", "import explorer.tls"),
    ],
    "explorer": [
        ("explorer/tls/planted.py", "import explorer.run"),
        ("explorer/policy/planted.py", "import explorer.surfaces.surface"),
        ("explorer/monitors/planted.py", "import explorer.surfaces.surface"),
        ("explorer/devices/planted.py", "import explorer.tls"),
        ("explorer/run/planted.py", "import explorer.cli"),
        ("explorer/newcomer/__init__.py", "import json"),
    ],
    "pure": [
        ("flows/step.py", "import asyncio"),
        ("explorer/policy/planted.py", "import socket"),
        ("explorer/monitors/planted.py", "from time import time"),
        ("reports/journal/events.py", "import subprocess"),
        ("personas/persona.py", "import threading"),
        ("readers/yaml_text.py", "import socket"),
    ],
    "playwright": [
        ("explorer/run/planted.py", "import playwright"),
        ("explorer/cli/planted.py", "from playwright.async_api import async_playwright"),
        ("explorer/lab/demo/planted.py", "import playwright.async_api"),
    ],
    "android": [
        ("explorer/surfaces/planted.py", "import adbutils"),
        ("explorer/run/planted.py", "from appium import webdriver"),
        ("explorer/targets/planted.py", "import selenium"),
    ],
    "terminal": [
        ("explorer/run/planted.py", "import click"),
        ("reports/journal/events.py", "import rich"),
    ],
}


def contracts(folder: Path) -> dict[str, dict[str, object]]:
    settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def lint(python: Python, folder: Path, *only: str) -> CompletedProcess[str]:
    call = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    chosen = [word for contract in only for word in ("--contract", contract)]
    return python(folder, "-c", call, "--no-cache", "--no-logo", *chosen)


def test_all_contracts_hold(copy: Path, python: Python) -> None:
    result = lint(python, copy)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_plant(root: Path) -> None:
    assert set(contracts(root)) == set(PLANTS)


@pytest.mark.parametrize("contract", PLANTS)
def test_each_planted_import_breaks_its_contract(contract: str, copy: Path, python: Python) -> None:
    """All plants of a contract at once: a run for each would take a minute. The report names each planted module."""
    for module, line in PLANTS[contract]:
        planted = copy / module
        planted.parent.mkdir(exist_ok=True)
        before = planted.read_text(encoding="utf-8") if planted.exists() else "from __future__ import annotations\n"
        planted.write_text(f"{before}\n{line}\n", encoding="utf-8")
    result = lint(python, copy, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    told = " ".join(result.stdout.split())
    assert f"{contracts(copy)[contract]['name']} BROKEN" in told
    assert [module for module, _ in PLANTS[contract] if _named(module, contract) not in told] == []


def _named(module: str, contract: str) -> str:
    """How the report of a contract names a planted module: as an importer, a member of a cycle, or a new package."""
    name = module.removesuffix(".py").replace("/", ".")
    is_listed = contract == "acyclic" or name.endswith(".__init__")
    return name.removesuffix(".__init__") if is_listed else f"{name} ->"

"""Every module is tested where one looks for it; those that are not yet stand in a list that shrinks."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable
from pathlib import Path

LIST = "tests/layout/untested.txt"
LIVE = ("live_web", "live_android")
"""Folders for tests that need a browser or a device; they stand for the folder in which they lie."""


def imported(test: Path) -> set[str]:
    """Dotted names of the modules that a test file imports."""
    names = set()
    for node in ast.walk(ast.parse(test.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def mirrored(test: Path) -> Path:
    """The folder whose modules a test is for."""
    return test.parent.parent if test.parent.name in LIVE else test.parent


def named_after(test: Path, module: Path) -> bool:
    """`test_scan.py` is for `scan`, and `test_scan_long.py` too; `test_apk.py` beside a folder for all of `apk/`."""
    subject = test.stem.removeprefix("test_")
    if mirrored(test) != Path("tests", *module.parts[:-1]):
        return subject == module.parent.name
    return f"{module.stem.strip('_')}_".startswith(f"{subject}_") or subject.startswith(f"{module.stem}_")


def untested(modules: Iterable[Path], tests: Iterable[Path], root: Path) -> set[str]:
    """Modules for which no test is named after them, and none in a mirrored folder (above or below) imports them.

    A plug (a module that its package's `__init__` imports or finds: a cause, a format) is tested with its package."""
    by_folder: dict[Path, list[Path]] = {}
    for test in tests:
        by_folder.setdefault(mirrored(test), []).append(test)
    uses = {test: imported(root / test) for tests in by_folder.values() for test in tests}
    found = set()
    for module in modules:
        if module.name == "__init__.py":
            continue
        mirrors = [Path("tests", *module.parts[:depth]) for depth in range(1, len(module.parts))]
        above = [test for mirror in mirrors for test in by_folder.get(mirror, [])]
        near = [*above, *(t for folder, own in by_folder.items() if mirrors[-1] in folder.parents for t in own)]
        dotted = ".".join(module.with_suffix("").parts)
        names = {dotted}
        door = root / module.parent / "__init__.py"
        if door.is_file() and imported(door) & {dotted, "pkgutil.iter_modules"}:
            names.add(dotted.rpartition(".")[0])
        own = [test for mirror in mirrors[-2:] for test in by_folder.get(mirror, [])]
        if not any(named_after(t, module) for t in own) and not any(names & uses[t] for t in near):
            found.add(str(module))
    return found


def test_every_module_has_tests_or_stands_in_the_list(modules: list[Path], tracked: list[Path], root: Path) -> None:
    listed = set((root / LIST).read_text(encoding="utf-8").split())
    tests = [p for p in tracked if p.parts[0] == "tests" and p.name.startswith("test_") and p.suffix == ".py"]
    found = untested(modules, tests, root)
    assert found - listed == set(), "write tests for these, in the mirrored folder"
    assert listed - found == set(), f"these are tested now, or gone: take them off {LIST}"


def test_a_module_without_tests_would_be_noticed(tmp_path: Path) -> None:
    module = Path("explorer/tls/chain.py")
    for name, text in {
        "tests/explorer/tls/test_probe.py": "import explorer.tls.probe",
        "tests/explorer/tls/test_chain.py": "import os",
        "tests/explorer/tls/test_all.py": "from explorer.tls import chain",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert untested([module], [Path("tests/explorer/tls/test_probe.py")], tmp_path) == {str(module)}
    assert untested([module], [Path("tests/explorer/tls/test_chain.py")], tmp_path) == set()
    assert untested([module], [Path("tests/explorer/tls/test_all.py")], tmp_path) == set()


if __name__ == "__main__":  # python tests/layout/test_parity.py > tests/layout/untested.txt
    here = Path(__file__).parents[2]
    listing = subprocess.run(
        ["git", "-C", str(here), "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True
    )
    paths = [Path(name) for name in listing.stdout.decode().splitlines() if (here / name).is_file()]
    code = [p for p in paths if p.suffix == ".py"]
    own = [p for p in code if p.parts[0] in {"explorer", "flows", "personas", "readers", "reports"}]
    print(
        "\n".join(
            sorted(untested(own, [p for p in code if p.parts[0] == "tests" and p.name.startswith("test_")], here))
        )
    )

"""Every module has tests of its own where one looks for them; those that have not yet stand in a list that shrinks."""

from __future__ import annotations

from pathlib import Path


def has_tests(module: Path, tests: list[Path]) -> bool:
    """`explorer/tls/chain.py` is tested by `tests/explorer/tls/test_chain*.py` (or `tests/explorer/test_tls_chain.py`)."""
    mirror = Path("tests", *module.parts[:-1])
    joined = "_".join((*module.parts[1:-1], module.stem))
    return any(
        (t.parent == mirror and t.stem.removeprefix("test_").startswith(module.stem.strip("_")))
        or (t.parent == Path("tests", module.parts[0]) and t.stem.removeprefix("test_") == joined)
        for t in tests
    )


def untested(modules: list[Path], tracked: list[Path]) -> set[str]:
    tests = [p for p in tracked if p.parts[0] == "tests" and p.name.startswith("test_")]
    return {str(m) for m in modules if m.name != "__init__.py" and not has_tests(m, tests)}


def test_every_module_has_tests_or_stands_in_the_list(modules: list[Path], tracked: list[Path], root: Path) -> None:
    listed = set((root / "tests/layout/untested.txt").read_text(encoding="utf-8").split())
    found = untested(modules, tracked)
    assert found - listed == set(), "write tests for these, in the mirrored folder"
    assert listed - found == set(), "these are tested now, or gone: take them off tests/layout/untested.txt"


def test_a_module_without_tests_would_be_noticed() -> None:
    module = Path("explorer/tls/chain.py")
    assert untested([module], [Path("tests/explorer/tls/test_probe.py")]) == {str(module)}
    assert untested([module], [Path("tests/explorer/tls/test_chain.py")]) == set()

"""The map names every module, and what it says of each is whole enough to choose by."""

from __future__ import annotations

import pytest

from tests.layout.map import ROOT, lines, main


def test_every_module_is_on_the_map() -> None:
    places = {line.partition(": ")[0] for line in lines()}
    modules = [
        p for package in ("flows", "readers", "personas", "reports", "explorer") for p in (ROOT / package).rglob("*.py")
    ]
    assert {(p.parent if p.name == "__init__.py" else p).relative_to(ROOT).as_posix() for p in modules} <= places
    assert "personas/catalogue/*.yml" in places and "flows/recognise/words/*.yml" in places


def test_each_line_is_a_sentence_that_ends() -> None:
    cut = [line for line in lines() if "*.yml" not in line and not line.rstrip().endswith((".", "?", ")"))]
    assert cut == []


def test_words_narrow_it_down(capsys: pytest.CaptureFixture[str]) -> None:
    main(["LOGIN", "wire"])
    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith("explorer/surfaces/web/guard.py") for line in told)
    assert all("login" in line.lower() and "wire" in line.lower() for line in told)

"""The page of safety figures is made from what the nightly tests noted, and tells nothing that was not measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.safety.figures import main, table

LINES: list[dict[str, object]] = [
    {"way": "link", "leaks": 0, "passed": True},
    {"way": "frame", "leaks": 1, "passed": False},
    {"persona": "curious", "seed": 1, "controls": 190, "pressed": 0},
    {"persona": "curious", "seed": 2, "controls": 190, "pressed": 2},
    {"kills": 10, "lines": 1_500, "lost": 0, "logins": 7, "left": 0, "secrets": 0},
    {"kills": 10, "lines": 500, "lost": 1, "logins": 6, "left": 0, "secrets": 0},
    {"fuzz": "yaml", "inputs": 5_000, "seed": 1, "faults": 0, "slowest": 0.123, "memory": 90},
]


def test_figures_are_added_up_and_dated() -> None:
    text = table(LINES, "2026-11-29")
    assert "Measured on 2026-11-29" in text
    assert "| ways to a foreign login | 2 | 1 leaks; the true login worked in 1 |" in text
    assert "190 controls that do harm, as a public target (1 personas) | 2 | 2 pressed |" in text
    assert (
        "| 20 | 1 of 2,000 journalled lines lost; after the next start 0 files left, 0 with the password; 13 of the runs had typed the login |"
        in text
    )
    assert "| yaml | 5,000 | 0 | 0.12 s | 90 MB |" in text


@pytest.mark.parametrize(
    ("key", "words"), [("way", "foreign"), ("pressed", "harm"), ("kills", "kill"), ("fuzz", "damaged")]
)
def test_what_was_not_measured_is_not_told(key: str, words: str) -> None:
    text = table([line for line in LINES if key not in line], "2026-11-29")
    assert words not in text


def test_a_page_is_written_from_figures_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("".join(f"{json.dumps(line)}\n" for line in LINES), encoding="utf-8")
    assert main(["--from", str(tmp_path / "f"), "--out", str(tmp_path / "page.md")]) == 0
    assert "| yaml |" in (tmp_path / "page.md").read_text(encoding="utf-8")

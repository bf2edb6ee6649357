"""The page of safety figures is made from what the nightly tests noted, and tells nothing that was not measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fuzz.run import KINDS
from tests.safety.figures import main, table

LINES: list[dict[str, object]] = [
    {"way": "link", "leaks": 0, "passed": True},
    {"way": "frame", "leaks": 1, "passed": False},
    {"persona": "curious", "seed": 1, "seen": [1, 2], "pressed": 0},
    {"persona": "curious", "seed": 2, "seen": [2, 3], "pressed": 2},
    {"kills": 10, "lines": 1_500, "lost": 0, "logins": 7, "left": 0, "secrets": 0},
    {"kills": 10, "lines": 500, "lost": 1, "logins": 6, "left": 0, "secrets": 0},
    {"fuzz": "yaml", "inputs": 5_000, "seed": 1, "faults": 0, "slowest": 0.123, "memory": 90},
]


def test_figures_are_added_up_and_dated() -> None:
    text = table(LINES, "2026-11-29")
    assert "Measured on 2026-11-29" in text
    assert "| ways to a foreign login | 2 | 1 leaks; the true login worked in 1 |" in text
    assert "3 controls that do harm, as a public target (1 personas) | 2 | 2 pressed |" in text
    assert (
        "| 20 | 13 after the login; 1 of 2,000 lines seen before lost; after the next start 0 files left, 0 with the password |"
        in text
    )
    assert "| yaml | 5,000 | 0 | 0.12 s | 90 MB |" in text


@pytest.mark.parametrize(
    ("key", "words"), [("way", "foreign"), ("pressed", "harm"), ("kills", "kill"), ("fuzz", "damaged")]
)
def test_what_was_not_measured_is_not_told(key: str, words: str) -> None:
    text = table([line for line in LINES if key not in line], "2026-11-29")
    assert words not in text


HELD: list[dict[str, object]] = [
    *[{**LINES[0], "way": f"way {number}"} for number in range(50)],
    *[{**LINES[2], "seed": number} for number in range(200)],
    *[LINES[4]] * 10,
    *[{**LINES[6], "fuzz": kind} for kind in KINDS],
]


def written(lines: list[dict[str, object]], folder: Path) -> tuple[int, str]:
    """The exit code, and the page that had stood there as «earlier» before."""
    source, page = folder / "figures.jsonl", folder / "page.md"
    source.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    page.write_text("earlier", encoding="utf-8")
    return main(["--from", str(source), "--out", str(page)]), page.read_text(encoding="utf-8")


def test_a_page_is_written_from_figures_that_are_there(tmp_path: Path) -> None:
    code, text = written(HELD, tmp_path)
    assert code == 0
    assert "| yaml |" in text


@pytest.mark.parametrize("key", ["leaks", "pressed", "lost", "left", "secrets", "faults"])
def test_a_page_stays_as_it_is_where_something_did_not_hold(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{**line, key: 1} if key in line else line for line in HELD]
    assert written(lines, tmp_path) == (1, "earlier")
    assert "left as it is" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["way", "pressed", "kills", *KINDS])
def test_a_page_stays_as_it_is_where_a_kind_was_not_measured_whole(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = max(n for n, line in enumerate(HELD) if key in line or line.get("fuzz") == key)
    assert written([*HELD[:last], *HELD[last + 1 :]], tmp_path) == (1, "earlier")
    assert f"Not measured whole: {key}, so" in capsys.readouterr().err
    assert written([], tmp_path) == (1, "earlier")


def test_a_page_stays_as_it_is_where_a_test_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(file: Path) -> bool:
        file.write_text(json.dumps(HELD[0]) + "\n", encoding="utf-8")
        return False

    monkeypatch.setattr("tests.safety.figures.measured", failed)
    page = tmp_path / "page.md"
    page.write_text("earlier", encoding="utf-8")
    assert main(["--out", str(page)]) == 1
    assert page.read_text(encoding="utf-8") == "earlier"

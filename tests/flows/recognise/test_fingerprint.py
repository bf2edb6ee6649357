"""A fingerprint is the same in every process: a seed's actions hang on it, and so does a memory between runs."""

from __future__ import annotations

import os
import subprocess
import sys

from explorer.surfaces.scripted import screen_of
from flows.recognise.fingerprint import fingerprint

BUTTONS = [f"button: Card {chr(65 + n)}" for n in range(20)]
PROGRAM = f"""
from explorer.surfaces.scripted import screen_of
from flows.recognise.fingerprint import fingerprint
print(fingerprint(screen_of({BUTTONS!r})))
"""


def printed_with(hash_seed: int) -> str:
    """What another process, whose `hash` of a string is another, takes for the screen's fingerprint."""
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    child = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    return child.stdout.strip()


def test_another_process_gives_the_same_screen_the_same_fingerprint() -> None:
    assert {printed_with(seed) for seed in (0, 1, 2)} == {fingerprint(screen_of(BUTTONS))}


def test_elements_without_a_box_are_told_apart() -> None:
    assert fingerprint(screen_of(["button: Save", "button: Send"])) != fingerprint(screen_of(["button: Save"]))


def test_a_longer_list_of_buttons_in_a_column_is_no_other_screen() -> None:
    def rows(count: int) -> list[dict[str, object]]:
        return [{"role": "button", "name": f"Row {n}", "box": [10, 40 * n, 200, 30]} for n in range(2, 2 + count)]

    assert fingerprint(screen_of(rows(3))) == fingerprint(screen_of(rows(9)))

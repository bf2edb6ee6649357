"""On sites full of controls that do harm, a real browser presses none of them, and the journeys pass."""

from __future__ import annotations

from pathlib import Path

from flows.journey import load_catalogue
from reports.journal.events import PressRefused, read
from reports.left_alone import left_alone
from reports.summary import load
from tests.journeys.harm import explored, served


async def test_under_a_public_name_nothing_harmful_is_pressed_and_the_journeys_pass(tmp_path: Path) -> None:
    async with served() as portal:
        outcome = await explored(portal, tmp_path, ("curious", "power-user"))
    assert portal.harm == []
    first = [v for v in outcome.verdicts if v.persona == "curious"]
    assert {v.journey: v.verdict for v in first} == dict.fromkeys((v.journey for v in first), "passed")
    told = [e.refusal for e in read(tmp_path / "run" / "journal.jsonl") if isinstance(e, PressRefused)]
    assert "act" in {r.reason for r in told}
    sentence = left_alone(load(tmp_path / "run")).sentence
    assert sentence.startswith("Not pressed: ") and "payment" in sentence


async def test_on_a_test_system_only_what_is_allowed_is_pressed(tmp_path: Path) -> None:
    async with served() as portal:
        allowed, every = frozenset({"payment"}), load_catalogue()
        await explored(portal, tmp_path, test_system=True, allow=allowed, journeys=every, steps=90)
    kinds = {told.partition(":")[0] for told in portal.harm}
    assert "payment" in kinds and kinds <= {"payment", ""}

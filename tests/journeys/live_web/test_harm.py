"""On sites full of controls that do harm, a real browser presses none of them, and the journeys pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer import __version__
from explorer.request.credential import Login
from flows.journey import choose, load_catalogue
from reports.journal.events import PressRefused, read
from reports.left_alone import left_alone
from reports.summary import load
from tests.journeys.harm import explored, served


@pytest.mark.parametrize("second", ["novice", "power-user"])
async def test_under_a_public_name_nothing_harmful_is_pressed_and_the_journeys_pass(
    tmp_path: Path, second: str
) -> None:
    async with served() as portal:
        outcome = await explored(portal, tmp_path, ("curious", second))
    assert portal.harm == []
    assert {v.journey for v in outcome.verdicts if v.verdict == "passed"} == {v.journey for v in outcome.verdicts}
    assert {v.reason for v in outcome.verdicts if v.verdict != "passed"} <= {"shared"}
    told = [e.refusal for e in read(tmp_path / "run" / "journal.jsonl") if isinstance(e, PressRefused)]
    assert "act" in {r.reason for r in told}
    sentence = left_alone(load(tmp_path / "run")).sentence
    assert sentence.startswith("Not pressed: ") and "payment" in sentence


@pytest.mark.nightly
async def test_a_form_under_a_heading_that_names_an_act_is_not_sent(tmp_path: Path) -> None:
    journeys = choose(load_catalogue(), ("submit-ticket", "upload-attachment", "login"))
    async with served(harmless=False) as portal:
        outcome = await explored(portal, tmp_path, journeys=journeys, login=Login.of("anna", "Tr0ub4dor & 3"))
    assert portal.harm == []
    verdicts = {v.journey: (v.verdict, v.reason) for v in outcome.verdicts}
    assert verdicts.pop("login")[0] == "inconclusive", "a door «Sign in» with no login behind it"
    assert verdicts == dict.fromkeys(("submit-ticket", "upload-attachment"), ("not-attempted", "not-allowed"))


async def test_a_live_site_gets_one_submission_of_a_kind_and_is_told_who_sent_it(tmp_path: Path) -> None:
    async with served("User-agent: *\nDisallow: /help\n") as portal:
        outcome = await explored(portal, tmp_path, ("curious", "novice"), contact="https://example.org/tests")
    assert (portal.count("POST", "/contact/sent"), portal.count("POST", "/said")) == (1, 1)
    assert portal.count("GET", "/robots.txt") == 1
    assert [f.kind for f in outcome.findings].count("robots-disallow") == 1
    assert all(a.endswith(f"Trustwalk/{__version__} (+https://example.org/tests)") for a in portal.agents)
    shared = [v for v in outcome.verdicts if v.reason == "shared"]
    assert {v.journey for v in shared} == {"submit-ticket", "start-chat"} and all("@desktop" in v.why for v in shared)


@pytest.mark.nightly
async def test_read_only_sends_nothing_and_says_so(tmp_path: Path) -> None:
    async with served() as portal:
        outcome = await explored(portal, tmp_path, read_only=True, only_under=("/help", "/contact"))
    assert {method for method, _ in portal.asked} == {"GET"}
    assert not any(path.startswith(("/shop", "/bank", "/chat")) for _, path in portal.asked)
    verdicts = {v.journey: (v.verdict, v.reason) for v in outcome.verdicts}
    assert verdicts["submit-ticket"] == verdicts["start-chat"] == ("not-attempted", "not-allowed")
    assert verdicts["knowledge-base"][0] == "passed"


@pytest.mark.nightly
async def test_on_a_test_system_only_what_is_allowed_is_pressed(tmp_path: Path) -> None:
    async with served() as portal:
        allowed, every = frozenset({"payment"}), load_catalogue()
        await explored(portal, tmp_path, test_system=True, allow=allowed, journeys=every, steps=90)
    kinds = {told.partition(":")[0] for told in portal.harm}
    assert "payment" in kinds and kinds <= {"payment", ""}

"""All ways to a foreign login: nothing leaks, and the app's own login is found and works."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.login_traps import OWN, PASSWORD, TRAPS, USER, leaked, walked
from tests.journeys.login_traps_spelled import SPELLED

ALL = {**TRAPS, **SPELLED}


@pytest.mark.parametrize("name", ALL)
async def test_no_way_leads_the_login_elsewhere_and_the_true_one_works(
    name: str, tmp_path: Path, note: Callable[..., None]
) -> None:
    trap = ALL[name]
    apps, outcome = await walked(trap, tmp_path)
    note(way=name, leaks=len(leaked(apps)), passed=apps.tries == [(USER, PASSWORD)])
    assert leaked(apps) == []
    assert apps.tries == [(USER, PASSWORD)]
    login = next(v for v in outcome.verdicts if v.journey == "login")
    assert login.verdict.value == "passed", login.why
    kinds = {f.kind for f in outcome.findings}
    assert trap.finding in kinds or not trap.finding
    assert ("credential-leak-stopped" in kinds) == (trap.finding == "credential-leak-stopped")


def test_there_are_more_than_enough_ways() -> None:
    assert len(TRAPS) >= 60 and OWN

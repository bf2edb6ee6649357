"""A few of the ways to a foreign login on every push; all of them each night (tests/nightly/test_login_traps.py)."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.request.credential import Login
from personas.persona import by_name
from tests.journeys.harness import patient
from tests.journeys.login_traps import ASKED, PASSWORD, STOPPED, TRAPS, USER, Trap, leaked, walked


@pytest.mark.parametrize(
    "name", ["session expired, after the login", "frame on the first page", "fetch", "307 after the post"]
)
async def test_the_login_goes_nowhere_else_and_the_true_one_works(name: str, tmp_path: Path) -> None:
    apps, outcome = await walked(TRAPS[name], tmp_path)
    assert leaked(apps) == [] and apps.tries == [(USER, PASSWORD)]
    assert next(v for v in outcome.verdicts if v.journey == "login").verdict.value == "passed"
    told = [(f.severity.value, f.kind) for f in outcome.findings]
    wanted = ("critical", STOPPED) if TRAPS[name].finding == STOPPED else ("medium", ASKED)
    assert wanted in told


async def test_an_identity_provider_that_is_named_gets_it_and_another_one_does_not(tmp_path: Path) -> None:
    provider = Trap(
        "{provider}/signin", pages={"/": "<nav><a href='{provider}/signin'>Log in</a></nav><h1>Portal</h1>"}
    )
    (tmp_path / "a").mkdir()
    apps, outcome = await walked(provider, tmp_path / "a")
    (verdict,) = outcome.verdicts
    assert (verdict.verdict.value, verdict.reason, apps.tries) == ("not-attempted", "not-allowed", [])
    assert "--login-at https://id.provider.org" in verdict.why
    (tmp_path / "b").mkdir()
    apps, outcome = await walked(provider, tmp_path / "b", named="{provider}")
    assert outcome.verdicts[0].verdict.value == "passed" and apps.tries == [(USER, PASSWORD)]


async def test_a_wrong_login_is_tried_twice_whoever_tries_it(tmp_path: Path) -> None:
    personas = tuple(patient(p) for p in by_name(("curious", "impatient", "elderly", "power-user")))
    only = Trap("/signin", pages={"/": "<nav><a href=/signin>Log in</a></nav><h1>Portal</h1>"})
    apps, outcome = await walked(only, tmp_path, login=Login.of(USER, "wrong-horse"), personas=personas)
    assert apps.tries == [(USER, "wrong-horse")] * 2
    assert [v.verdict.value for v in outcome.verdicts].count("failed") in (1, 2)
    assert "passed" not in {v.verdict.value for v in outcome.verdicts}
    assert any("failed 2 times in this run" in v.why for v in outcome.verdicts)

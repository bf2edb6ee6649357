"""A few of the ways to a foreign login on every push; all of them each night (tests/nightly/test_login_traps.py)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.request.credential import Login
from personas.persona import by_name
from tests.journeys.harness import patient
from tests.journeys.login_traps import (
    ASKED,
    EVIL,
    FRAME,
    OWN,
    PASSWORD,
    STOPPED,
    TRAPS,
    USER,
    Trap,
    form,
    leaked,
    walked,
)


@pytest.mark.parametrize(
    "name", ["frame on the first page", "307 after the post", "foreign window as the login is sent"]
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


@pytest.mark.nightly
async def test_a_wrong_login_is_tried_twice_whoever_tries_it(tmp_path: Path) -> None:
    personas = tuple(patient(p) for p in by_name(("curious", "impatient", "elderly", "power-user")))
    only = Trap("/signin", pages={"/": "<nav><a href=/signin>Log in</a></nav><h1>Portal</h1>"})
    apps, outcome = await walked(only, tmp_path, login=Login.of(USER, "wrong-horse"), personas=personas)
    assert apps.tries == [(USER, "wrong-horse")] * 2
    assert [v.verdict.value for v in outcome.verdicts].count("failed") in (1, 2)
    assert "passed" not in {v.verdict.value for v in outcome.verdicts}
    assert any("failed 2 times in this run" in v.why for v in outcome.verdicts)


@pytest.mark.nightly
async def test_a_form_that_sends_itself_is_tried_twice_by_all_together(tmp_path: Path) -> None:
    personas = tuple(patient(p) for p in by_name(("curious", "impatient", "elderly", "power-user")))
    by_itself = form("/signin") + "<script>f.password.oninput=e=>{if(e.target.value.length==6)f.submit()}</script>"
    only = Trap("/signin", pages={"/signin": by_itself})
    apps, _ = await walked(only, tmp_path, login=Login.of(USER, "482913"), personas=personas)
    assert 1 <= len(apps.tries) <= 2, apps.tries


async def test_a_stored_state_is_used_at_the_targets_own_places_only(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    cookies = [
        {"name": "session", "value": f"secret-of-{host}-0123456789", "domain": host, "path": "/", "expires": -1,
         "httpOnly": False, "secure": True, "sameSite": "None"}
        for host in (OWN, EVIL)
    ]  # fmt: skip
    state.write_text(json.dumps({"cookies": cookies, "origins": []}), encoding="utf-8")
    (tmp_path / "a").mkdir()
    framed = Trap(door="", home=FRAME)
    apps, outcome = await walked(framed, tmp_path / "a", login=None, storage_state=state, steps=4)
    assert apps.received and not [text for text in apps.received if "secret-of" in text]
    assert apps.cookies and all(f"secret-of-{OWN}" in cookie for cookie in apps.cookies)
    assert [f.kind for f in outcome.findings if EVIL in f.text] == ["storage-state-left-out"]
    assert "secret-of" not in (tmp_path / "a" / "run" / "journal.jsonl").read_text(encoding="utf-8")

"""Twenty seeds of every persona on the shop, the administrator's page, the bank and the mail client."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from personas.persona import Persona, load
from tests.explorer.policy.harmful import CONTROLS
from tests.explorer.policy.test_permission_on_sites import pressed


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
@pytest.mark.parametrize("seed", range(1, 21))
async def test_no_persona_presses_one_on_any_seed(persona: Persona, seed: int, note: Callable[..., None]) -> None:
    found, policy = await pressed(persona, seed, public=True)
    note(persona=persona.name, seed=seed, controls=sum(bool(c.kind) for c in CONTROLS), pressed=len(found))
    assert found == [] and policy.attempts["submit-ticket"].state == "passed"

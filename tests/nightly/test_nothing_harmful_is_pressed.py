"""Twenty seeds of every persona on the shop, the administrator's page, the bank and the mail client."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from personas.persona import Persona, load
from tests.explorer.policy.harmful import PAGES
from tests.explorer.policy.test_permission_on_sites import pressed, starts


@pytest.mark.parametrize("persona", load(), ids=lambda p: p.name)
@pytest.mark.parametrize("seed", range(1, 21))
async def test_no_persona_presses_one_on_any_seed(persona: Persona, seed: int, note: Callable[..., None]) -> None:
    start = starts()[(load().index(persona) + seed) % len(PAGES)]
    surface, policy = await pressed(persona, seed, public=True, start=start)
    note(persona=persona.name, seed=seed, seen=sorted(surface.seen), pressed=len(surface.pressed))
    assert surface.pressed == [] and policy.attempts["submit-ticket"].state == "passed"
    assert surface.seen >= {c.number for c in PAGES[start] if c.kind}

"""What a draw promises: the same seed draws the same portal, every pattern comes up, and the page of patterns names each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

from tests.wild.draw import KNOWN, UNKNOWN, Draw, draw
from tests.wild.portal import able, broken

CHOICES = {n: get_args(k) for n, k in get_type_hints(Draw).items() if get_origin(k) is Literal}
PAGE = Path(__file__).parents[2] / "docs" / "wild.md"


def test_a_seed_draws_the_same_portal_each_time() -> None:
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_every_pattern_and_every_language_is_drawn() -> None:
    drawn = [draw(seed, (*KNOWN, *UNKNOWN)) for seed in range(400)]
    assert {d.language for d in drawn} == {*KNOWN, *UNKNOWN}
    for name, choices in CHOICES.items():
        assert {getattr(d, name) for d in drawn} == set(choices), name


def test_the_page_of_patterns_names_each_of_them() -> None:
    told = PAGE.read_text(encoding="utf-8")
    missing = [
        f"{name}={choice}" for name, choices in CHOICES.items() for choice in choices if f"`{choice}`" not in told
    ]
    assert not missing


def test_a_broken_host_breaks_the_journeys_of_its_area_and_what_the_login_guards() -> None:
    plain = next(d for d in map(draw, range(99)) if not d.wall and not d.absent)
    assert set(broken(plain, "chat", "expired").blame) == {"start-chat"}
    assert {j: b.verdict for j, b in broken(plain, "id", "expired").blame.items()} == {
        "login": "failed",
        "account-info": "blocked",
        "payment": "blocked",
    }
    assert not broken(plain, "stat", "expired").blame
    walled = next(d for d in map(draw, range(99)) if d.wall)
    assert set(broken(walled, "id", "expired").blame) == set(able(walled))

"""A live site is told who explores it."""

from __future__ import annotations

from explorer import __version__
from explorer.run.agent import agent


def test_the_name_and_version_stand_before_the_address() -> None:
    assert agent("https://example.org/tests") == f"Trustwalk/{__version__} (+https://example.org/tests)"
    assert agent("").startswith(f"Trustwalk/{__version__}")


def test_none_leaves_the_browser_s_own() -> None:
    assert agent("none") == ""

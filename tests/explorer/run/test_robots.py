"""robots.txt is held against what was looked at, and only told."""

from __future__ import annotations

import pytest

from explorer.run.robots import robots_address, robots_findings
from flows.incident import Severity
from flows.session import SessionLog
from flows.step import Action, ActionKind, Decision, Step

TARGET = "https://a.example:8443/start"


def log(*paths: str) -> SessionLog:
    decision = Decision(Action(ActionKind.TAP))
    steps = tuple(
        Step(n, "s", decision, 1.0, 2.0, "quiet", "a", "b", True, address=f"https://a.example:8443{path}")
        for n, path in enumerate(paths)
    )
    return SessionLog("s", "p", "d", ("a.example", 8443), (), steps=steps)


@pytest.mark.parametrize("line", ["Disallow: //[x", "Disallow: http://[x", "Crawl-delay: ²", "Request-rate: ²/²"])
def test_rules_that_cannot_be_read_end_nothing(line: str) -> None:
    assert robots_findings(f"User-agent: *\n{line}\n", TARGET, [log("/help")]) == []


def test_it_is_beside_the_target() -> None:
    assert robots_address(TARGET) == "https://a.example:8443/robots.txt"
    assert robots_address("https://A.example:443/") == "https://a.example/robots.txt"
    assert robots_address("https://bücher.example/") == "https://xn--bcher-kva.example/robots.txt"


def test_what_it_disallows_and_was_looked_at_is_one_finding() -> None:
    text = "User-agent: *\nDisallow: /private\n"
    (found,) = robots_findings(text, TARGET, [log("/private/1", "/help", "/private/2", "/private/1")])
    assert (found.severity, found.kind, found.host, found.port) == (Severity.INFO, "robots-disallow", "a.example", 8443)
    assert "2 pages" in found.text and "/private/1" in found.text and "/help" not in found.text


@pytest.mark.parametrize(
    "text", ["", "User-agent: *\nDisallow:\n", "User-agent: Trustwalk\nAllow: /\n\nUser-agent: *\nDisallow: /\n"]
)
def test_nothing_is_told_where_nothing_is_disallowed(text: str) -> None:
    assert robots_findings(text, TARGET, [log("/private/1")]) == []

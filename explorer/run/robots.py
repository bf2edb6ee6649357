"""Compares a site's robots.txt with the pages that were explored. Only reports the result. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from explorer.request.addresses import endpoint_of
from explorer.request.scope import origin_of
from flows.incident import Finding, Severity
from flows.session import SessionLog

ROBOTS = "robots-disallow"
"""The kind of the finding."""
NAME = "Trustwalk"
_MOST = 3


def robots_address(target: str) -> str:
    """The URL of the target's robots.txt."""
    return f"{origin_of(target) or target.rstrip('/')}/robots.txt"


def robots_findings(text: str, target: str, logs: Iterable[SessionLog]) -> list[Finding]:
    """One finding if robots.txt disallows pages of the target's own origin that were looked at."""
    origin = robots_address(target).removesuffix("/robots.txt")
    seen = dict.fromkeys(s.address for log in logs for s in log.steps if str(origin_of(s.address)) == origin)
    against = _disallowed(text, list(seen))
    if not text or not against:
        return []
    host, port = endpoint_of(target)
    shown = ", ".join(urlsplit(a).path for a in against[:_MOST]) + (", …" if len(against) > _MOST else "")
    number = f"{len(against)} page{'s' if len(against) != 1 else ''}"
    told = f"robots.txt asks robots to stay away from {number} that this run looked at ({shown})."
    return [Finding(Severity.INFO, ROBOTS, told, host, port)]


def _disallowed(text: str, addresses: list[str]) -> list[str]:
    """The addresses that the rules disallow; none if the rules cannot be read."""
    rules = RobotFileParser()
    try:
        rules.parse(text.splitlines())
        return [address for address in addresses if not rules.can_fetch(NAME, address)]
    except ValueError:  # an address or a number that is none
        return []

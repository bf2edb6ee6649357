"""Findings about foreign sites that asked for the login, received it, or would have received it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from explorer.policy.foreign_login import elsewhere
from explorer.request.scope import origin_of
from flows.incident import Finding, Severity
from flows.record import Record

STOPPED, LEAKED, ASKED = "credential-leak-stopped", "credential-leak", "login-at-foreign-site"
_HOW = {
    "form": "The login form at {at} posts to {to}",
    "document": "The page at {at} leads to {to} with {what} in its address or body",
    "redirect": "The server redirects the login of {at} to {to}",
    "script": "A script at {at} sends {what} to {to}",
    "ahead": "The page at {at} makes the browser prefetch {to}, with {what} in the address",
    "socket": "A script at {at} sends {what} to {to} through a WebSocket",
}


def leak_told(record: Record) -> str:
    """A sentence about a request that carried the login, or would have carried it."""
    data = {key: str(record.data.get(key, "")) for key in ("at", "to", "how", "what")}
    told = _HOW.get(data["how"], _HOW["script"]).format(**data | {"at": data["at"] or "an unknown address"})
    end = "the request was stopped before it left" if record.kind == "stopped" else "it could not be stopped any more"
    if data["how"] == "form" and record.data.get("typed") is False:
        end = "nothing was typed into it"
    return f"{told}: {end}. If {data['to']} is your identity provider, name it with --login-at {data['to']}."


def credential_findings(session: str, told: Iterable[Record]) -> list[Finding]:
    """One finding for each destination and way (form, redirect, script…), in the order in which they were met."""
    found: dict[tuple[str, str, str], Finding] = {}
    for record in told:
        to = str(record.data.get("to") or "")
        key = (record.kind, str(record.data.get("how", "")), to)
        if key in found:
            continue
        origin = origin_of(to)
        host, port = (origin.host, origin.port) if origin else ("", 0)
        if record.kind == "asked":
            found[key] = Finding(Severity.MEDIUM, ASKED, elsewhere(to), host, port, session=session)
            continue
        kind = STOPPED if record.kind == "stopped" else LEAKED
        found[key] = Finding(Severity.CRITICAL, kind, leak_told(record), host, port, session=session)
    return list(found.values())


def without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """The first finding with each text: all personas meet the same form."""
    seen: dict[str, Finding] = {}
    for finding in findings:
        seen.setdefault(finding.text, finding)
    return list(seen.values())

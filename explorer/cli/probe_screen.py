"""Shows what a probe found, on one screen per host.

A screen has the verdict, the cause, the chain with its dates, the judgement of each client, and what to change.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from explorer.tls.client_verdicts import CLIENT_NAMES
from explorer.tls.lifetime import SOON, days_left, lifetime_left
from explorer.tls.probe_outcome import ProbeOutcome
from flows.diagnosis import RECORDED_ROUTE, TITLES, Cause, Certificate, Remedy
from reports.text_display import shown

_MARKS = {"accepts": ("✓", "green"), "refuses": ("✗", "red"), "not-observable": ("?", "dim")}


def screen(outcome: ProbeOutcome) -> RenderableType:
    """The screen of one host, which rich can print."""
    parts = [*_verdict(outcome)]
    if outcome.evidence.chain:
        parts += [
            Text("Chain in the file" if _recorded(outcome) else "Chain as served", style="bold"),
            *_chain(outcome),
            Text(""),
        ]
    if outcome.diagnosis.clients:
        parts += [Text("Judgement by client", style="bold"), _clients(outcome), Text("")]
    for finding in outcome.findings:
        parts.append(_line("• ", finding.text, "yellow" if finding.severity.value in ("high", "medium") else ""))
    parts += _remedies(outcome)
    parts.append(_line("", _seen_from(outcome), "dim"))
    evidence = outcome.evidence
    at = f" at {evidence.address}" if evidence.address and evidence.address != evidence.host else ""
    style = "red" if outcome.diagnosis.causes else "green" if outcome.reached else "yellow"
    port = "" if _recorded(outcome) else f":{evidence.port}"
    title = Text(f"{evidence.host}{port}{at}", style="bold")
    return Group(Rule(title, align="left", style=style), *parts, Text(""))


def _recorded(outcome: ProbeOutcome) -> str:
    """The source of a chain that was recorded in a file; empty if a probe saw the chain."""
    route = outcome.evidence.route
    return route.removeprefix(RECORDED_ROUTE) if route.startswith(RECORDED_ROUTE) else ""


def _line(mark: str, text: str, style: str = "") -> Text:
    return Text(f"{mark}{shown(text)}", style=style)


def _verdict(outcome: ProbeOutcome) -> Iterator[RenderableType]:
    causes = outcome.diagnosis.causes
    if causes:
        yield Text(f"✗ {TITLES[causes[0]]}", style="bold red") + Text(f"  ({causes[0].value})", style="red")
        yield _line("  ", outcome.diagnosis.why)
        for cause in causes[1:]:
            yield _line("  also: ", f"{TITLES[cause]} ({cause.value})", "red")
    elif not outcome.reached:
        yield Text("? Not reached: nothing is known about its TLS", style="bold yellow")
        yield _line("  ", outcome.evidence.error or "no connection")
    else:
        evidence = outcome.evidence
        yield Text("✓ No fault found", style="bold green")
        spoken = f"{evidence.protocol}, {evidence.cipher}; " if evidence.protocol else ""
        yield _line("  ", f"{spoken}the chain ends at {evidence.facts.get('anchor', '?')}")
    yield Text("")


def _chain(outcome: ProbeOutcome) -> Iterator[RenderableType]:
    """The chain from the leaf to the root. Each certificate has its dates; a missing certificate is marked as such."""
    evidence = outcome.evidence
    for depth, certificate in enumerate(evidence.chain[:8]):
        table = Table.grid(padding=(0, 1))
        table.add_row(
            Text("  " * depth + ("└─" if depth else "●")), Text(shown(certificate.subject or "(no name)", 100))
        )
        detail = f"{certificate.key}, {certificate.signature}"
        table.add_row(
            Text(""), Text("  " * depth + "  ") + _dates(certificate, outcome) + Text(f"  {detail}", style="dim")
        )
        if depth == 0:
            names = ", ".join(certificate.names[:6]) + ("…" if len(certificate.names) > 6 else "")
            table.add_row(
                Text(""), Text(f"  for {shown(names or 'no name at all (no subjectAltName)', 200)}", style="dim")
            )
        yield Padding(table, (0, 0, 0, 2))
    if len(evidence.chain) > 8:
        yield Text(f"    … and {len(evidence.chain) - 8} more", style="dim")
    facts = evidence.facts
    indent = "    " + "  " * min(len(evidence.chain), 8)
    if "anchor" in facts:
        if not any(c.subject == facts["anchor"] and c.self_issued for c in evidence.chain):
            yield Text(f"{indent}└─ {shown(facts['anchor'], 100)}  ✓ trusted root", style="green")
    elif facts.get("top") == "self-signed":
        yield Text(f"{indent}✗ no trusted authority issued the last certificate", style="red")
    else:
        word = "missing" if Cause.INCOMPLETE_CHAIN in outcome.diagnosis.causes[:1] else "unknown"
        yield Text(f"{indent}└╌ {shown(facts.get('ends-at', '?'), 100)}  ✗ {word}", style="red")


def _dates(certificate: Certificate, outcome: ProbeOutcome) -> Text:
    now = outcome.evidence.observed_at
    left = days_left(certificate, now)
    text = f"{certificate.not_before:%Y-%m-%d} → {certificate.not_after:%Y-%m-%d}"
    if certificate.not_after < now:
        return Text(f"{text}  over", style="red")
    if certificate.not_before > now:
        return Text(f"{text}  not valid yet", style="red")
    return Text(f"{text}  {left} days left", style="yellow" if lifetime_left(certificate, now) < SOON else "")


def _clients(outcome: ProbeOutcome) -> RenderableType:
    """The judgements of the clients. Clients with the same judgement and the same reason share a line."""
    groups: dict[tuple[str, str], list[str]] = {}
    for judgement in outcome.diagnosis.clients:
        name = CLIENT_NAMES.get(judgement.client, judgement.client)
        groups.setdefault((judgement.verdict, judgement.why), []).append(name)
    table = Table.grid(padding=(0, 2))
    for (verdict, why), names in groups.items():
        mark, style = _MARKS[verdict]
        whom = "all of them" if len(groups) == 1 else ", ".join(names)
        table.add_row(
            Text(f"  {mark}", style=style),
            Text(whom),
            Text(verdict.replace("-", " "), style=style),
            Text(shown(why), style="dim"),
        )
    return table


def _remedies(outcome: ProbeOutcome) -> Iterator[RenderableType]:
    """The remedies of the first cause.

    For one kind of server, the remedy is printed in full. The others are only named; the JSON output has them all."""
    causes = outcome.diagnosis.causes
    mine = [r for r in outcome.diagnosis.remedies if r.cause is causes[0]] if causes else []
    if not mine:
        return
    first = mine[0]
    yield Text(f"What to change: {first.title}", style="bold")
    yield _line("  ", first.text)
    yield from _lines(first)
    others = [r.where for r in mine[1:]]
    if others:
        yield _line("  ", f"Lines for {', '.join(others)}: use --all-remedies or --format json", "dim")
    if first.check:
        yield Text("  Check whether the fix works:", style="bold")
        yield _to_copy(first.check)
    yield Text("")


def _lines(remedy: Remedy) -> Iterator[RenderableType]:
    if remedy.lines:
        yield _line("  ", f"{remedy.where}:")
        yield _to_copy(remedy.lines)


def _to_copy(lines: str) -> Text:
    """Lines for the user to copy, without indentation or wrapping.

    A wrapped comment would break a configuration file, and indentation would break a certificate in PEM."""
    return Text(lines, style="cyan", no_wrap=True, overflow="ignore")


def all_remedies(outcome: ProbeOutcome) -> RenderableType:
    """The remedies of all causes, for every kind of server and client."""
    parts: list[RenderableType] = []
    for remedy in outcome.diagnosis.remedies:
        parts += [Text(f"{remedy.cause.value} · {remedy.where}", style="bold"), *_lines(remedy), Text("")]
    return Group(*parts)


def _seen_from(outcome: ProbeOutcome) -> str:
    evidence = outcome.evidence
    whose = "; third-party host: only one ordinary handshake" if outcome.diagnosis.third_party else ""
    software = f"; server software: {evidence.server_software}" if evidence.server_software else ""
    if _recorded(outcome):
        return f"Read on {evidence.observed_at:%Y-%m-%d %H:%M} UTC from {_recorded(outcome)}; trust: {evidence.trust_store}; nothing was fetched"
    return f"Probed on {evidence.observed_at:%Y-%m-%d %H:%M} UTC, {evidence.route}; trust: {evidence.trust_store}{software}{whose}"


def show(console: Console, outcome: ProbeOutcome, *, everything: bool = False) -> None:
    """Print the screen of one host. With `everything`, print all remedies after it."""
    console.print(screen(outcome), crop=False)
    if everything and outcome.diagnosis.remedies:
        console.print(all_remedies(outcome), crop=False)

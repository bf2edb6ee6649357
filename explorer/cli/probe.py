"""`trustwalk probe HOST…`: probes TLS servers and shows chain, cause, the clients' judgements and remedy."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from explorer.cli.probe_hosts import hosts_asked_for, third_parties
from explorer.cli.probe_screen import show
from explorer.request.fail_on import parse_fail_on
from explorer.targets.resolve import Endpoint, parse_addresses
from explorer.tls.clocks import compare_clocks
from explorer.tls.connect import Unreachable, route_to
from explorer.tls.lifetime import days_left, first_to_end
from explorer.tls.probe import TIMEOUT, probe
from explorer.tls.probe_outcome import ProbeOutcome, as_json, judge_host
from explorer.tls.trust import TrustError, TrustStore
from flows.diagnosis import TITLES, Certificate, Evidence
from flows.private_address import is_private
from reports.text_display import shown

AT_ONCE = 16
"""The number of hosts that are probed in parallel."""
MAX_ADDRESSES = 4
"""The largest number of addresses of one host name that are probed.

More than one is probed because one of several machines may still serve an old certificate."""


@dataclass(frozen=True, slots=True)
class ProbeRequest:
    """The options of the command line. `addresses` come from --resolve."""

    hosts: tuple[Endpoint, ...]
    addresses: dict[Endpoint, tuple[str, ...]]
    trust: TrustStore
    sni: str | None
    timeout: float
    offline: bool
    third_parties: frozenset[Endpoint] = frozenset()
    private: bool = False


@click.command(name="probe", short_help="probe TLS servers: chain, cause, remedy")
@click.argument("hosts", metavar="HOST[:PORT]|@FILE|RUN…", nargs=-1, required=True)
@click.option(
    "--ca",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A private root to trust in addition to the system's roots.",
)
@click.option("--resolve", multiple=True, metavar="HOST:PORT:ADDRESS[,…]", help="As curl's.")
@click.option(
    "--sni", metavar="NAME", help="The name to send in the handshake (SNI) instead of HOST; an empty one sends none."
)
@click.option("--offline", is_flag=True, help="Contact only the hosts: fetch no issuers (AIA), CRLs or OCSP responses.")
@click.option(
    "--private",
    is_flag=True,
    help="Fetch issuers, CRLs and OCSP from private addresses, too (for your own hosts). Implied if HOST has one.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 300),
    default=TIMEOUT,
    show_default=True,
    help="Time limit of each look-up, connection and handshake, in seconds.",
)
@click.option(
    "--fail-on", default="", metavar="expiring[=DAYS]", help="Exit with 1 for certificates that expire soon, too."
)
@click.option("--all-remedies", is_flag=True, help="Print the remedies for every kind of server and client.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
def command(
    hosts: tuple[str, ...],
    ca: tuple[Path, ...],
    resolve: tuple[str, ...],
    sni: str | None,
    offline: bool,
    private: bool,
    timeout: float,
    fail_on: str,
    all_remedies: bool,
    form: str,
) -> None:
    """Probe each HOST and tell whether clients refuse it, and why.

    Hosts may also come from a file (@hosts.txt, one per line) or from a run folder.
    Exit codes: 0 no fault found, 1 faults, 2 wrong usage, 3 a host could not be reached and no other had a fault.
    """
    try:
        wanted = parse_fail_on(fail_on)
        asked = ProbeRequest(
            hosts_asked_for(hosts),
            dict(map(parse_addresses, resolve)),
            TrustStore.load(ca),
            sni,
            timeout,
            offline,
            third_parties(hosts),
            private,
        )
    except (ValueError, TrustError) as error:
        raise click.UsageError(str(error)) from error
    console = Console(highlight=False)

    def tell(outcome: ProbeOutcome) -> None:
        if form == "text":
            show(console, outcome, everything=all_remedies)

    outcomes = asyncio.run(_all(asked, wanted.days, tell))
    if form == "json":
        click.echo(json.dumps(as_json(outcomes), indent=2, ensure_ascii=False))
    elif form == "junit":
        click.echo(junit(outcomes))
    elif len(outcomes) > 1:
        console.print(_table(outcomes))
        click.echo(_sum(outcomes))
    sys.exit(exit_code(outcomes, expiring="expiring" in wanted.words))


def exit_code(outcomes: Sequence[ProbeOutcome], *, expiring: bool) -> int:
    """The exit code. It is never 0 if a host was not reached."""
    if any(o.diagnosis.causes for o in outcomes):
        return 1
    if expiring and any(f.kind == "expiring" for o in outcomes for f in o.findings):
        return 1
    return 0 if all(o.reached for o in outcomes) else 3


async def _all(asked: ProbeRequest, days: int | None, tell: Callable[[ProbeOutcome], None]) -> list[ProbeOutcome]:
    """Probe all hosts in parallel, and return their outcomes in the order given.

    A second pass uses what the other hosts showed. An intermediate that one host lacks is often sent by another. If
    a server's clock differs from ours and other hosts agree with ours, the server's clock counts as wrong."""
    gate = asyncio.Semaphore(AT_ONCE)
    done = 0
    places = [
        place for group in await asyncio.gather(*(_places(asked, e, gate) for e in asked.hosts)) for place in group
    ]

    async def one(endpoint: Endpoint, address: str | None) -> Evidence:
        nonlocal done
        async with gate:
            evidence = await _look(asked, endpoint, address)
        done += 1
        _progress(done, len(places))
        return evidence

    seen = compare_clocks(distinct(await asyncio.gather(*(one(endpoint, address) for endpoint, address in places))))
    known = tuple({c.sha256: c for e in seen for c in e.chain[1:]}.values())
    outcomes = []
    for evidence in seen:
        if known and evidence.facts.get("missing") in ("alone", "kin", "root-by-name"):
            evidence = await _look(asked, (evidence.host, evidence.port), evidence.address, known)
        third = (evidence.host, evidence.port) in asked.third_parties
        outcome = judge_host(evidence, datetime.now(tz=UTC), days, third_party=third)
        tell(outcome)
        outcomes.append(outcome)
    return outcomes


def distinct(seen: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without repetitions: one for each host, and one more for each address that shows something else.

    An unreachable address is left out if another address of the same host was reached. For example, the network may
    have no IPv6."""
    kept: list[Evidence] = []
    told: set[tuple[object, ...]] = set()
    reached = {(e.host, e.port) for e in seen if e.tcp_connected}
    for evidence in seen:
        shows = evidence.chain[0].sha256 if evidence.chain else evidence.facts.get("handshake", "")
        sight = (evidence.host, evidence.port, evidence.tcp_connected, len(evidence.chain), shows)
        if sight in told or (not evidence.tcp_connected and (evidence.host, evidence.port) in reached):
            continue
        told.add(sight)
        kept.append(evidence)
    return kept


async def _look(
    asked: ProbeRequest, endpoint: Endpoint, address: str | None, known: Sequence[Certificate] = ()
) -> Evidence:
    return await probe(
        *endpoint,
        address=address,
        sni=asked.sni,
        trust=asked.trust,
        timeout=asked.timeout,
        offline=asked.offline,
        known=known,
        third_party=endpoint in asked.third_parties,
        private=asked.private or (not _placed(asked, endpoint) and address is not None and is_private(address)),
    )


def _placed(asked: ProbeRequest, endpoint: Endpoint) -> tuple[str, ...]:
    """The addresses that --resolve gives to a host."""
    return asked.addresses.get(endpoint) or asked.addresses.get(("*", endpoint[1])) or ()


async def _places(
    asked: ProbeRequest, endpoint: Endpoint, gate: asyncio.Semaphore
) -> list[tuple[Endpoint, str | None]]:
    """The host with each address to probe. If the address is None, the probe resolves the name or reports a failure.

    `gate` limits how many names are resolved at a time."""
    given = _placed(asked, endpoint)
    if not given:
        try:
            async with gate:
                given = (await route_to(*endpoint, None, asked.timeout)).addresses
        except Unreachable:
            given = ()
    if len(given) < 2:
        return [(endpoint, given[0] if given else None)]
    return [(endpoint, address) for address in given[:MAX_ADDRESSES]]


def _progress(done: int, of: int) -> None:
    """Show the progress, only on a terminal and only for several hosts."""
    if of > 1 and sys.stderr.isatty() and not os.environ.get("CI"):
        click.echo(f"\r{done} of {of} hosts" + ("\r\033[K" if done == of else ""), err=True, nl=False)


def _table(outcomes: Sequence[ProbeOutcome]) -> Table:
    """A table of the hosts: those with faults first, then those not reached, then the others, each by expiry date."""
    table = Table("", "host", "verdict", "first expiry", box=None, header_style="bold", padding=(0, 1))
    dated = [(o, first_to_end(o.evidence)) for o in outcomes]
    for outcome, ends in sorted(
        dated, key=lambda d: (not d[0].diagnosis.causes, d[0].reached, d[1].not_after.timestamp() if d[1] else 0)
    ):
        evidence, causes = outcome.evidence, outcome.diagnosis.causes
        mark, style = ("✗", "red") if causes else ("✓", "green") if outcome.reached else ("?", "yellow")
        said = ", ".join(c.value for c in causes) or ("no fault seen" if outcome.reached else "not reached")
        when = f"{ends.not_after:%Y-%m-%d}, {days_left(ends, evidence.observed_at)} days" if ends else "–"
        table.add_row(
            Text(mark, style=style), Text(named(evidence)), Text(said, style=style if causes else ""), Text(when)
        )
    return table


def named(evidence: Evidence) -> str:
    at = f" at {evidence.address}" if evidence.address and evidence.address != evidence.host else ""
    return f"{evidence.host}:{evidence.port}{at}"


def _sum(outcomes: Sequence[ProbeOutcome]) -> str:
    bad = sum(bool(o.diagnosis.causes) for o in outcomes)
    lost = sum(not o.reached for o in outcomes)
    return f"{len(outcomes)} hosts probed: {bad} with faults, {len(outcomes) - bad - lost} without, {lost} not reached."


def junit(outcomes: Sequence[ProbeOutcome]) -> str:
    """JUnit XML with a test case for each host. A failure names the causes; an error says why a host was not reached."""
    suite = ET.Element("testsuite", name="trustwalk probe", tests=str(len(outcomes)))
    suite.set("failures", str(sum(bool(o.diagnosis.causes) for o in outcomes)))
    suite.set("errors", str(sum(not o.reached and not o.diagnosis.causes for o in outcomes)))
    for outcome in outcomes:
        evidence, diagnosis = outcome.evidence, outcome.diagnosis
        name = f"{evidence.host}:{evidence.port}" + (f" at {evidence.address}" if evidence.address else "")
        case = ET.SubElement(suite, "testcase", classname="trustwalk.probe", name=name)
        if diagnosis.causes:
            failure = ET.SubElement(
                case, "failure", type=diagnosis.causes[0].value, message=TITLES[diagnosis.causes[0]]
            )
            remedy = next((f"\n{r.title}: {r.text}" for r in diagnosis.remedies), "")
            failure.text = shown(f"{', '.join(c.value for c in diagnosis.causes)}: {diagnosis.why}{remedy}", 4000)
        elif not outcome.reached:
            ET.SubElement(case, "error", message="not reached").text = shown(evidence.error or "no connection")
        if outcome.findings:
            ET.SubElement(case, "system-out").text = shown("\n".join(f.text for f in outcome.findings), 4000)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode")

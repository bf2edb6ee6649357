"""Probes each host of a run once, and adds what the browser's own net log says about the host."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from explorer.monitors.browser.netlog import HostLog, read_netlog
from explorer.request.addresses import same_site
from explorer.request.reach import Reach
from explorer.request.resolve import RunOptions
from explorer.run.reach import reach
from explorer.surfaces.web.border import addresses
from explorer.tls.chain import describe
from explorer.tls.clocks import compare_clocks
from explorer.tls.diagnose import diagnose
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Certificate, Diagnosis, Evidence
from flows.naming import unasked
from flows.session import Endpoint, SessionLog
from flows.signals import Family
from flows.site import registrable

AT_ONCE = 8
"""How many probes run at the same time."""

MOST_UNASKED = 20
"""Maximum number of hosts that are probed although no session contacted them: a large site may have many subdomains."""

NetLog = Mapping[Endpoint, HostLog]


def hosts_seen(logs: Iterable[SessionLog]) -> dict[Endpoint, str]:
    """Every TLS endpoint that a client contacted → the address that the client used, or an empty string."""
    seen: dict[Endpoint, str] = {}
    for log in logs:
        for exchange in log.exchanges:
            if urlsplit(exchange.url).scheme in ("https", "wss") and exchange.host:
                endpoint = (exchange.host, exchange.port)
                seen[endpoint] = seen.get(endpoint) or exchange.address
        for signal in log.signals:
            if signal.family is Family.TLS and signal.host and signal.port:
                seen.setdefault((signal.host, signal.port), "")
    return seen


def read_net_log(path: Path, hosts: Iterable[Endpoint]) -> dict[Endpoint, HostLog]:
    """The browser's net log of these hosts. Empty if the browser died before it wrote one."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return read_netlog(lines, hosts)
    except OSError:
        return {}


def served_to_client(log: HostLog) -> tuple[Certificate, ...]:
    """The chain that the server sent to the browser, leaf first, up to the first certificate that cannot be read."""
    found = []
    for pem in log.chain:
        try:
            found.append(describe(x509.load_pem_x509_certificate(pem.encode())))
        except ValueError:
            break
    return tuple(found)


def with_client_facts(evidence: Evidence, log: HostLog | None) -> Evidence:
    """The evidence, with facts that only the browser knows.

    These are the issuer and the SHA-256 of the certificate that the browser received, the TLS alerts that it received,
    and the errors of its verifier about the certification path."""
    if log is None:
        return evidence
    facts = evidence.facts.copy()
    chain = served_to_client(log)
    if chain:
        facts["client-issuer"] = chain[0].issuer
        facts["client-certificate"] = chain[0].sha256
    if log.alerts_received:
        facts["client-alert"] = ", ".join(dict.fromkeys(log.alerts_received))
    if log.path_errors:
        facts["client-path"] = "; ".join(dict.fromkeys(log.path_errors))[:500]
    return replace(evidence, facts=facts)


async def diagnose_hosts(
    logs: Sequence[SessionLog], options: RunOptions, netlog: NetLog | None = None
) -> dict[Endpoint, Diagnosis]:
    """Probe each host once, at the address that the browser used. The diagnosis says why a host fails, if it fails.

    Hosts outside the target's site get one ordinary handshake. Nothing that a server does raises an error. Raises
    explorer.tls.trust.TrustError for an unusable `ca`.
    """
    gathered = await _gather(hosts_seen(logs), options, netlog or {})
    signals = [s for log in logs for s in log.signals if s.family in (Family.TLS, Family.NETWORK)]
    return {
        endpoint: diagnose(evidence, [s for s in signals if (s.host, s.port) == endpoint], third_party=third)
        for endpoint, evidence, third in gathered
    }


async def diagnose_endpoints(hosts: Iterable[Endpoint], options: RunOptions) -> dict[Endpoint, Diagnosis]:
    """Probe and diagnose hosts that no client has contacted yet."""
    gathered = await _gather(dict.fromkeys(hosts, ""), options, {})
    return {endpoint: diagnose(evidence, third_party=third) for endpoint, evidence, third in gathered}


async def diagnose_unasked(logs: Sequence[SessionLog], options: RunOptions) -> dict[Endpoint, Diagnosis]:
    """Probe and diagnose the target's own hosts that the app names, but that no session contacted.

    Only the first `MOST_UNASKED` of them are probed. Hosts of other sites are left alone, because a page may name any
    host."""
    sites = same_site(options.target, options.allow_origins) if "://" in options.target else frozenset()
    own = [host for host in unasked(logs) if registrable(host[0]) in sites]
    return await diagnose_endpoints(own[:MOST_UNASKED], options) if own else {}


async def _leads_away(rules: Reach, endpoint: Endpoint) -> bool | None:
    """Whether a host is on a network that a public page must not reach. None if no resolver answers in time."""
    host, port = endpoint
    url = f"https://{f'[{host}]' if ':' in host else host}:{port}/"
    settled = rules.settles(url)
    if settled is not None:
        return not settled
    found = await addresses(host, port)
    return None if found is None else rules.leads_away(url, found)


def _unresolved(endpoint: Endpoint) -> Evidence:
    """The evidence of a host that was not probed, because its name was not resolved in time."""
    told = f"No resolver answered for {endpoint[0]} in time, so nobody can tell whether it is on a private network: it was not probed."
    return Evidence(*endpoint, address=None, sni=endpoint[0], observed_at=datetime.now(UTC), error=told)


async def _gather(
    hosts: Mapping[Endpoint, str], options: RunOptions, seen_by_client: NetLog
) -> list[tuple[Endpoint, Evidence, bool]]:
    """Probe each host. Returns its evidence, and whether it is a third party.

    `hosts` maps each host to the address that a client used, or to an empty string. A foreign host whose name
    contains a part of the login is left out. The browser's request to it was stopped, and our lookup or handshake
    would send the name after all."""
    hosts = _without_login(hosts, options)
    resolve = dict(options.resolve)
    sites = same_site(options.target, options.allow_origins)
    trust = TrustStore.load(options.ca)
    known = [c for log in seen_by_client.values() for c in served_to_client(log)[1:]]
    rules = await reach(options)
    private = rules.private
    gate = asyncio.Semaphore(AT_ONCE)
    used = {
        e: a or (seen_by_client[e].address if e in seen_by_client else "") or resolve.get(e, "")
        for e, a in hosts.items()
    }
    away: dict[Endpoint, bool | None] = {}
    if "://" in options.target:  # skip hosts that no client reached and that a public page must not lead to
        open_ = [endpoint for endpoint, address in used.items() if not address]
        away = dict(zip(open_, await asyncio.gather(*(_leads_away(rules, e) for e in open_)), strict=True))

    async def one(endpoint: Endpoint, address: str) -> tuple[Endpoint, Evidence, bool]:
        third = registrable(endpoint[0]) not in sites
        log = seen_by_client.get(endpoint)
        if endpoint in away and away[endpoint] is None:
            return endpoint, with_client_facts(_unresolved(endpoint), log), third
        async with gate:
            evidence = await probe(
                *endpoint,
                address=address or None,
                third_party=third,
                offline=options.only_resolved,
                known=known,
                trust=trust,
                private=private,
            )
        return endpoint, with_client_facts(evidence, log), third

    looks = await asyncio.gather(
        *(one(endpoint, address) for endpoint, address in sorted(used.items()) if not away.get(endpoint))
    )
    compared = compare_clocks([evidence for _, evidence, _ in looks])
    return [(endpoint, evidence, third) for (endpoint, _, third), evidence in zip(looks, compared, strict=True)]


def _without_login(hosts: Mapping[Endpoint, str], options: RunOptions) -> Mapping[Endpoint, str]:
    if options.account is None:
        return hosts
    scope, told = options.scope, (options.account.passwords(), options.account.names())
    return {
        (host, port): address
        for (host, port), address in hosts.items()
        if scope.allows(f"https://{f'[{host}]' if ':' in host else host}:{port}/")
        or not any(t.found_in_host(host) for t in told)
    }


def keep_chains(folder: Path, diagnoses: Iterable[Diagnosis]) -> None:
    """Write each chain that a server sent to our probe to `<host>-<port>.pem`. Raises OSError if the folder is gone."""
    for diagnosis in diagnoses:
        chain = diagnosis.evidence.chain if diagnosis.evidence else ()
        if chain:
            name = f"{diagnosis.host.replace(':', '_')}-{diagnosis.port}.pem"
            (folder / name).write_text("".join(c.pem for c in chain), encoding="ascii")

"""Ask each host that a run has seen once for its own side of the story."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from explorer.run.options import RunOptions, registrable, same_site
from explorer.tls.diagnose import diagnose
from explorer.tls.probe import probe
from flows.diagnosis import Diagnosis, Evidence
from flows.session import Endpoint, SessionLog
from flows.signals import Family, Signal

AT_ONCE = 8
"""Probes under way at the same time."""


def hosts_seen(logs: Iterable[SessionLog]) -> dict[Endpoint, str]:
    """Every TLS endpoint that a browser asked for → the address it used, or an empty string."""
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


async def diagnose_hosts(
    logs: Sequence[SessionLog], options: RunOptions, served: Mapping[Endpoint, Sequence[Signal]] | None = None
) -> dict[Endpoint, Diagnosis]:
    """Probe each host once, on the address that the browser used, and say why it fails, if it does.

    Hosts outside the target's site get one ordinary handshake. A probe never raises for what a server does.
    """
    resolve = dict(options.resolve)
    sites = same_site(options.target, options.allow_origins)
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(endpoint: Endpoint, address: str) -> tuple[Endpoint, Evidence, bool]:
        third = registrable(endpoint[0]) not in sites
        async with gate:
            evidence = await probe(
                *endpoint, address=address or resolve.get(endpoint), ca=options.ca, third_party=third,
                offline=options.only_resolved,
            )  # fmt: skip
        return endpoint, evidence, third

    hosts = hosts_seen(logs)
    gathered = await asyncio.gather(*(one(endpoint, address) for endpoint, address in sorted(hosts.items())))
    signals = [s for log in logs for s in log.signals] + [s for extra in (served or {}).values() for s in extra]
    found: dict[Endpoint, Diagnosis] = {}
    for endpoint, evidence, third in gathered:
        mine = [s for s in signals if (s.host, s.port) == endpoint and s.family in (Family.TLS, Family.NETWORK)]
        found[endpoint] = diagnose(evidence, mine, third_party=third)
    return found

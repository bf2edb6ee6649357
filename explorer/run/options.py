"""What a run is asked to do, after the command line and the configuration files have been read."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from flows.journey import Journey
from flows.session import Endpoint
from personas.persona import Persona

EVIDENCE = ("har", "trace", "film")
"""What can be kept of a session beside the journal: HAR and trace of a web session, and one moving picture of its steps."""
ALLOW = ("payment", "delete", "hostile", "call", "mail")
"""What is only done for real if `--allow` names it."""
_SUFFIXES = PublicSuffixList()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`steps` is the budget of each session; `time_cap` seconds for each session, or None.

    `resolve` maps host and port to an address, as curl's `--resolve`; `only_resolved` shuts all other names out
    (demo and tests). `at_once` sessions run side by side.
    """

    target: str
    personas: tuple[Persona, ...]
    journeys: tuple[Journey, ...]
    devices: tuple[str, ...] = ("desktop",)
    devices_file: Path | None = None
    login: tuple[str, str] | None = None
    storage_state: Path | None = None
    steps: int = 200
    time_cap: float | None = None
    seed: int = 1
    ca: tuple[Path, ...] = ()
    resolve: tuple[tuple[Endpoint, str], ...] = ()
    only_resolved: bool = False
    allow_origins: tuple[str, ...] = ()
    allow: frozenset[str] = frozenset()
    headed: bool = False
    proxy: bool = False
    """Let a browser's connections pass through an observing proxy."""
    at_once: int = 2
    counter_proof: bool = True
    probe: bool = True
    screenshots: bool = True
    audit: bool = True
    """Look at each new screen for what is amiss beside the journeys."""
    evidence: frozenset[str] = frozenset(EVIDENCE[:2])
    expiring_days: int | None = None
    """Days from which on an ending certificate is a finding; None: a third of its lifetime."""

    @property
    def endpoint(self) -> Endpoint:
        """Host and port of the target."""
        return endpoint_of(self.target)


def endpoint_of(url: str) -> Endpoint:
    """Host and port of a URL, with the scheme's own port where none is named."""
    parts = urlsplit(url)
    port = parts.port or {"https": 443, "wss": 443, "http": 80, "ws": 80}.get(parts.scheme, 0)
    return (parts.hostname or "", port)


def endpoint_named(text: str) -> Endpoint:
    """«host:port» as an endpoint."""
    host, _, port = text.rpartition(":")
    return host, int(port)


def registrable(host: str) -> str:
    """The registrable domain by the public suffix list; an IP address, a single label or a name under a suffix that is
    not listed stands for itself."""
    if host.replace(".", "").isdigit() or ":" in host or "." not in host:
        return host
    if _SUFFIXES.publicsuffix(host, accept_unknown=False) is None:
        return host
    return _SUFFIXES.privatesuffix(host) or host


def same_site(target: str, allow_origins: Sequence[str] = ()) -> frozenset[str]:
    """The registrable domains that an explorer of `target` may act on."""
    hosts = [endpoint_of(target)[0], *(endpoint_of(o)[0] or o for o in allow_origins)]
    return frozenset(registrable(h) for h in hosts)


def on_site(url: str, sites: frozenset[str]) -> bool:
    """Whether a URL belongs to one of the sites (see `same_site`)."""
    return registrable(endpoint_of(url)[0]) in sites


def is_private(host: str) -> bool:
    """Whether a host is this machine or one of a private network, as far as its name says so."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private or address.is_loopback

"""Parses `trustwalk demo --break`: HOST=CAUSE pairs, checked before anything starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from explorer.lab.demo.hosts import ALL_HOSTS
from explorer.tls.faults.known import KNOWN_FAULTS

DEFAULT_BREAKS: Mapping[str, str] = MappingProxyType(
    {
        "chat": "expired",
        "files": "incomplete-chain",
        "tickets": "hostname-mismatch",
        "kb": "self-signed",
    }
)
"""The default: four hosts with four causes, which break five journeys."""


def parse_breaks(pairs: Sequence[str]) -> Mapping[str, str]:
    """Parse pairs such as `["chat=expired", "kb=self-signed"]` into a map of host → cause.

    `["none"]` gives an empty map, with which nothing is broken. Raises ValueError with a sentence for an unknown host
    or cause, for a host that is named twice, and for `none` together with other pairs.
    """
    if list(pairs) == ["none"]:
        return {}
    breaks: dict[str, str] = {}
    for pair in pairs:
        host, equals, cause = pair.partition("=")
        if not equals:
            raise ValueError(f"«{pair}» is not HOST=CAUSE, such as chat=expired. To break nothing, give only «none».")
        if host not in ALL_HOSTS:
            raise ValueError(f"The demo has no host «{host}»; it has {', '.join(ALL_HOSTS)}.")
        if cause not in KNOWN_FAULTS:
            raise ValueError(f"The demo cannot break a host with «{cause}»; it knows {', '.join(KNOWN_FAULTS)}.")
        if host in breaks:
            raise ValueError(f"The host «{host}» is broken twice: {breaks[host]} and {cause}; give only one cause.")
        breaks[host] = cause
    return breaks

"""All faults by name: faults of servers, and faults of the client.

The default fault of each cause has the cause's own id: `expired`, `not-yet-valid`, `hostname-mismatch`, `self-signed`,
`untrusted-ca`, `incomplete-chain`, `invalid-certificate`, `weak-protocol`, `weak-cipher`, `weak-signature`,
`weak-key`, `revoked`, `interception`, `client-certificate-required`, `not-tls`, `connection-cut`,
`handshake-timeout` and `unknown-tls`; `clock-skew` is a fault of the client. Variants have a suffix
(`connection-cut-eof`, `incomplete-chain-aia`, `client-certificate-required-400`…); `healthy…` have no fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.tls.causes import RULES
from explorer.tls.faults import harmless
from explorer.tls.faults.recipe import Fault

ALL_FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for faults in (*(rule.faults for rule in RULES), harmless.FAULTS) for fault in faults}
)
"""Name → fault, including the faults of the client."""

KNOWN_FAULTS: tuple[str, ...] = tuple(name for name, fault in ALL_FAULTS.items() if fault.side != "client")
"""The names of the faults that a front can present."""


def fault_named(name: str) -> Fault:
    """The fault with this name. For an unknown name, raises a ValueError that lists the known names."""
    try:
        return ALL_FAULTS[name]
    except KeyError:
        raise ValueError(f"There is no fault «{name}». Known: {', '.join(KNOWN_FAULTS)}.") from None

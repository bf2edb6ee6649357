"""All faults that can be presented, by name.

The default fault of each cause has the cause's own id: `expired`, `not-yet-valid`, `hostname-mismatch`, `self-signed`,
`untrusted-ca`, `incomplete-chain`, `invalid-certificate`, `weak-protocol`, `weak-cipher`, `weak-signature`,
`weak-key`, `revoked`, `interception`, `client-certificate-required`, `not-tls`, `connection-cut`,
`handshake-timeout` and `unknown-tls`; `clock-skew` is a fault of the client. Variants have a suffix
(`connection-cut-eof`, `incomplete-chain-aia`, `client-certificate-required-400`…); `healthy` and its kin break nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from explorer.tls import harmless
from explorer.tls.causes import (
    client_certificate_required,
    clock_skew,
    connection_cut,
    expired,
    handshake_timeout,
    hostname_mismatch,
    incomplete_chain,
    interception,
    invalid_certificate,
    not_tls,
    not_yet_valid,
    revoked,
    self_signed,
    unknown_tls,
    untrusted_ca,
    weak_cipher,
    weak_key,
    weak_protocol,
    weak_signature,
)
from explorer.tls.recipe import Fault

_CAUSES = (
    expired, not_yet_valid, hostname_mismatch, self_signed, untrusted_ca, incomplete_chain, invalid_certificate,
    weak_protocol, weak_cipher, weak_signature, weak_key, revoked, clock_skew, interception,
    client_certificate_required, not_tls, connection_cut, handshake_timeout, unknown_tls,
)  # fmt: skip

ALL_FAULTS: Mapping[str, Fault] = MappingProxyType(
    {fault.name: fault for module in (*_CAUSES, harmless) for fault in module.FAULTS}
)
"""Name → fault, the client's faults included."""

KNOWN_FAULTS: tuple[str, ...] = tuple(name for name, fault in ALL_FAULTS.items() if fault.side != "client")
"""The names that a front can present."""


def fault_named(name: str) -> Fault:
    """Raises ValueError with the known names."""
    try:
        return ALL_FAULTS[name]
    except KeyError:
        raise ValueError(f"No fault is called «{name}». Known: {', '.join(KNOWN_FAULTS)}.") from None

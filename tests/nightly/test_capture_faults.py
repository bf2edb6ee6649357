"""Each fault of the lab × TLS 1.2 and 1.3 × real clients, as tcpdump captures it: what it shows is told right, and what it cannot
show is «not observable». No cause is made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.tls.faults.known import KNOWN_FAULTS, fault_named
from flows.diagnosis import CAUSES, Cause
from tests.explorer.evidence.capture.clients import CLIENTS
from tests.explorer.evidence.capture.meeting import met

CHAIN_FAULTS = frozenset(cause for cause, facts in CAUSES.items() if facts.passable)
"""Causes that the chain as served shows, or an alert about it."""
_CLIENTS_OWN = frozenset({"invalid-certificate-no-san"})
"""Faults that only some clients refuse."""


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("fault", KNOWN_FAULTS)
async def test_no_capture_of_a_fault_is_told_as_another(
    fault: str, client: str, version: str, tmp_path: Path, note: Callable[..., None]
) -> None:
    found = await met(fault, client, version, tmp_path)
    cause = fault_named(fault).cause
    told = [c.value for c in found.causes]
    note(capture=fault, client=client, version=version, answered=found.answered, told=told, errors=list(found.errors))
    if found.answered:
        assert not found.errors
        return
    if not found.errors:  # only a hint is left, or the failure was one of HTTP
        assert any(r.opened for r in found.recording.requests)
        after = any("before they asked anything" in note for note in found.recording.notes)
        assert after or cause is Cause.CLIENT_CERTIFICATE_REQUIRED
        return
    assert found.diagnosis is not None
    if found.causes == (Cause.UNKNOWN_TLS,):
        seen = version == "1.2" and cause in CHAIN_FAULTS and not any("offers" in error for error in found.errors)
        assert not seen, "TLS 1.2 shows the chain, so the cause is to be told"
    elif found.diagnosis.alternatives:
        assert cause in found.causes
    else:
        assert cause is found.causes[0]

"""The server takes the ClientHello and never answers."""

from __future__ import annotations

from explorer.tls.recipe import Fault
from explorer.tls.scripts import stall
from flows.diagnosis import Cause

FAULTS = (
    Fault(
        "handshake-timeout", Cause.HANDSHAKE_TIMEOUT, "Silent after the ClientHello.", script=stall, chromium="hangs"
    ),
)

"""The connection is cut after the ClientHello."""

from __future__ import annotations

from explorer.tls.recipe import Fault
from explorer.tls.scripts import cut_with_end, cut_with_reset
from flows.diagnosis import Cause

FAULTS = (
    Fault("connection-cut", Cause.CONNECTION_CUT, "Reset after the ClientHello.", script=cut_with_reset,
          chromium="ERR_CONNECTION_RESET"),
    Fault("connection-cut-eof", Cause.CONNECTION_CUT, "Closed after the ClientHello.", script=cut_with_end,
          chromium="ERR_CONNECTION_CLOSED"),
)  # fmt: skip

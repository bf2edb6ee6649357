"""TLS failed, and nothing that was seen says why."""

from __future__ import annotations

from explorer.tls.recipe import Fault
from explorer.tls.scripts import alert, says
from flows.diagnosis import Cause

FAULTS = (
    Fault("unknown-tls", Cause.UNKNOWN_TLS, "The alert internal_error, whatever is offered.", script=alert(80),
          chromium="ERR_SSL_PROTOCOL_ERROR"),
    Fault("unknown-tls-garbage", Cause.UNKNOWN_TLS, "A TLS record with nonsense in it.",
          script=says(b"\x16\x03\x03\x00\x10" + b"\xa5" * 16), chromium="ERR_SSL_PROTOCOL_ERROR"),
)  # fmt: skip

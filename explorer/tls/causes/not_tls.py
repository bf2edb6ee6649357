"""Something else than TLS lives on this port."""

from __future__ import annotations

from explorer.tls.recipe import Fault
from explorer.tls.scripts import plain_http, says
from flows.diagnosis import Cause

FAULTS = (
    Fault("not-tls", Cause.NOT_TLS, "Plain HTTP on a TLS port.", script=plain_http, chromium="ERR_SSL_PROTOCOL_ERROR"),
    Fault("not-tls-ssh", Cause.NOT_TLS, "SSH on a TLS port.", script=says(b"SSH-2.0-OpenSSH_9.9\r\n"),
          chromium="ERR_SSL_PROTOCOL_ERROR"),
)  # fmt: skip

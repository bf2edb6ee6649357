"""The server wants to know the client by a certificate."""

from __future__ import annotations

import ssl

from explorer.tls.recipe import Fault, Terms, good
from flows.diagnosis import Cause

FAULTS = (
    # TLS 1.2, where the refusal comes inside the handshake; in TLS 1.3 it comes after the client thinks all is well.
    Fault("client-certificate-required", Cause.CLIENT_CERTIFICATE_REQUIRED, "No certificate, no handshake.", good,
          Terms(maximum=ssl.TLSVersion.TLSv1_2, client_certificate="strict"), chromium="ERR_BAD_SSL_CLIENT_AUTH_CERT"),
    Fault("client-certificate-required-400", Cause.CLIENT_CERTIFICATE_REQUIRED,
          "The handshake passes; every request is answered with status 400, as nginx does.", good,
          Terms(client_certificate="http-400")),
)  # fmt: skip

"""The server only offers cipher suites that clients refuse."""

from __future__ import annotations

import ssl

from explorer.tls.recipe import Fault, Terms, good
from explorer.tls.scripts import only_cipher
from flows.diagnosis import Cause

FAULTS = (
    Fault("weak-cipher", Cause.WEAK_CIPHER, "Offers only suites that do not encrypt (NULL).", good,
          Terms(maximum=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0"),
          chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
    Fault("weak-cipher-rc4", Cause.WEAK_CIPHER, "Offers RC4 only (RFC 7465).", script=only_cipher(0x0303, 0x0005),
          chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
    Fault("weak-cipher-3des", Cause.WEAK_CIPHER, "Offers 3DES only.", script=only_cipher(0x0303, 0x000A),
          chromium="ERR_SSL_VERSION_OR_CIPHER_MISMATCH"),
)  # fmt: skip

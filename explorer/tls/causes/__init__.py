"""All causes in order of precedence: the first one that applies is the headline.

Faults that end the handshake before any certificate matters come first. Interception and a wrong client clock follow,
because they explain any complaint about a certificate. Then come faults of the certificate itself: revoked, outside its
validity period, wrong name, untrusted, malformed, weak. `unknown_tls` comes last and applies only if nothing else does.
"""

from __future__ import annotations

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
from explorer.tls.rule import Rule

RULES: tuple[Rule, ...] = (
    not_tls.RULE,
    connection_cut.RULE,
    handshake_timeout.RULE,
    weak_protocol.RULE,
    weak_cipher.RULE,
    client_certificate_required.RULE,
    interception.RULE,
    clock_skew.RULE,
    revoked.RULE,
    expired.RULE,
    not_yet_valid.RULE,
    hostname_mismatch.RULE,
    self_signed.RULE,
    incomplete_chain.RULE,
    untrusted_ca.RULE,
    invalid_certificate.RULE,
    weak_signature.RULE,
    weak_key.RULE,
    unknown_tls.RULE,
)

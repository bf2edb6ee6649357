"""Names of TLS versions and alerts, defined once for probe, proxy and monitors. Pure."""

from __future__ import annotations

from types import MappingProxyType

VERSIONS = MappingProxyType({0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"})
"""ProtocolVersion (RFC 8446 section 4.2.1 and its predecessors) → OpenSSL's name."""

ALERTS = MappingProxyType(
    {
        0: "close_notify",
        10: "unexpected_message",
        20: "bad_record_mac",
        22: "record_overflow",
        40: "handshake_failure",
        42: "bad_certificate",
        43: "unsupported_certificate",
        44: "certificate_revoked",
        45: "certificate_expired",
        46: "certificate_unknown",
        47: "illegal_parameter",
        48: "unknown_ca",
        49: "access_denied",
        50: "decode_error",
        51: "decrypt_error",
        70: "protocol_version",
        71: "insufficient_security",
        80: "internal_error",
        86: "inappropriate_fallback",
        90: "user_canceled",
        109: "missing_extension",
        110: "unsupported_extension",
        112: "unrecognized_name",
        113: "bad_certificate_status_response",
        115: "unknown_psk_identity",
        116: "certificate_required",
        120: "no_application_protocol",
    }
)
"""AlertDescription → its name in RFC 8446 section 6."""


def version_name(code: int) -> str:
    return VERSIONS.get(code, f"version 0x{code:04x}")


def alert_name(code: int) -> str:
    return ALERTS.get(code, f"alert {code}")

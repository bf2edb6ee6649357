"""What a real TLS library says first."""

from __future__ import annotations

import ssl
import warnings


def hello(
    name: str | None,
    *,
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    protocols: tuple[str, ...] = ("h2", "http/1.1"),
) -> bytes:
    """The record with OpenSSL's ClientHello."""
    context = ssl.create_default_context()
    context.check_hostname = name is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.maximum_version = newest
        context.minimum_version = min(newest, ssl.TLSVersion.TLSv1_2)
    if newest < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.set_alpn_protocols(list(protocols))
    sent = ssl.MemoryBIO()
    try:
        context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname=name).do_handshake()
    except ssl.SSLWantReadError:
        return sent.read()
    raise AssertionError("a handshake needs an answer")

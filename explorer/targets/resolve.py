"""`--resolve HOST:PORT:ADDRESS`, as in curl: use this address for the name and port, whatever DNS says."""

from __future__ import annotations

import ipaddress
import re

from flows.host_name import wire_name

Endpoint = tuple[str, int]

_SHAPE = re.compile(r"\+?(?P<host>\[[0-9a-fA-F:.]+\]|[^:\s\[\]]+):(?P<port>\d{1,5}):(?P<address>\S+)")


def plain_host(host: str) -> str:
    """A host name in the form in which it is sent over the network.

    The result is in lower case, without a final dot or brackets. Names with other than ASCII characters are encoded
    (UTS #46). Raises ValueError with a sentence for an invalid name."""
    host = host.strip().removeprefix("[").removesuffix("]").rstrip(".").lower()
    if not host.isascii():
        try:
            host = wire_name(host)
        except UnicodeError as error:
            raise ValueError(f"«{host[:80]}» is not a host name: {error}. Write it like chat.example.") from error
    if not host or len(host) > 253 or re.search(r"[^0-9a-z_.:*%-]", host):
        raise ValueError(f"«{host[:80]}» is not a host name. Write it like chat.example.")
    return host


def parse_resolve(text: str) -> tuple[Endpoint, str]:
    """Parse a value of `--resolve`: `chat.desk.test:443:127.0.0.1` → `(("chat.desk.test", 443), "127.0.0.1")`.

    IPv6 addresses may be in brackets. If there are several addresses, only the first is returned. The host may be `*`.
    Raises ValueError with a sentence for any other text.
    """
    endpoint, addresses = parse_addresses(text)
    return endpoint, addresses[0]


def parse_addresses(text: str) -> tuple[Endpoint, tuple[str, ...]]:
    """Like `parse_resolve`, but returns all addresses of `HOST:PORT:ADDRESS,ADDRESS…`."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"«{text[:120]}» is not HOST:PORT:ADDRESS, for example chat.example:443:127.0.0.1.")
    port = int(match["port"])
    if not 0 < port < 65536:
        raise ValueError(f"«{text[:120]}»: {port} is not a port; ports are numbers from 1 to 65535.")
    addresses = tuple(a.removeprefix("[").removesuffix("]") for a in match["address"].split(","))
    for address in addresses:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise ValueError(
                f"«{text[:120]}»: «{address}» is not an IP address. Write it like 127.0.0.1 or ::1."
            ) from None
    return (plain_host(match["host"]), port), addresses

"""Whether an address is on this machine or in a private network. Pure: names are not resolved."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection


def is_private(host: str) -> bool:
    """Whether a host is an IP address that is not public, or is called `localhost` or `….localhost`.

    Any other name counts as public, because names are not resolved here. To be sure, resolve it and check each address.
    """
    host = host.strip().rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ip = ipaddress.ip_address(host.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        return False
    ip = _carried(ip) if isinstance(ip, ipaddress.IPv6Address) else ip
    local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local  # RFC 3879: deprecated, and still routed
    return local or not ip.is_global or ip.is_multicast


def is_blocked(addresses: Collection[str]) -> bool:
    """Whether a resolver blocks a name: all its addresses are `0.0.0.0` or `::`.

    No server has these addresses, but a connection to them reaches this machine."""
    return bool(addresses) and all(_is_unspecified(address) for address in addresses)


def _is_unspecified(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_unspecified
    except ValueError:
        return False


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Returns the IPv4 address that is embedded in an IPv6 address, else the IPv6 address itself.

    The forms are IPv4-mapped, IPv4-compatible, 6to4, and NAT64 (RFC 6052).
    """
    inner = ip.ipv4_mapped or ip.sixtofour
    if inner is None and (ip in _NAT64 or (ip in _COMPATIBLE and int(ip) > 0xFFFF)):
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return inner or ip

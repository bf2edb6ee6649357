"""The sentences about a capture itself: what it does not show, and what points to something without proving it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer.evidence.capture.capture import Capture
from explorer.evidence.capture.host_facts import shown


def notes_about(found: Capture) -> tuple[str, ...]:
    """What a reader of the report has to know of the capture."""
    return tuple(filter(None, (*_missing(found), *_hints(found))))


def _missing(found: Capture) -> Sequence[str]:
    links = ", ".join(f"LINKTYPE {link}" for link in sorted(found.unknown_links)[:5])
    return (
        "The capture is cut off or damaged: what came after that is not in this report." if found.cut_off else "",
        "The capture does not tell when it was made (the clock of that machine was not set), so certificates are judged as of now."
        if found.without_clock and not found.clock_set
        else "The clock of the machine that made the capture was set only during it. What came before that counts as of now."
        if found.without_clock
        else "",
        f"{_count(found.unknown_links.total(), 'packet')} could not be read: they are of a kind of network ({links}) that is "
        "not known here. Capture again on an Ethernet, Wi-Fi or «any» interface."
        if links
        else "",
        f"{_count(found.fragments, 'fragment')} of IP packets are left out." if found.fragments else "",
        f"{_count(found.lost, 'TLS connection')} could not be followed to the end: the capture misses packets, or cut them "
        "(capture with `tcpdump -s 0`)."
        if found.lost
        else "",
        f"{_count(found.midway, 'TLS connection')} had begun before the capture, so how their handshakes went is not observable."
        if found.midway
        else "",
        f"Of {_count(found.deaf, 'TLS connection')} only the client's side was captured, so how they ended is not observable."
        if found.deaf
        else "",
        f"{_count(found.dropped, 'connection')} are told only in part: the capture holds more at once than are followed."
        if found.dropped
        else "",
        f"{_count(found.kept.left_out, 'further connection')} that succeeded are left out."
        if found.kept.left_out
        else "",
        f"{_count(found.unmade, 'further connection')} that nobody answered or that were refused are left out."
        if found.unmade
        else "",
        f"To {shown(found.quic)} there is only QUIC (UDP port 443). It encrypts its handshake, so how that went is not observable."
        if found.quic
        else "",
        "The capture holds keys that decrypt its connections: keep it secret, or remove them "
        "(`editcap --discard-all-secrets IN OUT`)."
        if found.secrets
        else "",
    )


def _hints(found: Capture) -> Sequence[str]:
    return (
        f"{_hosts(found.unanswered)} did not answer when clients wanted to connect, so TLS never began: a firewall, a route, or the "
        "server is down."
        if found.unanswered
        else "",
        f"{_hosts(found.refused)} refused connections, so TLS never began: nothing listens there, or a firewall refuses."
        if found.refused
        else "",
        f"TLS 1.3 encrypts certificates and the alerts that follow them: why the handshake with {_hosts(found.encrypted)} ended "
        "is not observable. A client that refuses the certificate looks like this, and so does one that was closed."
        if found.encrypted
        else "",
        f"Clients finished the handshake with {_hosts(found.unused)} and closed the connection before they asked anything. A "
        "client that compares the certificate with its pins does so if it refuses it; so does one that only opened it in advance."
        if found.unused
        else "",
        f"A client spoke plain HTTP to the TLS port of {_hosts(found.plain)}: its address begins with http:// where https:// belongs."
        if found.plain
        else "",
        f"The reset of the connection to {_hosts(found.between)} came over another number of hops than the server's answers: a "
        "firewall or filter on the way may have sent it."
        if found.between
        else "",
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _hosts(counted: Mapping[str, int]) -> str:
    return shown(sorted(counted, key=lambda host: (-counted[host], host)))

"""Compares the browser's errors for a host with the handshakes that the proxy saw. Pure.

The proxy is a second witness and changes no verdict. It sees how a handshake ends but not why, so it agrees with every
cause that can end a handshake this way. If browser and proxy contradict each other, a person has to investigate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.diagnosis import Cause
from flows.handshake import Handshake
from flows.session import Endpoint
from flows.signals import Exchange, Family, Signal

_REFUSED = frozenset({"refused-by-client", "abandoned-by-client"})
_ANY = frozenset({*_REFUSED, "refused-by-server", "cut", "silent", "not-tls"})
_FITS: Mapping[Cause, frozenset[str]] = {
    Cause.NOT_TLS: frozenset({"not-tls", "refused-by-client", "cut"}),
    Cause.WEAK_PROTOCOL: frozenset({*_REFUSED, "refused-by-server", "cut"}),
    Cause.WEAK_CIPHER: frozenset({*_REFUSED, "refused-by-server", "cut"}),
    Cause.CLIENT_CERTIFICATE_REQUIRED: frozenset({*_REFUSED, "refused-by-server", "cut", "finished", "left-unasked"}),
    Cause.CONNECTION_CUT: frozenset({"cut", "silent", "abandoned-by-client", "refused-by-server"}),
    Cause.HANDSHAKE_TIMEOUT: frozenset({"silent", "cut", "abandoned-by-client"}),
    Cause.UNKNOWN_TLS: _ANY,
    Cause.PIN_MISMATCH: frozenset({*_REFUSED, "finished", "left-unasked"}),
}
"""Cause → possible outcomes of the handshake. With any other cause, the client refuses the certificate (`_REFUSED`).

In TLS 1.3, a server reports a missing client certificate only after the handshake, in an encrypted alert."""
_NEVER_SENT = frozenset({Cause.MIXED_CONTENT, Cause.CLEARTEXT_BLOCKED})
_WORDS = {
    "finished": "the handshake finish",
    "left-unasked": "the handshake finish, and nothing asked after it",
    "refused-by-client": "the browser refuse what it was served",
    "abandoned-by-client": "the browser close the connection after the server's hello",
    "refused-by-server": "the server refuse the handshake",
    "cut": "the server end the connection within the handshake",
    "silent": "no answer to the ClientHello",
    "not-tls": "an answer that is not TLS",
    "no-hello": "no ClientHello",
    "unreachable": "that the server could not be reached",
}


@dataclass(frozen=True, slots=True)
class Witness:
    """The proxy's evidence for one host. `saw` is what the proxy saw; `text` compares it with the browser's error."""

    host: str
    port: int
    agrees: bool
    saw: str
    text: str


def witnesses(
    signals: Iterable[Signal], exchanges: Iterable[Exchange], handshakes: Iterable[Handshake]
) -> dict[Endpoint, Witness]:
    """Returns a witness for each host where the proxy confirms or contradicts the browser.

    Pass the data of one session, or of all sessions of a device. The result is empty without handshakes, because then
    there was no proxy."""
    seen: dict[Endpoint, list[Handshake]] = {}
    for handshake in handshakes:
        seen.setdefault((handshake.host, handshake.port), []).append(handshake)
    if not seen:
        return {}
    failed: dict[Endpoint, list[Signal]] = {}
    doubtful: set[Endpoint] = set()
    for signal in signals:
        if signal.family is Family.TLS and signal.host and not _NEVER_SENT & set(signal.causes):
            failed.setdefault((signal.host, signal.port), []).append(signal)
        elif signal.family is Family.NETWORK:
            doubtful.add((signal.host, signal.port))
    good = {
        (x.host, x.port)
        for x in exchanges
        if x.url.startswith(("https:", "wss:")) and x.outcome in ("ok", "http-error")
    }
    found = {host: _on_failure(host, mine, seen.get(host, [])) for host, mine in failed.items()}
    for host, mine in seen.items():
        told = None if host in found or host in doubtful else _on_silence(host, mine, worked=host in good)
        if told is not None:
            found[host] = told
    return found


def _on_failure(host: Endpoint, signals: list[Signal], seen: list[Handshake]) -> Witness:
    """Returns the witness for a host where the browser reports a TLS failure."""
    at, error = f"{host[0]}:{host[1]}", signals[0].error
    causes = {cause for signal in signals for cause in signal.causes} or {Cause.UNKNOWN_TLS}
    fitting = frozenset[str]().union(*(_FITS.get(cause, _REFUSED) for cause in causes))
    match = next((h for h in seen if h.outcome in fitting), None)
    if match is not None:
        saw = _saw(match)
        return Witness(*host, agrees=True, saw=saw, text=f"The proxy saw {saw}: that fits {error}.")
    if not seen:
        saw = "no connection to it"
        return Witness(*host, agrees=False, saw=saw, text=f"The browser reports {error} for {at}; the proxy saw {saw}.")
    saw = _saw(seen[-1])
    return Witness(*host, agrees=False, saw=saw, text=f"The browser reports {error} for {at}; the proxy saw {saw}.")


def _on_silence(host: Endpoint, seen: list[Handshake], *, worked: bool) -> Witness | None:
    """Returns the witness for a host where the browser reports no failure, or None if the proxy has no clear evidence.

    Only a refused handshake contradicts the browser, because browsers drop connections for many reasons."""
    refused = [h for h in seen if h.outcome in ("refused-by-client", "refused-by-server")]
    if refused:
        saw = _saw(refused[-1])
        text = f"The browser reported no failure at {host[0]}:{host[1]}, but the proxy saw {saw}."
        return Witness(*host, agrees=False, saw=saw, text=text)
    if worked and any(h.outcome == "finished" for h in seen):
        return Witness(*host, agrees=True, saw=_WORDS["finished"], text="The proxy saw the handshake finish, too.")
    return None


def _saw(handshake: Handshake) -> str:
    words = _WORDS.get(handshake.outcome, handshake.outcome)
    more = ", ".join(filter(None, (handshake.version, handshake.alert)))
    return f"{words} ({more})" if more else words

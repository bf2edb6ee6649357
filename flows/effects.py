"""Effects: what the network traffic shows about the texts and files that a persona sent.

A persona puts a unique token into everything that it types or attaches. Monitors search request and response bodies for
these tokens, and never store the bodies (docs/verdicts.md).
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants only, so that a token is not a word of any language. A digit would look like part of a ticket number."""
_MARK = "TW"
_LENGTH = 6
_TOKEN = re.compile(rf"(?<![A-Za-z]){_MARK}[{_LETTERS}]{{{_LENGTH}}}(?![A-Za-z])", re.IGNORECASE)


def new_token(rng: random.Random) -> str:
    """Returns a token such as `TWKRZLQP`. It survives URL encoding, JSON, multipart headers and changes of case."""
    return _MARK + "".join(rng.choices(_LETTERS, k=_LENGTH))


def tokens_in(text: str) -> frozenset[str]:
    """Returns the tokens in a text, in upper case."""
    return frozenset(found.upper() for found in _TOKEN.findall(text))


class EffectKind(StrEnum):
    """What the traffic shows about a token."""

    SENT = "sent"  # a request or a WebSocket frame carried it
    TAKEN = "taken"  # that request was answered, and the answer does not refuse it
    REFUSED = "refused"  # it was answered with an error status, or with an answer that says so
    LOST = "lost"  # it got no answer
    RETURNED = "returned"  # the server gave it back: in the answer to another request, or over a socket
    KEPT = "kept"  # the server gave it back in a page that was opened anew


PROOF = (EffectKind.KEPT, EffectKind.RETURNED, EffectKind.TAKEN)
"""The effects that prove a submission, the strongest first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One observation in the traffic about one or more tokens.

    `time` is in seconds since the epoch. `request` is the id of the `Exchange`. `method` is empty for a WebSocket
    frame. `status` is 0 if there is no HTTP status.
    """

    time: float
    session: str
    kind: EffectKind
    tokens: tuple[str, ...]
    request: str
    host: str
    port: int
    url: str = ""
    method: str = ""
    status: int = 0

    def told(self) -> str:
        """Describes the effect in words, such as `POST tickets.desk.test:443 → 201`."""
        how = f"{self.method} " if self.method else "a message over a socket to "
        return f"{how}{self.host}:{self.port}{f' → {self.status}' if self.status else ''}"


def proof_among(effects: Iterable[Effect], tokens: Collection[str], since: float) -> Effect | None:
    """The strongest proof that a server accepted something with one of `tokens`; None if there is none.

    Only effects at or after `since` count, because an app may save a draft while the persona types. An effect is no
    proof if a request with one of the tokens is lost or refused at the same time or later. `TAKEN` proves nothing
    either if such a request to another server is lost or refused at any time after `since`.
    """
    own = [e for e in effects if e.time >= since and set(tokens) & set(e.tokens)]
    sent = {e.request for e in own if e.kind is EffectKind.SENT}
    failed = failures_among(own)
    for kind in PROOF:
        for effect in (e for e in own if e.kind is kind):
            taken = kind is EffectKind.TAKEN
            late = any(f.time >= effect.time for f in failed)
            elsewhere = taken and any((f.host, f.port) != (effect.host, effect.port) for f in failed)
            if sent and not late and not elsewhere and (not taken or effect.request in sent):
                return effect
    return None


def failures_among(effects: Collection[Effect]) -> list[Effect]:
    """The effects that report a request as lost or refused, if `effects` also show that it was sent."""
    sent = {e.request for e in effects if e.kind is EffectKind.SENT}
    return [e for e in effects if e.kind in (EffectKind.LOST, EffectKind.REFUSED) and e.request in sent]

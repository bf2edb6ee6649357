"""Effects: what became of the texts and files that a persona sent, told by the traffic that carried them.

A persona marks what it types and attaches with a token of its own. Monitors follow the tokens; bodies are looked into
while they pass and are never written down (docs/verdicts.md).
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""Consonants only: a token is no word of any language, and no number, which would look like that of a ticket."""
_MARK = "TW"
_LENGTH = 6
_TOKEN = re.compile(rf"(?<![A-Za-z]){_MARK}[{_LETTERS}]{{{_LENGTH}}}(?![A-Za-z])", re.IGNORECASE)


def new_token(rng: random.Random) -> str:
    """A token, such as `TWKRZLQP`. It survives URL encoding, JSON, multipart headers and changes of case."""
    return _MARK + "".join(rng.choices(_LETTERS, k=_LENGTH))


def tokens_in(text: str) -> frozenset[str]:
    """The tokens in a text, in capitals."""
    return frozenset(found.upper() for found in _TOKEN.findall(text))


class EffectKind(StrEnum):
    """What the traffic shows of a token."""

    SENT = "sent"  # a request or a frame of a socket carried it away
    TAKEN = "taken"  # that request was answered, and the answer refuses nothing
    REFUSED = "refused"  # it was answered with an error status, or with an answer that says so
    LOST = "lost"  # it got no answer
    RETURNED = "returned"  # the server gave it back: in the answer to another request, or over a socket
    KEPT = "kept"  # the server gave it back in a page that was opened anew


PROOF = (EffectKind.KEPT, EffectKind.RETURNED, EffectKind.TAKEN)
"""The effects that prove a submission, the strongest first."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect. `time` is seconds since the epoch. `request` is the id of its `Exchange`; `method` is empty for a frame
    of a socket, and `status` is 0 where there is none."""

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
        """The effect in words, such as `POST tickets.desk.test:443 → 201`."""
        how = f"{self.method} " if self.method else "a message over a socket to "
        return f"{how}{self.host}:{self.port}{f' → {self.status}' if self.status else ''}"


def proof_among(effects: Iterable[Effect], tokens: Collection[str], since: float) -> Effect | None:
    """The strongest proof that a server took what carries one of `tokens`, sent at or after `since`; None if there is
    none, or if another request that carried one of them was lost or refused and its server took nothing afterwards.

    What was sent before is not looked at: an app may save while somebody types."""
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
    """Those that tell of a request which was sent among `effects` and got lost or was refused."""
    sent = {e.request for e in effects if e.kind is EffectKind.SENT}
    return [e for e in effects if e.kind in (EffectKind.LOST, EffectKind.REFUSED) and e.request in sent]

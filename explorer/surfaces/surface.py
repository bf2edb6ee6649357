"""The interface of a surface (browser, Android device, scripted fake), the only access to the app under test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flows.flaw import Flaw
from flows.record import Record
from flows.screen import Screen
from flows.step import Action


class SurfaceGone(Exception):
    """The browser, the device or the connection to it died: an infrastructure failure, never a TLS finding."""


@dataclass(frozen=True, slots=True)
class Acted:
    """The result of an action. `problem` is a sentence if it could not be carried out. `started` is when the input was
    about to be sent (seconds since the epoch), for comparison with requests. `foreign` is set if the login may not be
    typed there: the origin, or the name of the app."""

    started: float
    problem: str = ""
    foreign: str = ""


CREDENTIALS = "credentials"
"""Source of a surface's records about the login. Kinds: `answered` (a server received it and replied), `stopped` (a
request would have carried it to a wrong place, and was blocked), `leaked` (this was noticed too late), `asked` (a page
or an app asks for it where it may not be given). Data: `to`, `at` (origins), `how`, `what`."""


LIMITS = "limits"
"""Source of a surface's records about what it prevented. Kinds: `private-address`, `blocked-name` and `unresolved-name`
(a request was stopped; data: `to`, `at`, `how`), `download` (cancelled; `to`, and the caps in MB: `most`, `all`) and
`dropped` (`records`: how many records were dropped)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How the app came to rest: `quiet`, `pending` (requests still hang), `busy` (a spinner turns) or `crashed`.

    `pending` names the URLs that were still outstanding. `silent`: the app responds, but nothing that a
    user could wait for is outstanding. It is always false on a device, which cannot tell."""

    how: str
    at: float
    pending: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """The flaws of the current screen. `problem` is a sentence if a part could not be checked."""

    flaws: tuple[Flaw, ...] = ()
    problem: str = ""


class Surface(Protocol):
    """One app in one session. Every method may raise `SurfaceGone`; all times are seconds."""

    async def open(self) -> Acted:
        """Start the app: go to the target's URL, or launch it."""

    async def observe(self) -> Screen:
        """The current screen. A malformed page never makes this fail."""

    async def act(self, action: Action) -> Acted:
        """Carry out one action on an element of the last `observe`."""

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Wait until the app is at rest, at most `limit` seconds.

        At rest: nothing that the last action started is outstanding and the screen has stopped changing. With
        `change`, first wait until the screen differs from the last `observe`."""

    def drain(self) -> Sequence[Record]:
        """All records since the last call, in the order in which they came."""

    async def screenshot(self, path: Path) -> bool:
        """Write a picture of the screen (JPEG or PNG by suffix); False if none could be taken."""

    async def audit(self) -> Audited:
        """Find flaws on the current screen without changing it. Slow, so call it once for each screen."""

    async def close(self) -> None:
        """Leave no process, window or file behind. Safe to call twice."""

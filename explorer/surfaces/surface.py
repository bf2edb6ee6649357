"""What the machine needs of a surface (browser, Android device, scripted fake): the only door to the app under test."""

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
    """Whether an action could be carried out. `problem` is a sentence if it could not. `started` is when the input
    was about to be sent (seconds since the epoch), so that requests can be set against it. `foreign` is where the login may
    not be typed, if that is why: an origin, or the name of an app."""

    started: float
    problem: str = ""
    foreign: str = ""


CREDENTIALS = "credentials"
"""Source of a surface's records about the login. Their kinds: `answered` (a server got it, and said something), `stopped`
(a request would have carried it elsewhere, and never left), `leaked` (it was seen too late), `asked` (a page or an app
asks for it where it may not be given). Data: `to`, `at` (origins), `how`, `what`."""


LIMITS = "limits"
"""Source of a surface's records about what it kept the app from. Kinds: `private-address` (data: `to`, `at`, `how`), `download`
(cancelled; `to`, and the caps in MB: `most`, `all`) and `dropped` (`records`: how many were too many)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How the app came to rest: `quiet`, `pending` (requests still hang), `busy` (a spinner turns) or `crashed`.

    `pending` names the URLs that were still outstanding. `silent`: the app answers, and nothing that a user could wait
    for is on its way. A surface that cannot tell (a device) never says so."""

    how: str
    at: float
    pending: tuple[str, ...] = ()
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """What is amiss on the screen in front. `problem` is a sentence if not all of it could be looked at."""

    flaws: tuple[Flaw, ...] = ()
    problem: str = ""


class Surface(Protocol):
    """One app in one session. Every method may raise `SurfaceGone`; all times are seconds."""

    async def open(self) -> Acted:
        """Start the app: go to the target's URL, or launch it."""

    async def observe(self) -> Screen:
        """What is to be seen now. Never fails because a page is strange."""

    async def act(self, action: Action) -> Acted:
        """Carry out one action on an element of the last `observe`."""

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Wait until the app is at rest, at most `limit` seconds.

        At rest: nothing that the last action started is outstanding and the screen has stopped changing. With
        `change`, wait for the screen to become another than it was at the last `observe` first."""

    def drain(self) -> Sequence[Record]:
        """All records since the last call, in the order in which they came."""

    async def screenshot(self, path: Path) -> bool:
        """Write a picture of the screen (JPEG or PNG by suffix); False if none could be taken."""

    async def audit(self) -> Audited:
        """Look for what is amiss on the screen as it is, without touching it. Takes a moment: once for each screen."""

    async def close(self) -> None:
        """Leave no process, window or file behind. Safe to call twice."""

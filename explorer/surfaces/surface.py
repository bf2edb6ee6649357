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
    """The result of an action.

    `started` is the time just before the input was sent (seconds since the epoch), for comparison with requests.
    `problem` is a sentence that says why the action could not be carried out, or empty. `foreign` is the origin or the
    name of the app where the login may not be typed, or empty."""

    started: float
    problem: str = ""
    foreign: str = ""


CREDENTIALS = "credentials"
"""Source of a surface's records about the login.

Kinds: `answered` (a server where the login belongs received it and answered), `stopped` (a request would have carried
the login to a place where it does not belong, and was blocked), `leaked` (such a request was noticed too late to be
blocked) and `asked` (a page or an app where the login does not belong asks for it). Data: `to` (origin that gets the
login), `at` (origin of the page), `how` (by what kind of request) and `what` (which part of the login)."""


LIMITS = "limits"
"""Source of a surface's records about what it prevented.

Kinds: `private-address`, `blocked-name` and `unresolved-name` (a request was stopped; data: `to`, `at` and `how`),
`download` (a download was cancelled; data: its address `to`, and the limits in MB, `most` for one download and `all`
for all of a session) and `dropped` (records were dropped; data: their number, `records`)."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The state of the app after waiting for it to be at rest.

    `how` is `quiet` (at rest), `pending` (still loading or changing), `busy` (a spinner turns) or `crashed`. `at` is
    the time in seconds since the epoch. `pending` lists the URLs that were still outstanding. `silent` means that an
    expected change did not come: the app responds, but nothing is outstanding that could still change the screen.
    `silent` is always false on an Android device, where this cannot be found out."""

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

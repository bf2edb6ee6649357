"""What an app of the fleet is: how it is had and started, what a person can do in it, and what breaks with which host."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from playwright.async_api import Page

from flows.incident import JourneyVerdict
from flows.journey import load_catalogue

LOGIN = ("ann", "walk-the-desk")
"""The user of every app; an app that wants an address as a name takes `App.login`."""


@dataclass(frozen=True, slots=True)
class Blame:
    """A TLS failure that a journey must end with. `host` is the label of one of the app's hosts."""

    verdict: str
    cause: str
    host: str


@dataclass(frozen=True, slots=True)
class Case:
    """One run: hosts' labels → faults, and the journeys that these break. Journeys of the app not named here pass."""

    name: str
    breaks: Mapping[str, str] = field(default_factory=dict)
    blame: Mapping[str, Blame] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """Journeys of `blame` whose door nobody can see: that they were not found is as right as the blame."""


@dataclass(frozen=True, slots=True)
class Backend:
    """What is behind a host: a plain port on loopback, and paths of other hosts that its pages are to link to.

    `moves` maps an expression for the beginning of a path to the label of the host that serves it (`tests.field.split`);
    `based` says that the app's pages have links relative to a base. `sends_on` is for paths that a script puts together:
    where they are asked for, the browser is redirected to the host that serves them."""

    port: int
    moves: Mapping[str, str] = field(default_factory=dict)
    based: bool = False
    sends_on: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an app starts: `folder` holds the installed apps, `work` is fresh, `url` has the public address of each host."""

    folder: Path
    work: Path
    url: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class App:
    """One app that others wrote.

    `can` names the journeys that a person can do: `script` does exactly these, and proves it. `cases` come after the
    healthy run, which every app has."""

    name: str
    about: str
    language: str
    hosts: Mapping[str, str]
    start: tuple[str, str]
    can: tuple[str, ...]
    install: Callable[[Path], None]
    started: Callable[[Place], AbstractContextManager[Mapping[str, Backend]]]
    script: Callable[[Page, Mapping[str, str]], Awaitable[None]]
    cases: tuple[Case, ...] = ()
    login: tuple[str, str] = LOGIN
    allow: frozenset[str] = frozenset()
    belied: Callable[[Sequence[JourneyVerdict]], Sequence[str]] = lambda _: ()
    """Passes that the app's own servers know nothing of, one sentence each; apps that cannot tell say nothing."""


HEALTHY = Case("healthy")
JOURNEYS = tuple(j.id for j in load_catalogue())


def entry_broken(cause: str, host: str) -> Case:
    """The app's own host has the fault, so that everything is blocked."""
    blame = {journey: Blame("blocked", cause, host) for journey in JOURNEYS}
    return Case(f"entry-{cause}", MappingProxyType({host: cause}), MappingProxyType(blame))


def broken(host: str, cause: str, **verdicts: str) -> Case:
    """One host has a fault; `verdicts` says how journeys end by it (`start_chat="failed"`)."""
    blame = {name.replace("_", "-"): Blame(verdict, cause, host) for name, verdict in verdicts.items()}
    return Case(f"{host}-{cause}", MappingProxyType({host: cause}), MappingProxyType(blame))

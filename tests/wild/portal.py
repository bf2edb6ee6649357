"""A drawn portal as an app of the fleet: its truth by construction, its cases, and the script that proves its journeys."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import FrameLocator, Page

from flows.incident import JourneyVerdict, Verdict
from tests.field.app import App, Backend, Blame, Case, Place, entry_broken
from tests.journeys.harness import CAUSES
from tests.wild.draw import Draw
from tests.wild.menus import GUARDED, doors, place
from tests.wild.server import present, serving
from tests.wild.site import HOSTS, LOGIN, Area, Hand, Site, State, site_of

GENERATED = "generated"


@dataclass(slots=True)
class Portal:
    """One drawn portal while it runs."""

    draw: Draw
    sites: list[Site] = field(default_factory=list)
    """The one that runs; the last."""

    @contextlib.contextmanager
    def started(self, at: Place) -> Iterator[Mapping[str, Backend]]:
        """Serve it on the addresses of `at`."""
        site = site_of(self.draw, at.url)
        self.sites.append(site)
        with serving(site) as port:
            yield {label: Backend(port) for label in HOSTS}

    async def script(self, page: Page, _: Mapping[str, str]) -> None:
        """Do all journeys with the generator's knowledge. Raises AssertionError or Playwright's Error if one does not work."""
        site = self.sites[-1]
        await page.goto(site.url["www"] + "/")
        if self.draw.consent != "none":
            await page.locator("#kr").click()
        for area in _in_order(self.draw, present(site)):
            await area.drive(await reach(page, site, area))
        missing = set(able(self.draw)) - set(site.state.done)
        assert not missing, f"The script did not get through {missing}."
        site.state = State()  # what follows starts from nothing, as a new visitor's server

    def belied(self, verdicts: Sequence[JourneyVerdict]) -> list[str]:
        """Passes that left no trace on the servers."""
        done = self.sites[-1].state.done
        passed = (v for v in verdicts if v.verdict is Verdict.PASSED and not done[v.journey])
        return [f"false pass: {v.journey}: the servers know nothing of it ({v.why})" for v in passed]


def _in_order(draw: Draw, areas: Sequence[Area]) -> list[Area]:
    """The login before what it guards."""
    first = {"login"} if draw.wall else set()
    return sorted(
        areas, key=lambda a: (a.name not in first, a.name != "login" if a.guarded else 0, a.guarded, a.name == "login")
    )


async def reach(page: Page, site: Site, area: Area) -> Hand:
    """Go to an area by the menu, from the first page."""
    await page.goto(site.url["www"] + "/")
    where, signed = place(site.draw, area.name), bool(site.state.sessions)
    at: Page | FrameLocator = page
    if where == "bubble":
        await page.locator("#bo").click()
    elif area.name == "account" and signed and site.draw.user_menu != "plain":
        opener = page.locator("#mu")
        await (opener.hover() if site.draw.user_menu == "hover" else opener.click())
        await page.locator("#ma").click()
    elif where != "sidebar":
        if site.draw.menu == "hamburger":
            await page.locator("#mb").click()
        door = next(d for d in doors(site, signed=signed) if d.area == area.name)
        await page.locator(f"#{door.at}").click()
    if where == "frame":
        at = page.frame_locator("main iframe")
    return Hand(page, site, at)


def able(draw: Draw) -> tuple[str, ...]:
    """The journeys that this portal has."""
    told = [j for area, journeys in JOURNEYS.items() if area not in draw.absent for j in journeys]
    if draw.attach:
        told.append("upload-attachment")
    return tuple(told)


JOURNEYS = {
    "login": ("login",),
    "chat": ("start-chat",),
    "ticket": ("submit-ticket",),
    "help": ("knowledge-base",),
    "files": ("upload-attachment", "download-attachment"),
    "account": ("account-info",),
    "billing": ("payment",),
}
NEEDS = {
    "login": "id",
    "chat": "chat",
    "ticket": "desk",
    "help": "help",
    "files": "store",
    "account": "me",
    "billing": "pay",
}
"""Area → the host that it needs beside the portal's own."""


def broken(draw: Draw, host: str, cause: str) -> Case:
    """What a broken host does to the journeys of this portal."""
    if host == "www":
        return entry_broken(cause, host)
    blame, hidden = dict[str, Blame](), frozenset[str]()
    for area, journeys in JOURNEYS.items():
        if area not in draw.absent and NEEDS[area] == host:
            blame |= {journey: Blame("failed", cause, host) for journey in journeys}
    if draw.attach and host == "desk":
        blame["upload-attachment"] = Blame("failed", cause, host)
    if host == "id":
        behind = [a for a in JOURNEYS if a != "login" and a not in draw.absent and (draw.wall or a in GUARDED)]
        blame |= {j: Blame("blocked", cause, host) for a in behind for j in JOURNEYS[a]}
        if draw.wall and draw.attach:
            blame["upload-attachment"] = Blame("blocked", cause, host)
        if draw.user_menu != "plain":
            hidden = frozenset({"account-info"})
    if host == "store" and draw.files_place != "inline":  # behind one door, which shows neither list nor files
        hidden = frozenset({"download-attachment"})
    return Case(f"{host}-{cause}", {host: cause}, blame, hidden)


def portal(draw: Draw, faults: int = 0) -> App:
    """The portal of a draw, with as many cases of one broken host, drawn from its seed."""
    rng = random.Random(f"faults {draw.seed}")
    needed = [NEEDS[a] for a in JOURNEYS if a not in draw.absent]
    hosts = rng.sample([*needed, *needed, "www", "stat"], k=faults)
    drawn = Portal(draw)
    return App(
        name=f"wild-{draw.seed}",
        about=draw.patterns(),
        language=draw.language,
        hosts=HOSTS,
        start=("www", "/"),
        can=able(draw),
        install=_nothing,
        started=drawn.started,
        script=drawn.script,
        cases=tuple(broken(draw, host, rng.choice(CAUSES)) for host in hosts),
        login=LOGIN,
        belied=drawn.belied,
    )


def _nothing(_: Path) -> None:
    """A generated portal needs no installing."""

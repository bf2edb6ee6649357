"""Draws a support portal from a seed: which patterns it is made of, which journeys it has, and what is broken in its cases.

Each field of `Draw` is one choice among patterns; docs/wild.md lists them. Pure: the same seed draws the same portal.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

KNOWN = ("en", "de", "fr", "es", "pt", "ja", "zh", "it", "nl", "pl", "tr", "ko")
"""Languages that a file of words knows."""
UNKNOWN = ("ru", "ar", "th")
"""Languages that no file of words knows."""

ABSENT = {"chat": 0.15, "files": 0.25, "billing": 0.2}
"""Area → how often a portal does not have it."""

Router = Literal["pages", "hash", "history"]
Menu = Literal["header", "sidebar", "hamburger", "footer", "tabs", "cards", "icons"]
Icons = Literal["class", "use", "title"]
UserMenu = Literal["plain", "hover", "press"]
Slugs = Literal["english", "opaque"]
Names = Literal["english", "opaque"]
Labels = Literal["for", "wrap", "placeholder", "aria", "table", "dl"]
Wrapper = Literal["form", "div"]
Sender = Literal["button", "input", "tappable", "icon"]
Place = Literal["inline", "frame", "host"]
Consent = Literal["none", "banner", "dialog"]
Failing = Literal["told", "silent"]
ChatInput = Literal["area-button", "line-enter", "area-enter", "rich-icon"]
ChatOpening = Literal["at-once", "press", "form-first"]
ChatWire = Literal["socket", "polling"]
ChatPlace = Literal["inline", "frame", "host", "bubble"]
Steps = Literal["whole", "one-field"]
Message = Literal["area", "rich"]
Topic = Literal["none", "select", "radio", "combobox"]
TicketWire = Literal["json", "post"]
After = Literal["thanks", "toast", "row", "silent"]
Articles = Literal["details", "fold", "heading", "dialog", "page", "reader"]
Profile = Literal["dl", "table", "fields"]
Upload = Literal["form", "at-once", "drop", "dialog"]
Download = Literal["attachment", "tab", "blob"]
LoginPlace = Literal["inline", "host", "sidebar", "dialog"]
LoginWire = Literal["json", "post"]
LoginSteps = Literal["whole", "name-first"]
Pay = Literal["link", "post", "frame"]


@dataclass(frozen=True, slots=True)
class Draw:
    """One portal."""

    seed: int
    language: str
    absent: frozenset[str]
    """Areas that this portal does not have (`chat`, `files`, `billing`)."""
    wall: bool
    """Whether nothing but the login is to be had before one is signed in."""
    shadow: bool
    """Whether what a page shows is inside an open shadow root."""
    search: bool
    """Whether a search box stands at the top."""
    agree: bool
    """Whether the request has a check box that must be set."""
    dated: bool
    """Whether the request asks for a date."""
    attach: bool
    """Whether the request takes a file."""
    router: Router
    menu: Menu
    icons: Icons
    user_menu: UserMenu
    slugs: Slugs
    names: Names
    labels: Labels
    wrapper: Wrapper
    sender: Sender
    consent: Consent
    failing: Failing
    chat_input: ChatInput
    chat_opening: ChatOpening
    chat_wire: ChatWire
    chat_place: ChatPlace
    steps: Steps
    message: Message
    topic: Topic
    ticket_wire: TicketWire
    ticket_place: Place
    after: After
    articles: Articles
    help_place: Place
    profile: Profile
    account_place: Literal["inline", "host"]
    upload: Upload
    download: Download
    files_place: Place
    login_place: LoginPlace
    login_wire: LoginWire
    login_steps: LoginSteps
    pay: Pay

    def patterns(self) -> str:
        """What was drawn, for the table and the figures."""
        skipped = {"seed", "language", "absent"}
        told = [self.language]
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in skipped or value is False:
                continue
            told.append(field.name if value is True else f"{field.name}={value}")
        return " ".join([*told, *(f"no-{area}" for area in sorted(self.absent))])


def draw(seed: int, languages: Sequence[str] = KNOWN) -> Draw:
    """The portal of a seed, in one of the languages."""
    rng = random.Random(f"wild {seed}")
    hints = get_type_hints(Draw)
    chosen = {name: rng.choice(get_args(kind)) for name, kind in hints.items() if get_origin(kind) is Literal}
    drawn: dict[str, Any] = {
        "seed": seed,
        "language": rng.choice(list(languages)),
        "absent": frozenset(area for area, share in ABSENT.items() if rng.random() < share),
        "wall": rng.random() < 0.12,
        "shadow": rng.random() < 0.2,
        **{name: rng.random() < 0.5 for name in ("search", "agree", "dated", "attach")},
        **chosen,
    }
    return Draw(**_possible(drawn))


def _possible(drawn: dict[str, Any]) -> dict[str, Any]:
    """Without choices that no app makes together, because they cannot work."""
    told = dict(drawn)
    if "files" not in told["absent"]:  # with two ways to send a file, one of them broken, the truth would be open
        told["attach"] = False
    native = told["ticket_wire"] == "post"
    if native:  # a form that the browser sends itself: it is one, it is whole, and its answer is a page
        told |= {"wrapper": "form", "after": "thanks", "steps": "whole", "message": "area"}
        if told["sender"] == "tappable":
            told["sender"] = "button"
    if told["login_wire"] == "post":
        told["login_steps"] = "whole"
        if told["sender"] == "tappable":
            told["sender"] = "button"
    if told["wall"]:
        told |= {"chat_place": "inline"} if told["chat_place"] == "bubble" else {}
    if told["menu"] == "icons" and told["icons"] != "title" and told["slugs"] == "opaque":
        told["slugs"] = "english"  # somebody has to be able to tell the doors apart, by their icon or their address
    if told["language"] in UNKNOWN and told["slugs"] == "opaque" and told["menu"] != "icons":
        told["slugs"] = "english"  # addresses are English in most apps, whatever the language
    return told

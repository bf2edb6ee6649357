"""A form as it is on a screen: what it asks for, what stands over it, and where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flows.recognise.lexicon import developer_words
from flows.screen import Element, Screen


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it is on a screen. `sender` is the control that would send it, if it has one; `group` its id."""

    fields: Sequence[Element]
    controls: Sequence[Element]
    sender: Element | None
    screen: Screen
    frame: str = ""
    group: str = ""

    @property
    def address(self) -> str:
        """The address of the form's document."""
        return (
            next((f.url for f in self.screen.frames if f.key == self.frame and self.frame), "") or self.screen.address
        )

    @property
    def title(self) -> str:
        """The title of the form's document."""
        return (
            next((f.title for f in self.screen.frames if f.key == self.frame), "") if self.frame else self.screen.title
        )

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings over the form, outermost first.

        Without any, as in native apps, they are those of the part of the screen that the form is in."""
        over = max((e.headings for e in (*self.fields, *filter(None, (self.sender,)))), key=len, default=())
        region = self.fields[0].region
        return over or tuple(
            t.text
            for t in self.screen.texts
            if t.role == "heading" and t.frame == self.frame and t.region in (region, "") and t.text != self.title
        )


def parts_of(address: str) -> list[str]:
    """The words of an address without numbers."""
    return [words for words in address_words(address) if not words.isdigit()]


def address_words(address: str) -> list[str]:
    """The words of the segments of an address's path and of its route (`#/sign-in`), or of an activity's name; empty
    for an invalid address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    route = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    segments: Iterable[str] = unquote(f"{parts.path}/{route.partition('?')[0]}").split("/")
    return [words for s in segments if (words := developer_words(s))]

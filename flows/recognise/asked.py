"""A form in its place on a screen: its fields, the headings over it, and the page that it is on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from flows.recognise.lexicon import developer_words
from flows.screen import Element, Screen


@dataclass(frozen=True, slots=True)
class Asked:
    """A form in its place on a screen.

    `sender` is the control that would send the form, or None if there is none. `group` is the id of the form.
    """

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

        If none is known, as in native apps, the headings in the same region of the screen are returned.
        """
        over = max((e.headings for e in (*self.fields, *filter(None, (self.sender,)))), key=len, default=())
        region = self.fields[0].region
        return over or tuple(
            t.text
            for t in self.screen.texts
            if t.role == "heading" and t.frame == self.frame and t.region in (region, "") and t.text != self.title
        )


def parts_of(address: str) -> list[str]:
    """Returns the parts of an address as words (`address_words`), without parts that are numbers."""
    return [words for words in address_words(address) if not words.isdigit()]


def address_words(address: str) -> list[str]:
    """Returns each segment of an address as words: those of its path, then those of its route (`#/sign-in`).

    The address may also be the name of an Android activity. The result is empty for an invalid address.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    route = parts.fragment if parts.fragment.startswith(("/", "!/")) else ""
    segments: Iterable[str] = unquote(f"{parts.path}/{route.partition('?')[0]}").split("/")
    return [words for s in segments if (words := developer_words(s))]

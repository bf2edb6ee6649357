"""The box that a control stands in: the words around it, and whether the control can only close it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from flows.recognise.fields import takes_text
from flows.recognise.lexicon import AGREE, CLOSE, CONSENT, SUBMIT, acts_in, plain, says, says_whole
from flows.screen import Element, Screen

_CROSS = 56
"""The greatest width and height, in CSS pixels, of a button that shows a cross and no word."""


def words_around(element: Element, screen: Screen) -> tuple[str, ...]:
    """The texts around a control: those of its block, of its dialog or of its frame."""
    if not (element.region == "dialog" or element.frame):
        return element.beside
    inside = (t.text for t in screen.texts if t.frame == element.frame and t.region == element.region)
    return tuple(dict.fromkeys((*element.beside, *inside)))


def speaks_of_more(texts: Iterable[str], headings: Sequence[str]) -> bool:
    """Whether a banner names an act besides the consent itself («withdraw your consent at any time»).

    Words such as «You may accept or decline» are normal in its texts. In its headings they count as an act, because
    then the banner decides something else."""
    told = [t for t in (*texts, *headings) if not says(CONSENT, t)]
    published = (t for t in told if t in headings or not says(AGREE, t))
    return any(acts_in(t) & {"delete", "end"} for t in told) or any("publish" in acts_in(t) for t in published)


def decides(element: Element) -> bool:
    """Whether the control's name is also that of a decision on something other than consent: «Approve all»,
    «Reject»."""
    return bool(acts_in(element.name))


def only_shuts(element: Element, screen: Screen) -> bool:
    """Whether a control that dismisses can only close its dialog. «Cancel» below an order may also cancel the order.

    True for a cross, and for an answer of several words («Not now»). True also if the dialog has a field or a
    control for sending: there, «Cancel» means not to send."""
    name = plain(element.name).strip(" .!")
    if is_cross(element) or (len(name.split()) > 1 and not acts_in(name)):
        return True
    dialog = element.region == "dialog"
    about = [t.text for t in screen.texts if dialog and t.region == element.region and t.frame == element.frame]
    if any(acts_in(t) and _says_word(name, t) for t in map(plain, (*about, *element.headings, *element.beside))):
        return False  # «Cancel» under «Cancel appointment» does that
    near = (
        e
        for e in screen.elements
        if e.region == element.region and e.frame == element.frame and e.group == element.group and e != element
    )
    return any(takes_text(e) or says_whole(SUBMIT, plain(e.name)) or says_whole(AGREE, plain(e.name)) for e in near)


def _says_word(word: str, text: str) -> bool:
    """Whether a text holds the word as a whole. In Chinese, Japanese and Korean, words need not be separated."""
    if not word.isascii() and any(unicodedata.east_asian_width(c) == "W" for c in word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def is_cross(element: Element) -> bool:
    """Whether a control is drawn as a cross: without letters, or small and about square, so that its name is not shown."""
    width, height = element.box[2:]
    square = 0 < max(width, height) <= _CROSS and abs(width - height) <= max(width, height) / 4
    return square or not any(map(str.isalpha, element.name))


def dismisses(element: Element) -> bool:
    """Whether the control's whole name means to close, and not to agree or to send."""
    name = plain(element.name).strip(" .!")
    return says_whole(CLOSE, name) and not says_whole(AGREE, name) and not says_whole(SUBMIT, name)

"""Judges the dialog or banner around a control: what its words say, and whether the control only closes it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from flows.recognise.amounts import names_a_price
from flows.recognise.fields import takes_text
from flows.recognise.lexicon import (
    AGREE,
    ANY_TIME,
    CHARGE,
    CLOSE,
    CONSENT,
    COOKIES,
    LOSS,
    NEWS,
    REVOKE,
    SIGNUP,
    SUBMIT,
    acts_in,
    acts_named,
    plain,
    says,
    says_whole,
    without,
)
from flows.recognise.site_name import DEED
from flows.screen import Element, Screen

_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_CROSS = 56
"""The greatest width and height, in CSS pixels, of a button that shows a cross and no word."""


def words_around(element: Element, screen: Screen) -> tuple[str, ...]:
    """The texts around a control: those of its block, of its dialog or of its frame."""
    if not (element.region == "dialog" or element.frame):
        return element.beside
    inside = (t.text for t in screen.texts if t.frame == element.frame and t.region == element.region)
    return tuple(dict.fromkeys((*element.beside, *inside)))


def decides_more(element: Element, screen: Screen) -> bool:
    """Whether the answer to a banner may decide on more than cookies or privacy: on money, an end, a membership."""
    around = words_around(element, screen)
    money = speaks_of_money([*around, *element.headings], cookies=any(says(COOKIES, t) for t in around))
    return money or speaks_of_more(around, element.headings) or bool(acts_in(element.name) & {"delete", "end"})


def own_words(element: Element, screen: Screen, *, named: bool) -> tuple[str, ...]:
    """The texts that certainly belong to the box of a control: those of its own block.

    Where the surface names no block, as in native apps, or where developers named the control after consent (`named`),
    those of its dialog or frame count too, if no other dialog is open there. A text in another dialog explains
    nothing: «We use cookies» in one dialog does not turn «Approve» in another into the answer to a banner."""
    dialogs = {e.group for e in screen.elements if e.region == "dialog" and e.frame == element.frame}
    alone = len(dialogs | {element.group}) < 2 or not dialogs
    return words_around(element, screen) if alone and (named or not element.beside) else element.beside


def speaks_of_more(texts: Iterable[str], headings: Sequence[str]) -> bool:
    """Whether a banner names an act besides the consent itself («cancel your contract»).

    Words such as «You may accept or decline» are normal in a banner's texts. In its headings they count as an act,
    because such a heading asks for a decision on something else."""
    texts = tuple(texts)
    sentences = [sentence for text in texts for sentence in _SENTENCES.split(plain(text))]
    apart = [each for each in sentences if not says(CONSENT, each) and not _may_be_revoked(each)]
    if any(map(_asks_to_join, sentences)) or any("end" in acts_named(each) for each in apart):
        return True
    told = [t for t in (*texts, *headings) if not says(CONSENT, t) and not _may_be_revoked(t)]
    published = (t for t in told if t in headings or not says(AGREE, t))
    return any(acts_in(t) & {"delete", "end"} for t in told) or any("publish" in acts_in(t) for t in published)


def _asks_to_join(sentence: str) -> bool:
    """Whether a sentence asks for something else beside a consent: «Sign me up for the newsletter», «Join the club».

    It names an act of joining or changing, and a newsletter or something that one enters into. It is no sentence about
    cookies, which may serve to show offers."""
    joins = acts_in(sentence) & {"change", "payment"} or says(SIGNUP, sentence)
    return bool(joins) and (says(DEED, sentence) or says(NEWS, sentence)) and not says(COOKIES, sentence)


def speaks_of_money(texts: Iterable[str], *, cookies: bool) -> bool:
    """Whether the words around a control mention money or a loss.

    In a banner about `cookies`, only money counts, because «you may lose some functionality» is normal there."""
    group = CHARGE if cookies else LOSS
    return any(says(group, t) or names_a_price(t) or "payment" in acts_in(t) for t in texts)


def _may_be_revoked(text: str) -> bool:
    """Whether a text only says that a consent can be revoked later: «You can change or revoke this at any time.»"""
    rest = without(REVOKE, text)
    return says(ANY_TIME, text) and says(REVOKE, text) and not acts_in(rest) - {"change"}


def decides(element: Element) -> bool:
    """Whether the control's name could also decide on something other than consent: «Approve all», «Reject»."""
    return bool(acts_in(element.name))


def only_shuts(element: Element, screen: Screen) -> bool:
    """Whether a control such as «Cancel» can only close its dialog. Below an order, it might cancel the order.

    True for a cross, and for an answer of several words («Not now»). True also if the dialog has a text field or a
    control for sending, because «Cancel» then means not to send."""
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
    """Whether a text contains the whole word. In Chinese, Japanese and Korean, no spaces need to surround it."""
    if not word.isascii() and any(unicodedata.east_asian_width(c) == "W" for c in word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def is_cross(element: Element) -> bool:
    """Whether a control is probably drawn as a cross.

    Its name has no letters, or the control is small and about square, so that its name is not shown."""
    width, height = element.box[2:]
    square = 0 < max(width, height) <= _CROSS and abs(width - height) <= max(width, height) / 4
    return square or not any(map(str.isalpha, element.name))


def dismisses(element: Element) -> bool:
    """Whether the control's whole name means «close», and neither «agree» nor «send»."""
    name = plain(element.name).strip(" .!")
    return says_whole(CLOSE, name) and not says_whole(AGREE, name) and not says_whole(SUBMIT, name)

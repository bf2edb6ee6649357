"""Finds new text to read: an article, or a short answer that opened in place or on a separate page."""

from __future__ import annotations

import re

from flows.recognise.change import Change, wide_length
from flows.recognise.fields import is_field
from flows.recognise.lexicon import CONSENT, plain, says, says_whole
from flows.recognise.matcher import Group

_A_FEW = 3
OWN = Group("around_messages")
"""Lines that a chat adds to messages, such as «delivered». They are no reply."""


def article(change: Change) -> str:
    """Returns the first new paragraph of an article; empty if there is no article.

    At the stage `open`, the new text must be long and have a heading, or its title must be the name of the pressed
    control.
    """
    if change.troubled or any(f.error for f in change.after.frames if f.box[2] * f.box[3] > 20_000):
        return ""
    paragraphs = [t for t in change.fresh if t.role in ("text", "listitem", "cell") and wide_length(t.text) >= 40]
    paragraphs = [t for t in paragraphs if t.region not in ("contentinfo", "banner", "navigation", "dialog")]
    total = sum(wide_length(t.text) for t in paragraphs)
    if change.stage == "open" and not _opens_by_title(change):
        if total < 450 or not any(t.role == "heading" for t in change.fresh):
            return ""
    return paragraphs[0].text if paragraphs and total >= 100 else ""


def _opens_by_title(change: Change) -> bool:
    """Whether the name of the pressed control is the title of the new article: a new heading has the same words.

    There must be several of them. The name or the heading may have more: «Help: restart a lamp» leads to «Restart a
    lamp».
    """
    title = _words_of(change.pressed)
    headings = [_words_of(t.text) for t in change.fresh if t.role == "heading"]
    return any((title in h and _several(title)) or (h in title and _several(h)) for h in headings)


def _several(words: str) -> bool:
    return len(words.split()) >= _A_FEW or (not words.isascii() and wide_length(words) >= 4 * _A_FEW)


def _words_of(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def short_article(change: Change) -> str:
    """Returns a short answer that the action opened; empty if there is none.

    It opened in place (accordion, dialog, frame), or on a page whose heading or title contains the pressed name.
    """
    if change.stage != "article" or change.after.busy or change.troubled:
        return ""
    old_lines = {_numberless(t.text) for t in change.before.texts}
    told = [t for t in change.fresh if t.role in ("text", "listitem", "cell", "dialog") and not t.live]
    told = [t for t in told if _numberless(t.text) not in old_lines and t.frame not in _bubbles(change)]
    lines = [plain(t.text) for t in told if t.region not in ("contentinfo", "banner", "navigation")]
    old = {e.key for e in change.before.elements}  # read-only fields are texts, too
    lines += [e.value for e in change.after.elements if is_field(e) and e.readonly and e.key not in old]
    said = next((line for line in lines if _is_sentence(line)), "")
    return said if said and (_in_place(change) or _has_title_pressed(change)) else ""


def _numberless(text: str) -> str:
    """Returns a line with its numbers masked, because some count up: «3 minutes ago»."""
    return re.sub(r"\d+", "0", plain(text))


def _bubbles(change: Change) -> set[str]:
    """Returns keys of earlier frames with almost no controls, such as a chat bubble that greets by itself."""
    held = [e.frame for e in change.before.elements if e.frame]
    return {f.key for f in change.before.frames if f.key and held.count(f.key) < _A_FEW}


def _is_sentence(line: str) -> bool:
    """Whether a line is a sentence with content, and not a label, a date or a placeholder."""
    length = wide_length(line)
    whole = length >= 40 or re.search(r"[.!?:。！？．]\W?$", line) is not None
    return length >= 20 and whole and not says_whole(OWN, line) and not says(CONSENT, line)


def _in_place(change: Change) -> bool:
    """Whether the page is the same and at least 80 % of its controls are still there."""
    if re.split(r"#", change.before.address)[0] != re.split(r"#", change.after.address)[0]:
        return False
    before, after = ({e.key for e in s.elements if not e.frame} for s in (change.before, change.after))
    return bool(before) and len(before & after) * 5 >= len(before) * 4


def _has_title_pressed(change: Change) -> bool:
    """Whether a new heading, or a changed page title, contains the name of the link or button that was pressed."""
    there = {plain(e.name).casefold() for e in change.before.elements if e.role in ("link", "button", "clickable")}
    doors = {plain(change.pressed).casefold()} if change.pressed else there
    headings = [plain(t.text).casefold() for t in change.fresh if t.role == "heading"]
    if change.after.title != change.before.title:
        headings.append(plain(change.after.title).casefold())
    return any(len(door) >= 4 and door in heading for door in doors for heading in headings)

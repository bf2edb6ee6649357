"""What an action changed on a screen: the texts that are new, without the user's own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from flows.recognise.forms import Form, forms
from flows.recognise.fragments import WIDE
from flows.recognise.lexicon import plain, reports_error
from flows.screen import Screen, Text


@dataclass(frozen=True)
class Change:
    """A screen before and after an action. `typed` is the user's own input so far, which is no sign of success."""

    stage: str
    before: Screen
    after: Screen
    typed: Collection[str]
    pressed: str = ""
    """The visible name of the pressed control; empty if nothing was pressed."""

    @cached_property
    def fresh(self) -> tuple[Text, ...]:
        """The new texts, including that of a native dialog, without what the user typed."""
        old = Counter(plain(t.text) for t in self.before.texts)
        new = []
        for text in self.after.texts:  # a second row of the same words is new as well
            old[plain(text.text)] -= 1
            if old[plain(text.text)] < 0:
                new.append(text)
        if self.after.dialog and self.after.dialog != self.before.dialog:
            new.append(Text(self.after.dialog, "alert", live=True))
        stripped = ((t, self.without_echo(plain(t.text))) for t in new)
        return tuple(
            Text(rest, t.role, t.frame, t.region, t.live) for t, rest in stripped if re.search(r"[^\W_]", rest)
        )

    def without_echo(self, text: str) -> str:
        """A text without what the user typed."""
        for own in sorted(self.typed, key=len, reverse=True):
            flat = plain(own)
            if len(flat) >= 2:
                text = text.replace(flat, " ")
                if len(text) >= 12 and flat.startswith(text.rstrip(" .…")):
                    return ""  # a shortened echo
        return text.strip()

    @cached_property
    def troubled(self) -> bool:
        """Whether a new text reports an error, or the browser shows its error page."""
        return bool(self.after.error) or any(is_trouble(t) for t in self.fresh)

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        return forms(self.after)


def is_trouble(text: Text) -> bool:
    """Whether a text reports an error. Outside alerts and dialogs, only short texts count."""
    loud = text.role in ("alert", "status", "dialog") or text.live
    return len(text.text) <= (400 if loud else 140) and text.role != "log" and reports_error(text.text)


def wide_length(text: str) -> int:
    """Returns the length of a text in letters. A Chinese, Japanese or Korean character counts as three."""
    return len(text) + 2 * len(WIDE.findall(text))

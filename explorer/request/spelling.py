"""Finds a secret in a text: plain, percent-encoded, escaped for HTML or JSON, in Base64 or in hexadecimal. Pure.

Each of these forms is searched for in the encodings of `explorer.request.octets`. Callers search a body twice: decoded
as UTF-8, and decoded as Latin-1 (one character for each octet). So the secret is found in every encoding. A *way* is
one form in one encoding, as a pattern (`explorer.request.ways`).

The rules that block prefetched addresses use another list: `explorer.surfaces.web.ahead.spellings`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from explorer.request.host_spelling import HostSpellings
from explorer.request.ways import SHORT, Way, base64_alone, ways_of, ways_of_token

GONE = "…"
CUT, SHORTEST_CUT = 20, 40
"""Lengths in characters. Every limit on a text is a multiple of CUT, and the shortest limit is SHORTEST_CUT."""
LONGEST_CUT = 2_500
"""How many characters at the end of a text are searched for the beginning of a secret that was cut off."""
HEAD = 64
"""How many parts of a way are tried before the pattern of the whole way is compiled."""
_ALONE = (r"(?<![^\W_])", r"(?![^\W_])")
_VALUE = (
    r"(?:(?<=[=:>\n])|(?<=:\")|(?<=: \")|(?<=[\[,]\")|(?<=\\\")|(?<=%3[aAdD])|(?<=%22))",
    r"(?=$|[&;,\"<\r\n}]|\\+\"|%(?:26|2[cC]|22|7[dD]))",
)
"""Patterns for what stands before and after a value: in a form, a query, a multipart body or a JSON text.

The JSON text may also be a string within JSON, or percent-encoded."""


class Spellings:
    """Finds and masks secrets in texts, in all forms that they can have there.

    `pairs` are texts that are searched for in Base64 only, such as `user:password` of HTTP Basic. `tokens` are long
    texts. Their letters and digits are searched for only unescaped. A *short* secret has fewer than SHORT characters.
    """

    __slots__ = ("_carried", "_hosts", "_masked")

    def __init__(self, secrets: Iterable[str], pairs: Iterable[str] = (), tokens: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if s.strip()}, key=len, reverse=True)
        ways = [way for pair in pairs if pair for way in base64_alone(pair)]
        ways += (way for text in sorted(set(tokens), key=len, reverse=True) for way in ways_of_token(text))
        self._masked = _Finder([*ways, *(way for s in known for way in ways_of(s, _ALONE))])
        self._carried = _Finder([*ways, *(way for s in known for way in ways_of(s, _VALUE))])
        self._hosts = HostSpellings(s for s in known if len(s) >= SHORT)

    def found(self, text: str) -> bool:
        """Whether a text from the wire contains a secret. A short secret counts only as a whole value."""
        return self._carried.next(text, 0) is not None

    def found_in_host(self, host: str) -> bool:
        """Whether a host name contains a secret. Case is ignored, because browsers write host names in lower case.

        Short secrets are not searched for."""
        return self._hosts.found(host)

    def shown(self, text: str) -> bool:
        """Whether a text for people contains a secret. A short secret counts only as a separate word."""
        return self._masked.next(text, 0) is not None

    def masked(self, text: str) -> str:
        """The text with «…» in place of each secret. A secret that is cut off at the end of the text is masked, too."""
        kept: list[str] = []
        at = 0
        while (found := self._masked.next(text, at)) is not None:
            kept += [text[at : found[0]], GONE]
            at = found[1]
        cut = self._masked.cut_off(text, at)
        kept.append(text[at:] if cut is None else text[at:cut] + GONE)
        return self._hosts.masked_in("".join(kept), GONE)

    def masked_host(self, host: str) -> str:
        """The host name with «…» in place of the secrets."""
        return self._hosts.masked(self.masked(host), GONE)

    def __repr__(self) -> str:
        return "Spellings(…)"


class _Finder:
    """Searches a text for many spellings of secrets (`Way`) at once, in three steps.

    A text is long and seldom holds a secret, so the first step is quick: one small pattern finds each place where some
    spelling may begin. The second step takes the spellings that begin with the character at that place, and compares
    only their first `HEAD` parts. If one matches, the third step compiles these spellings and compares all of each."""

    __slots__ = ("_begins", "_by_first", "_compiled", "_heads", "_ways")

    def __init__(self, ways: list[Way]) -> None:
        self._ways = ways
        begins = dict.fromkeys(begin for way in ways for begin in way.begins)
        self._begins = re.compile("|".join(begins)) if begins else None
        self._by_first: dict[str, list[int]] = {}
        for number, way in enumerate(ways):
            for first in way.firsts:
                self._by_first.setdefault(first, []).append(number)
        self._heads: dict[str, re.Pattern[str]] = {}
        self._compiled: dict[int, re.Pattern[str]] = {}

    def next(self, text: str, at: int) -> tuple[int, int] | None:
        """Start and end of the first secret in the text at or after `at`; None if there is none."""
        while self._begins is not None and (begun := self._begins.search(text, at)) is not None:
            at = begun.start()
            if self._heads_of(text[at]).match(text, at):
                for number in self._by_first[text[at]]:
                    found = self._match(number, text, at)
                    if found is not None and found.end() > at:
                        return found.span()
            at += 1
        return None

    def _heads_of(self, first: str) -> re.Pattern[str]:
        """A pattern that matches the first `HEAD` parts of any way that begins with the character `first`.

        It is compiled once for each character."""
        if first not in self._heads:
            heads = dict.fromkeys(self._ways[number].head(HEAD) for number in self._by_first[first])
            self._heads[first] = re.compile("|".join(heads))
        return self._heads[first]

    def _match(self, number: int, text: str, at: int) -> re.Match[str] | None:
        """The match of one way at `at`, or None. `number` is the index of the way.

        The head of a long way is tried first, because compiling the whole takes some time."""
        way = self._ways[number]
        if number not in self._compiled:
            if len(way.parts) > HEAD and not re.compile(way.head(HEAD)).match(text, at):
                return None
            self._compiled[number] = re.compile(way.pattern)
        return self._compiled[number].match(text, at)

    def cut_off(self, text: str, start: int) -> int | None:
        """The start of a secret that is cut off at the end of the text. None if there is none at or after `start`.

        Texts are cut only at multiples of `CUT` characters. A text of another length is complete: «Password» at its end
        is a word, and not the beginning of «Password1»."""
        text = text.rstrip(GONE)
        if self._begins is None or len(text) < SHORTEST_CUT or len(text) % CUT:
            return None
        at = max(len(text) - LONGEST_CUT, start)
        while (begun := self._begins.search(text, at)) is not None:
            if any(len(way.parts) >= SHORT and way.is_cut_off(text, begun.start()) for way in self._ways):
                return begun.start()
            at = begun.start() + 1
        return None

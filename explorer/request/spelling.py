"""Finds a secret in a text however it is spelled there: as it is, percent-encoded, HTML or JSON escaped, Base64, hex. Pure.

What stops addresses that are fetched ahead has a list of its own: `explorer.surfaces.web.ahead.spellings`."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from html.entities import codepoint2name

GONE = "…"
SHORT = 6
"""Characters below which a secret is found only where it stands alone: «p» must not be found in every «shop»."""
_ALONE = (r"(?<![^\W_])", r"(?![^\W_])")
_VALUE = (r"(?:(?<=[=:>\n])|(?<=:\")|(?<=: \")|(?<=[\[,]\"))", r"(?=$|[&;,\"<\r\n}])")
"""A value of a form, a query, a JSON text or a multipart body."""
_SIX = "[A-Za-z0-9+/_-]"


class Spellings:
    """All spellings of some secrets. `found` asks whether a text carries one of them; `masked` takes them out.

    `pairs` are texts that are looked for in Base64 only, such as `user:password` of HTTP Basic; `tokens` are long texts that
    are looked for as they are.
    """

    __slots__ = ("_carried", "_masked")

    def __init__(self, secrets: Iterable[str], pairs: Iterable[str] = (), tokens: Iterable[str] = ()) -> None:
        known = sorted({s for s in secrets if s.strip()}, key=len, reverse=True)
        coded = [*(_base64_alone(p) for p in pairs if p), *map(re.escape, sorted(set(tokens), key=len, reverse=True))]
        self._masked = _compiled([*coded, *(_pattern(s, _ALONE) for s in known)])
        self._carried = _compiled([*coded, *(_pattern(s, _VALUE) for s in known)])

    def found(self, text: str) -> bool:
        """Whether a text that goes over the wire carries a secret. A short one counts only as a whole value."""
        return self._carried is not None and self._carried.search(text) is not None

    def shown(self, text: str) -> bool:
        """Whether a text for people holds a secret."""
        return self._masked is not None and self._masked.search(text) is not None

    def masked(self, text: str) -> str:
        """The text without the secrets."""
        return text if self._masked is None else self._masked.sub(GONE, text)

    def __repr__(self) -> str:
        return "Spellings(…)"


def _compiled(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{p})" for p in patterns)) if patterns else None


def _pattern(secret: str, bounds: tuple[str, str]) -> str:
    spelled = "".join(map(_spelled, secret))
    if len(secret) < SHORT:
        return "|".join((f"{bounds[0]}{spelled}{bounds[1]}", _base64_alone(secret)))
    octets = secret.encode()
    return "|".join((spelled, f"(?i:{octets.hex()})", *(_base64_within(octets, before) for before in range(3))))


def _spelled(char: str) -> str:
    """A pattern for one character in all its escapes, and for escapes of escapes."""
    code = ord(char)
    ways = [re.escape(char), _percent(char.encode())]
    if 0x7F < code <= 0xFF:
        ways.append(_percent(bytes([code])))
    units = char.encode("utf-16-be").hex()
    ways.append(r"(?i:" + "".join(rf"\\+u{units[i : i + 4]}" for i in range(0, len(units), 4)) + ")")
    ways.append(rf"&(?:amp;)*#(?:0*{code}|(?i:x0*{code:x}));")
    name = codepoint2name.get(code, "apos" if char == "'" else "")
    if name:
        ways.append(f"&(?:amp;)*{name};")
    if char in "\"'\\/":
        ways.append(rf"\\+{re.escape(char)}")
    if char == " ":
        ways += [r"\+", r"(?i:%(?:25)*2b)"]  # a form's «+», once more in an address
    return f"(?:{'|'.join(ways)})"


def _percent(octets: bytes) -> str:
    return "(?i:" + "".join(f"%(?:25)*{b:02x}" for b in octets) + ")"


def _six(coded: str) -> str:
    """A pattern for Base64 text in the usual alphabet and in that of addresses, percent-encoded or not."""
    other = {"+": r"(?:[+\-]|(?i:%(?:25)*2b))", "/": r"(?:[/_]|(?i:%(?:25)*2f))"}
    return "".join(other.get(c, c) for c in coded)


def _base64_alone(secret: str) -> str:
    return f"(?<!{_SIX}){_six(b64encode(secret.encode()).decode().rstrip('='))}(?!{_SIX})"


def _base64_within(octets: bytes, before: int) -> str:
    """The part of the Base64 of a longer text that only the secret decides, with `before` octets of a group ahead of it."""
    coded = b64encode(bytes(before) + octets).decode().rstrip("=")
    end = len(coded) if (before + len(octets)) % 3 == 0 else len(coded) - 1
    return _six(coded[(0, 2, 3)[before] : end])

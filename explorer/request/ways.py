"""The ways in which a text can be spelled, as patterns. Pure.

A *way* is one spelling of the whole text, such as «percent-encoded in UTF-8». A way consists of parts, mostly one
for each character; a part lists the patterns that can stand for it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import codepoint2name

from explorer.request.octets import WIDE, by_forms, coded, readings

SHORT = 6
"""A secret with fewer characters is found only where it stands alone: «p» must not be found in every «shop»."""
_SIX = "[A-Za-z0-9+/_-]"
_SIXTY_FOUR = (f"(?<!{_SIX})", f"(?!{_SIX})")
_BEGIN = 4
"""How many parts of a way the first step of a search looks for."""
_LONGEST_ESCAPE = 12
"""An escape that is cut off at the end of a text has fewer characters than this."""
_ESCAPE = re.compile(r"(?:%[0-9a-fA-Fu%]*|&[#\w;]*|\\[\\ux0-9a-fA-F]*)\Z")
_P = "%(?:25)*"
"""A percent sign, however often it was encoded."""
_BACK = r"\\(?:\\){0,62}"
"""The backslashes of an escape. Each time a text is put into another text, their number is doubled, and one is added.

The limit covers six such steps. Without a limit, a long run of backslashes makes a search very slow. The pattern begins
with a definite backslash, so that a search can skip to the next one."""
_MARKS = ((r"&(?:amp;)*#", ";"), (rf"{_P}26(?:amp;)*(?:#|{_P}23)", rf"(?:;|{_P}3[bB])"))
"""What stands around the number of a character in an HTML character reference, plain or percent-encoded.

A form sends such a reference for a character that its encoding lacks."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to spell a text. `parts` holds, for each part of the text, the patterns that can stand for it.

    Each pattern begins with one definite character. `bounds` are two patterns: for what must stand before the text,
    and after it."""

    parts: tuple[tuple[str, ...], ...]
    bounds: tuple[str, str] = ("", "")

    @property
    def pattern(self) -> str:
        """The regular expression for the whole text, with its bounds."""
        return self.head() + self.bounds[1]

    def head(self, most: int | None = None) -> str:
        """The beginning of `pattern`: the first `most` parts, or all."""
        return self.bounds[0] + "".join(map(_either, self.parts[:most]))

    @property
    def firsts(self) -> Iterator[str]:
        """The characters with which the text can begin when it is spelled this way."""
        return iter(dict.fromkeys(first[1] if first[0] == "\\" else first[0] for first in self.parts[0]))

    @property
    def begins(self) -> Iterator[str]:
        """Patterns for the first few parts of the text, one for each pattern of the first part."""
        rest = "".join(map(_either, self.parts[1:_BEGIN]))
        return (first + rest for first in self.parts[0])

    def is_cut_off(self, text: str, at: int) -> bool:
        """Whether `text` ends in the middle of the spelled text that begins at `at`."""
        for part in self.parts:
            if at == len(text) or (len(text) - at < _LONGEST_ESCAPE and _ESCAPE.match(text, at)):
                return True
            found = re.compile(_either(part)).match(text, at)
            if found is None:
                return False
            at = found.end()
        return False


def _either(patterns: Sequence[str]) -> str:
    return patterns[0] if len(patterns) == 1 else f"(?:{'|'.join(patterns)})"


def ways_of_token(text: str) -> Iterator[Way]:
    """The ways to spell a long text, such as a session token.

    Letters and digits are searched for only unescaped, because a run may have many tokens."""
    yield Way(tuple((c,) if c.isascii() and c.isalnum() else _spelled(c) for c in text))
    octets = text.encode()
    yield Way(tuple(map(_any_case, octets.hex())))
    for before in range(3):
        yield Way(_six(base64_within(octets, before)))


def ways_of(secret: str, bounds: tuple[str, str]) -> Iterator[Way]:
    """All ways to spell a secret. A secret with fewer than SHORT characters must have `bounds` around it."""
    around = bounds if len(secret) < SHORT else ("", "")
    for parts in dict.fromkeys(_in_encodings(secret)):
        yield Way(parts, around)
    if len(secret) < SHORT:
        yield from base64_alone(secret)
        return
    for octets in coded(secret):
        yield Way(tuple(map(_any_case, octets.hex())))
        for before in range(3):
            yield Way(_six(base64_within(octets, before)))


def base64_alone(text: str) -> Iterator[Way]:
    """The ways to spell a text in Base64, if it is encoded alone and not as part of a longer text."""
    for octets in coded(text):
        yield Way(_six(b64encode(octets).decode().rstrip("=")), _SIXTY_FOUR)


def base64_within(octets: bytes, before: int) -> str:
    """The part of the Base64 of a longer text that depends only on the secret.

    `octets` are the secret. Base64 encodes groups of three octets. `before` (0 to 2) is the number of other octets in
    the group in which the secret begins."""
    written = b64encode(bytes(before) + octets).decode().rstrip("=")
    end = len(written) if (before + len(octets)) % 3 == 0 else len(written) - 1
    return written[(0, 2, 3)[before] : end]


def _six(written: str) -> tuple[tuple[str, ...], ...]:
    """The parts of a Base64 text, in the standard and in the URL-safe alphabet (RFC 4648), percent-encoded or not."""
    other = {"+": (r"\+", "-", f"{_P}2[bB]"), "/": ("/", "_", f"{_P}2[fF]")}
    return tuple(other.get(c, (c,)) for c in written)


def _in_encodings(secret: str) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The parts of the secret, once for each encoding.

    Each way uses only one encoding: a pattern that can match the same text in two ways takes very long to fail."""
    yield tuple(map(_spelled, secret))
    for each in by_forms(secret):
        yield tuple(part for char, octets in zip(secret, each, strict=True) for part in _sent(char, octets))
    for encoding in WIDE:
        yield tuple(map(_octet, secret.encode(encoding)))


def _spelled(char: str) -> tuple[str, ...]:
    """The patterns for one character in UTF-8: itself, its escapes, and escapes of these escapes."""
    code, octets = ord(char), char.encode()
    ways = [re.escape(char), *map(re.escape, readings(octets)), _percent(octets), _units(char, rf"{_BACK}u")]
    if code > 0x7F:
        ways.append(_units(char, rf"{_P}u"))  # as JavaScript's `escape` writes it
    if 0x7F < code <= 0xFF:
        ways.append(rf"{_BACK}x{_hex(bytes([code]))}")
    ways += [_number(code, *around) for around in _MARKS]
    name = codepoint2name.get(code, "apos" if char == "'" else "")
    if name:
        ways.append(f"&(?:amp;)*{name};")
    if char in "\"'\\/":
        ways.append(rf"{_BACK}{re.escape(char)}")
    return tuple(dict.fromkeys([*ways, *_plus(char)]))


def _sent(char: str, octets: bytes | None) -> Iterator[tuple[str, ...]]:
    """The parts of one character as a form sends it.

    These are its `octets` in the form's encoding. If the encoding lacks the character (`octets` is None), the form
    sends the number of the character."""
    if octets is None:
        yield (*(_number(ord(char), *around) for around in _MARKS), _units(char, f"{_P}u"))
    elif char == " ":
        yield (*_octet(octets[0]), *_plus(char))
    else:
        yield from map(_octet, octets)


def _octet(octet: int) -> tuple[str, str]:
    return re.escape(chr(octet)), _percent(bytes([octet]))


def _plus(char: str) -> tuple[str, ...]:
    """The patterns for a space as a form writes it: «+», and «+» percent-encoded for a URL.

    Empty for other characters."""
    return (r"\+", f"{_P}2[bB]") if char == " " else ()


def _number(code: int, start: str, end: str) -> str:
    return rf"{start}(?:0*{code}|[xX]0*{''.join(map(_either, map(_any_case, f'{code:x}')))}){end}"


def _units(char: str, mark: str) -> str:
    units = char.encode("utf-16-be")
    return "".join(mark + _hex(units[i : i + 2]) for i in range(0, len(units), 2))


def _any_case(digit: str) -> tuple[str, ...]:
    return (digit, digit.upper()) if digit.isalpha() else (digit,)


def _hex(octets: bytes) -> str:
    return "".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in octets.hex())


def _percent(octets: bytes) -> str:
    return "".join(f"{_P}{_hex(bytes([b]))}" for b in octets)

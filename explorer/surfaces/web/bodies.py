"""Reads the bodies of requests as texts, to look for the login in them, however a page packs what it sends. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import unquote_to_bytes

from explorer.surfaces.web.inflate import Budget, inflate

DEEPEST = 3
"""How many layers of packing are opened, such as compressed JSON that holds compressed data in Base64."""
UNPACKED = 64 << 20
"""The most octets of all unpacked layers of one body together."""
_CODED = re.compile(rb"(?:[A-Za-z0-9+/_-]|%2[BbFf]){20,}+")
"""A text that may be Base64 in either alphabet (RFC 4648), percent-encoded or not, or hexadecimal."""
_PACKED = re.compile(rb"H4sI|eJ")
"""How the Base64 of gzip and of most zlib data begins."""
_HASH = 48
"""Decoded words with more octets than this are tried as raw DEFLATE as well: shorter ones are mostly ids and hashes."""
_PREFIX = 64
"""How far from the start of a word such Base64 is looked for, behind a prefix in the same alphabet (`v1-`)."""
_HEX = re.compile(rb"[0-9A-Fa-f]{16,}+")
_BREAK = re.compile(rb"(?:\r?\n|\\r\\n|\\n)(?=[A-Za-z0-9+/])|\\(?=/)")
"""What may stand within Base64: a line break, plain or in a JSON text, and the backslash of `\\/`."""
_LINE = re.compile(rb"[A-Za-z0-9+/]{60}")
"""The end of a line of Base64 that goes on in the next line. Usual lines have 64 or 76 characters."""
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_OTHER_ALPHABET = bytes.maketrans(b"-_", b"+/")
_ESCAPED = re.compile(r'\\(?:u00([0-9a-fA-F]{2})|(["\\/bfnrt]))')
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WINDOWS = {char: chr(n) for n in range(0x80, 0xA0) if (char := bytes([n]).decode("cp1252", "ignore"))}
"""The characters that browsers decode from these octets, although they call the encoding Latin-1 (WHATWG, windows-1252)."""
_OF_WINDOWS = re.compile(f"[{''.join(_WINDOWS)}]")
_SMALL = 256
"""Decompressed parts with fewer octets than this are read together: chance heads yield many of them."""


@dataclass(slots=True)
class Body:
    """A body as texts. `whole` is false if it was not read completely, because of its size or of what it packs."""

    texts: list[str] = field(default_factory=list)
    whole: bool = True


def read(octets: bytes, layers: int = DEEPEST, budget: Budget | None = None) -> Body:
    """The texts of a body: decoded as UTF-8, and with one character for each octet (Latin-1).

    `Spellings` finds secrets in other encodings in the second text. What is compressed, percent-encoded, escaped as in
    JSON, or written in Base64 or hexadecimal, is unpacked and added in the same way, up to `layers` deep. Several bodies
    may share one `budget`."""
    body, room = Body(), UNPACKED
    budget = budget or Budget()
    layer = [octets]
    for depth in range(layers + 1):
        deeper: list[bytes] = []
        for each in layer:
            body.texts += _decoded(each)
            if depth == layers:
                continue
            for unpacked in _unpacked(each, budget):
                room -= len(unpacked)
                if room < 0:
                    break
                deeper.append(unpacked)
        layer = list(dict.fromkeys(deeper))
    body.whole = budget.whole and room >= 0
    return body


def _unpacked(octets: bytes, budget: Budget) -> Iterator[bytes]:
    """What a layer holds one layer deeper."""
    yield from _inflated(octets, budget)
    if coded := list(_coded(octets)):
        long = b"\r\n\r\n".join(piece for piece in coded if len(piece) > _HASH)
        yield from filter(None, [long, b"\n".join(piece for piece in coded if len(piece) <= _HASH)])
    with suppress(UnicodeDecodeError):  # other octets are no text, so that nothing is escaped in them
        yield from _unescaped(octets, octets.decode(), budget)


def _unescaped(octets: bytes, text: str, budget: Budget) -> Iterator[bytes]:
    """What a text holds in percent-encoding, in the escapes of JSON, and in characters that stand for octets."""
    if _PERCENT.search(octets):
        yield unquote_to_bytes(octets)
        if b"+" in octets:
            yield unquote_to_bytes(octets.replace(b"+", b" "))
    if octets.isascii() and b"\\" not in octets:
        return
    plain = _ESCAPED.sub(_character, text)
    yield from _inflated(_as_octets(plain), budget)
    if b"\\\\" in octets:  # a JSON text within a JSON text
        yield plain.encode("utf-8", "replace")


def _inflated(octets: bytes, budget: Budget) -> Iterator[bytes]:
    small = []
    for part in inflate(octets, budget):
        if len(part) < _SMALL:
            small.append(part)
        else:
            yield part
    if small:
        yield b"\r\n\r\n".join(small)


def _coded(octets: bytes) -> Iterator[bytes]:
    """What the texts in Base64 or hexadecimal stand for. A long word that is neither yields octets without meaning."""
    for found in _CODED.finditer(_BREAK.sub(_joined, octets)):
        text = unquote_to_bytes(found[0]).translate(_OTHER_ALPHABET)
        starts = (packed.start() for packed in _PACKED.finditer(text, 1, _PREFIX))
        for start in (0, *islice(starts, 2)):
            whole = len(text) - (len(text) - start) % 4 if (len(text) - start) % 4 == 1 else len(text)
            yield base64.b64decode(text[start:whole] + b"=" * (-(whole - start) % 4))
        for digits in _HEX.finditer(text):
            yield binascii.unhexlify(digits[0][: len(digits[0]) // 2 * 2])


def _joined(found: re.Match[bytes]) -> bytes:
    """Nothing instead of a break within Base64; any other break stays."""
    is_within = found[0] == b"\\" or _LINE.match(found.string, max(found.start() - 60, 0), found.start())
    return b"" if is_within else found[0]


def _as_octets(text: str) -> bytes:
    """The octets that a page wrote as a text, one character for each, as scripts write binary data into JSON."""
    return _OF_WINDOWS.sub(lambda found: _WINDOWS[found[0]], text).encode("latin-1", "replace")


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2])


def _decoded(octets: bytes) -> Iterator[str]:
    yield octets.decode("utf-8", "replace")
    if not octets.isascii() or 0 in octets:
        yield octets.decode("latin-1")
    if len(octets) > 1 and octets.count(0) * 3 > len(octets):
        yield octets.decode("utf-16-le", "replace")
        yield octets.decode("utf-16-be", "replace")

"""Reads the bodies of requests as texts, to look for the login in them, however a page packs what it sends. Pure."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from explorer.surfaces.web.inflate import MOST, inflate

DEEPEST = 3
"""How many layers of packing are opened, such as compressed JSON that holds compressed data in Base64."""
_CODED = re.compile(rb"(?:[A-Za-z0-9+/_-]|%2[BbFf]){20,}")
"""A text that may be Base64 in either alphabet (RFC 4648), percent-encoded or not, or hexadecimal."""
_PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2})+")
_OTHER_ALPHABET = bytes.maketrans(b"-_", b"+/")
_ESCAPED = re.compile(r'\\(?:u00([0-9a-fA-F]{2})|(["\\/bfnrt]))')
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass(slots=True)
class Body:
    """A body as texts. `whole` is false if it was not read completely, because of its size or its many parts."""

    texts: list[str] = field(default_factory=list)
    whole: bool = True


def read(octets: bytes) -> Body:
    """The texts of a body: decoded as UTF-8, and with one character for each octet (Latin-1).

    `Spellings` finds secrets in other encodings in the second text. What is compressed, percent-encoded, or
    written in Base64 or hexadecimal, is unpacked and added in the same way, up to DEEPEST layers."""
    body = Body()
    layer, left = [octets], MOST
    for depth in range(DEEPEST + 1):
        deeper: list[bytes] = []
        for each in layer:
            body.texts += _decoded(each)
            if depth == DEEPEST:
                continue
            for packed in (each, *_as_octets(each)):
                found = inflate(packed, left)
                deeper += found.pieces
                left, body.whole = found.left, body.whole and found.whole
            deeper += filter(None, [b"\n".join(_coded(each))])
            deeper += [unquote_to_bytes(each)] if _PERCENT.search(each) else []
        layer = deeper
    return body


def _coded(octets: bytes) -> Iterator[bytes]:
    """What the texts in Base64 or hexadecimal stand for. A long word that is neither yields octets without meaning."""
    for found in _CODED.finditer(octets):
        text = unquote_to_bytes(found[0]).translate(_OTHER_ALPHABET)
        if len(text) % 4 != 1:  # no Base64 has such a length
            yield base64.b64decode(text + b"=" * (-len(text) % 4))
        if _HEX.fullmatch(text):
            yield binascii.unhexlify(text)


def _as_octets(octets: bytes) -> Iterator[bytes]:
    """The octets that a page wrote as a text, one character for each, as scripts write binary data into JSON."""
    if octets.isascii() and b"\\u00" not in octets:
        return
    text = _ESCAPED.sub(_unescaped, octets.decode("utf-8", "replace"))
    yield text.encode("latin-1", "replace")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2])


def _decoded(octets: bytes) -> Iterator[str]:
    yield octets.decode("utf-8", "replace")
    if not octets.isascii() or 0 in octets:
        yield octets.decode("latin-1")
    if len(octets) > 1 and octets.count(0) * 3 > len(octets):
        yield octets.decode("utf-16-le", "replace")
        yield octets.decode("utf-16-be", "replace")

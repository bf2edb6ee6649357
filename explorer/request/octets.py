"""The octets in which forms and scripts of the web send a text. Not all of them use UTF-8. Pure."""

from __future__ import annotations

from collections.abc import Iterator

FORMS = (
    "cp1252", "latin-1", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7",
    "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "mac-roman",
    "mac-cyrillic", "cp874", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "gb18030",
    "big5hkscs", "euc-jp", "cp932", "cp949",
)  # fmt: skip
"""Python's names of the encodings in <https://encoding.spec.whatwg.org/#names-and-labels>.

A page may send its forms, and write the query of its addresses, in any of them. ISO-2022-JP is left out, because the
meaning of its octets depends on those before."""
WIDE = ("utf-16-le", "utf-16-be")
_CODED = ("utf-8", "cp1252", "latin-1", *WIDE)
"""Encodings from which scripts make Base64 and hexadecimal.

`btoa` takes Latin-1, `TextEncoder` gives UTF-8, and strings in memory are UTF-16."""


def octets_of(text: str, encoding: str) -> bytes | None:
    """The octets of the text in an encoding; None if the encoding lacks one of the text's characters."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def coded(text: str) -> tuple[bytes, ...]:
    """The octets of the text in each encoding that scripts use before they write Base64 or hexadecimal. Each result
    occurs once."""
    found = (octets_of(text, encoding) for encoding in _CODED)
    return tuple(dict.fromkeys(octets for octets in found if octets is not None))


def by_forms(text: str) -> Iterator[tuple[bytes | None, ...]]:
    """The octets of each character, once for each encoding of forms that writes the text differently from UTF-8.

    None stands for a character that the encoding lacks. Forms send that character's number instead (`&#8364;`)."""
    utf8 = tuple(map(str.encode, text))
    told = (tuple(octets_of(char, encoding) for char in text) for encoding in FORMS)
    yield from dict.fromkeys(each for each in told if any(each) and each != utf8)


def readings(octets: bytes) -> tuple[str, ...]:
    """The texts that result if the octets are read in a wrong encoding, one character for each octet.

    The encodings are Latin-1 and windows-1252, as browsers use them."""
    plain = octets.decode("latin-1")
    western = "".join(bytes([b]).decode("cp1252", "replace") for b in octets)
    return (plain,) if "\ufffd" in western else tuple(dict.fromkeys((plain, western)))

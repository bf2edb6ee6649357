"""Finds secrets in host names. A script that requests `https://SECRET.evil.net/` sends it in lower case. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from explorer.request.octets import coded
from explorer.request.ways import base64_within

_AUTHORITY = re.compile(r"//[^/?#\s\"'<>\\]+")
_FOREIGN = re.compile(r"xn--[a-z0-9-]+")


class HostSpellings:
    """The forms that some secrets can have in a host name: as they are, in Base64 and in hexadecimal.

    Case is ignored, because host names do not keep it."""

    __slots__ = ("_known",)

    def __init__(self, secrets: Iterable[str]) -> None:
        self._known = tuple(dict.fromkeys(text for secret in secrets for text in _written(secret)))

    def found(self, host: str) -> bool:
        """Whether a host name contains one of the secrets."""
        name = _read(host.lower())
        return any(text in name for text in self._known)

    def masked(self, host: str, gone: str) -> str:
        """The host name with `gone` in place of each secret. Punycode is decoded if the name contains a secret."""
        if not self.found(host):
            return host
        name = _read(host.lower())
        for text in self._known:
            name = name.replace(text, gone)
        return name

    def masked_in(self, text: str, gone: str) -> str:
        """The text with `gone` in place of each secret that it has in the host name of an address."""
        if not self._known or "//" not in text:
            return text
        return _AUTHORITY.sub(lambda found: self.masked(found.group(), gone), text)


def _written(secret: str) -> Iterator[str]:
    yield secret.lower()
    for octets in coded(secret):
        yield octets.hex()
        for before in range(3):
            yield base64_within(octets, before).replace("+", "-").replace("/", "_").lower()


def _read(host: str) -> str:
    """A host name as people read it: labels in Punycode (RFC 3492) are decoded. Invalid ones stay as they are."""
    return _FOREIGN.sub(lambda found: _label(found.group()), host)


def _label(label: str) -> str:
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label

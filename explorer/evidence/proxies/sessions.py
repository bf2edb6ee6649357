"""The requests in a session file of a proxy, as entries of a HAR, whichever proxy wrote it."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.evidence.proxies import charles, fiddler, mitmproxy
from explorer.evidence.proxies.entries import Entry
from explorer.evidence.sniff import Kind
from explorer.evidence.source import Source

TOOLS = {
    Kind.FIDDLER: "Fiddler",
    Kind.CHARLES: "Charles",
    Kind.CHARLES_ZIP: "Charles",
    Kind.MITMPROXY: "mitmproxy",
}
"""Kinds of files that are sessions, and the program that wrote each."""


class Entries:
    """Goes once through the entries; None for one that cannot be read. Then `cut_off` says whether the file ended early."""

    def __init__(self, source: Source) -> None:
        self._ended: list[bool] = []
        self._found = self._of(source)

    def __iter__(self) -> Iterator[Entry | None]:
        return self._found

    @property
    def cut_off(self) -> bool:
        return bool(self._ended)

    def _of(self, source: Source) -> Iterator[Entry | None]:
        if source.kind is Kind.FIDDLER:
            return fiddler.entries(source.files)
        if source.kind is Kind.CHARLES_ZIP:
            return charles.entries_of_files(source.files)
        read = charles.entries if source.kind is Kind.CHARLES else mitmproxy.entries
        return read(source.blocks, cut_off=self._ended)


def proxy_entries(source: Source) -> tuple[str, Entries]:
    """The name of the program, and the entries. Going through them raises NotJson, NotTnetstring and TargetError."""
    return TOOLS[source.kind], Entries(source)

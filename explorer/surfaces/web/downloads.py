"""The downloads of one browser context: which are under way, complete, or cancelled by the caps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.surfaces.web.caps import DownloadCap, download_cut
from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.records import plain_url
from flows.record import Record


@dataclass(slots=True)
class Downloads:
    """The downloads of one context. `keep` is called with the record of each download that a cap cancelled."""

    cdp: Cdp
    keep: Callable[[Record], None]
    done: set[str] = field(default_factory=set)
    """Ids of complete downloads: files that were saved, and files that a tab or a frame shows."""
    under_way: set[str] = field(default_factory=set)
    cap: DownloadCap = field(init=False)
    _addresses: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cap = DownloadCap(self.cdp)

    def event(self, method: str, p: Json, *, ours: bool) -> bool:
        """Handle a download event of the browser. `ours` says that the frame of a new download is or was ours.

        Returns whether one of our downloads has begun or ended.
        """
        guid = p["guid"]
        if method == "Browser.downloadProgress" and self.cap.cuts(p, own=guid in self.under_way):
            self.keep(download_cut(self._addresses.get(guid, ""), self.cap))
        if method == "Browser.downloadWillBegin":
            if not ours:
                return False
            self.under_way.add(guid)
            self._addresses[guid] = plain_url(p["url"])
            return True
        if guid not in self.under_way or p["state"] == "inProgress":
            return False
        self.under_way.discard(guid)
        if p["state"] == "completed":
            self.done.add(guid)
        return True

"""Limits what a page can cause in a session, such as endless downloads and floods of console lines and requests."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from explorer.surfaces.surface import LIMITS
from explorer.surfaces.web.cdp import Cdp, Json
from flows.record import Record

ONE_DOWNLOAD = 100 << 20
"""The most bytes of one download. A larger download is cancelled. Manuals and exports are smaller than that."""
ALL_DOWNLOADS = 300 << 20
"""The most bytes of all downloads of a session together."""
STEP_RECORDS = 10_000
"""The most records of one step."""
STEP_LINES = 1_000
"""The most log lines, issues and script errors of one step."""
SESSION_RECORDS = 200_000
"""The most records of a session."""
_LINES = frozenset({"Runtime.exceptionThrown", "Log.entryAdded", "Audits.issueAdded"})


@dataclass(slots=True)
class DownloadCap:
    """Counts the bytes of a browser context's downloads, and cancels downloads above the caps.

    `context` is the `browserContextId`. The creator sets it. `one` and `all` are in bytes."""

    cdp: Cdp
    context: str = ""
    one: int = ONE_DOWNLOAD
    all: int = ALL_DOWNLOADS
    _got: dict[str, int] = field(default_factory=dict)
    _over: set[str] = field(default_factory=set)

    def cuts(self, p: Json, *, own: bool) -> bool:
        """Count the progress of a download (`Browser.downloadProgress`), and cancel it if it is above the caps.

        `own` says that the download is known to belong to this context. Returns True if such a download is cancelled
        now. A download whose context is unknown is cancelled too, but False is returned: the browser ignores the call
        if the download belongs to another context."""
        guid = str(p["guid"])
        got, total = int(p.get("receivedBytes") or 0), int(p.get("totalBytes") or 0)
        self._got[guid] = got if own else 0
        sum_ = sum(self._got.values()) + (0 if own else got)
        if guid in self._over or p["state"] == "canceled" or (max(got, total) <= self.one and sum_ <= self.all):
            return False
        self._over.add(guid)
        self.cdp.post("", "Browser.cancelDownload", {"guid": guid, "browserContextId": self.context})
        return own


@dataclass(slots=True)
class RecordCap:
    """Counts the records of a step and of the session. Records above the caps are dropped and counted."""

    dropped: int = 0
    _step: int = 0
    _lines: int = 0
    _witnesses: int = 0
    _all: int = 0

    def begin_step(self) -> None:
        """Reset the counts of the step. The counts of the session go on."""
        self._step = self._lines = self._witnesses = 0

    def takes(self, record: Record) -> bool:
        """Whether the caps leave room for this record. If so, it is counted."""
        line = record.kind in _LINES
        if self._witnesses < STEP_LINES and _is_witness(record):
            self._witnesses += 1
            return True
        if self._step >= STEP_RECORDS or self._all >= SESSION_RECORDS or (line and self._lines >= STEP_LINES):
            self.dropped += 1
            return False
        self._step, self._all, self._lines = self._step + 1, self._all + 1, self._lines + line
        return True

    def told(self) -> list[Record]:
        """A list of one record, which says how many records were dropped since the last call. Empty if none was."""
        dropped, self.dropped = self.dropped, 0
        return [Record(time.time(), LIMITS, "dropped", {"records": dropped})] if dropped else []


def _is_witness(record: Record) -> bool:
    """Whether the record is about a TLS failure, or about a token that was sent. No flood may hide such a record."""
    told = f"{record.data.get('error', '')} {record.data.get('text', '')}"
    return record.source == "tokens" or "ERR_CERT" in told or "ERR_SSL" in told or "certificateError" in record.kind


def download_cut(url: str, cap: DownloadCap) -> Record:
    """The record of a download that was cancelled."""
    return Record(time.time(), LIMITS, "download", {"to": url, "most": cap.one >> 20, "all": cap.all >> 20})

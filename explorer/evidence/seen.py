"""Recorded requests in one form for all recorders, and their conversion into records for the browser's monitor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from typing import Any

from flows.record import Record

MOST = 50_000
"""The maximum number of requests that are kept from one recording."""
MOST_OF_HOST = 2_000
"""After this many requests to one host, its further requests are kept only if they failed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One recorded request, already without secrets.

    Times are in seconds since the epoch, and `took` is in seconds. `kind` is the resource type in the DevTools protocol
    (`Document`, `XHR`…). `main` tells whether the request loads the document of a whole tab, and not that of a frame.
    `page` and `frame` are the recording's own ids. `title` is the page's title in the recording.

    `error` is the client's own error, which may be free text. `opened` tells whether a connection
    was made whose content is encrypted. `pending` tells whether the end of the request is missing
    from the recording. `fields` are the names of the fields that were sent, never their values. `server_date` is the
    server's time in its response. `issuer` and `expires` belong to the certificate that the client accepted.
    """

    id: str
    started: float
    took: float
    method: str
    url: str
    kind: str = "Other"
    main: bool = False
    page: str = ""
    frame: str = ""
    title: str = ""
    initiator: str = "other"
    initiator_url: str = ""
    status: int = 0
    address: str = ""
    protocol: str = ""
    mime: str = ""
    error: str = ""
    canceled: bool = False
    pending: bool = False
    opened: bool = False
    fields: tuple[str, ...] = ()
    server_date: float = 0.0
    issuer: str = ""
    expires: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether the recording holds no response to the request."""
        return not self.status and not self.opened

    @property
    def finished(self) -> float:
        return self.started + max(self.took, 0.0)


@dataclass(slots=True)
class Kept:
    """Collects requests up to the limits `MOST` and `MOST_OF_HOST`.

    `left_out` counts the requests beyond them.
    """

    requests: list[Seen] = field(default_factory=list)
    left_out: int = 0
    _hosts: dict[str, int] = field(default_factory=dict)

    def add(self, seen: Seen) -> None:
        """Keep a request, or count it as left out if a limit is reached.

        The limit for one host does not apply to failed requests.
        """
        host = seen.url.split("/", 3)[2] if seen.url.count("/") > 2 else seen.url
        if host in self._hosts or len(self._hosts) < MOST:
            self._hosts[host] = self._hosts.get(host, 0) + 1
        full = len(self.requests) >= MOST or (self._hosts.get(host, 0) > MOST_OF_HOST and not seen.failed)
        if full:
            self.left_out += 1
        else:
            self.requests.append(seen)


def records(requests: Iterable[Seen]) -> Iterator[Record]:
    """The requests as records of DevTools events, in order of time.

    Each request has a record of its start, and records of its end unless it is pending.
    """
    listed = sorted(requests, key=lambda s: s.started)
    begun = ((s.started, 2 * n, _began(s)) for n, s in enumerate(listed))
    ended = sorted((max(s.finished, s.started), 2 * n + 1, r) for n, s in enumerate(listed) for r in (s,))
    ends = ((time, n + k / 4, record) for time, n, s in ended for k, record in enumerate(_ended(s)))
    for _, _, record in merge(begun, ends, key=lambda each: each[:2]):
        yield record


def _began(seen: Seen) -> Record:
    data: dict[str, Any] = {
        "request": seen.id,
        "url": seen.url,
        "method": seen.method,
        "type": seen.kind,
        "main": seen.main,
        "page": seen.page,
        "frame": "" if seen.main else seen.frame,
        "initiator": {"type": seen.initiator, "url": seen.initiator_url},
        "wall": seen.started,
    }
    return Record(seen.started, "cdp", "Network.requestWillBeSent", data)


def _ended(seen: Seen) -> list[Record]:
    time = max(seen.finished, seen.started)
    if seen.pending:
        return []
    told: list[Record] = []
    if seen.status or seen.opened:
        security = {"issuer": seen.issuer, "validTo": seen.expires} if seen.issuer or seen.expires else None
        answer = {
            "request": seen.id,
            "status": seen.status,
            "address": seen.address,
            "protocol": seen.protocol,
            "mime": seen.mime,
            "security": security,
        }
        told.append(Record(time, "cdp", "Network.responseReceived", answer))
        if not seen.error:
            return [*told, Record(time, "cdp", "Network.loadingFinished", {"request": seen.id})]
    lost = {"request": seen.id, "type": seen.kind, "error": seen.error, "canceled": seen.canceled}
    return [*told, Record(time, "cdp", "Network.loadingFailed", lost)]

"""Makes the signals of one browser session: numbered, and one per failure even if several records report it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.monitors.browser.requests import Pending, endpoint
from flows.diagnosis import Cause
from flows.effects import Effect
from flows.record import Record
from flows.signals import Exchange, Family, Signal

Observations = list[Signal | Exchange | Effect]

TWIN = 2.0
"""Seconds that may lie between records about the same event, such as a failed request and its log line."""


@dataclass(slots=True)
class Signaller:
    """Makes the session's signals, and remembers which failures they reported."""

    session: str
    last_failure: float = float("-inf")
    """When a request failed last, by the records' clock."""
    _failed_at: dict[str, float] = field(default_factory=dict)
    """URL → when a signal last reported a failure of it."""
    _failed: set[str] = field(default_factory=set)
    """Ids of requests whose failure was reported, so that later records do not repeat it."""
    _count: int = 0

    def signal(
        self,
        record: Record,
        family: Family,
        signature: str,
        error: str,
        *,
        causes: tuple[Cause, ...] = (),
        request: Pending | None = None,
        url: str = "",
        place: str = "other",
        data: Mapping[str, Any] | None = None,
        text: str = "",
    ) -> Signal:
        """Make a signal. `request` is the failed request, if known; else `url`, `place` and `data` describe it."""
        self._count += 1
        data = data or record.data
        address = request.url if request else url
        host, port = endpoint(address)
        if family in (Family.TLS, Family.NETWORK, Family.HTTP):
            self._failed_at[address] = self.last_failure = record.time
        if request is not None:
            self._failed.add(request.id)
        return Signal(
            id=f"{self.session}:{self._count}",
            time=record.time,
            session=self.session,
            family=family,
            signature=signature,
            error=error,
            causes=causes if family is Family.TLS else (),
            host=host,
            port=port,
            url=address,
            place=request.place if request else place,
            request=f"{self.session}:{request.id}" if request else "",
            frame=request.frame if request else str(data.get("frame", "")),
            document=request.document if request else str(data.get("frame_url", "")),
            text=text[:500],
            background=request.background if request else place in ("ping", "prefetch", "manifest"),
        )

    def insecure(
        self,
        record: Record,
        url: str,
        *,
        request: Pending | None = None,
        place: str = "other",
        data: Mapping[str, Any] | None = None,
    ) -> Signal | None:
        """Make a signal of mixed content: a secure page may not load `url`. None if it was just reported."""
        if self.told_of(url, record.time):
            return None
        return self.signal(
            record,
            Family.TLS,
            "mixed-content",
            "mixed-content",
            causes=(Cause.MIXED_CONTENT,),
            request=request,
            url=url,
            place=place,
            data=data,
            text=f"the secure page may not load {url}, which is not encrypted",
        )

    def told_of(self, url: str, time: float) -> bool:
        """Whether a signal reported this URL at about this time (less than twice `TWIN` apart)."""
        return abs(time - self._failed_at.get(url, float("-inf"))) < TWIN * 2

    def told_of_request(self, request: str) -> bool:
        """Whether a signal reported the failure of the request with this id."""
        return request in self._failed

"""The signals of one browser session: numbered, and each failure told once though several records tell of it."""

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
"""Seconds within which two records about one address tell of one failure."""


@dataclass(slots=True)
class Signaller:
    """Makes the session's signals and remembers what they told of."""

    session: str
    last_failure: float = float("-inf")
    """When a request failed last, by the records' clock."""
    _failed_at: dict[str, float] = field(default_factory=dict)
    """Address → when a signal told of it."""
    _failed: set[str] = field(default_factory=set)
    """Ids of requests that a signal told of, for what is said of them afterwards."""
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
        """One more signal. `request` is what failed, if it is known; else `url`, `place` and `data` say what it was."""
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
        """Mixed content: a secure page may not load `url`. None if that was told already."""
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
        """Whether a signal told of this address just now."""
        return abs(time - self._failed_at.get(url, float("-inf"))) < TWIN * 2

    def told_of_request(self, request: str) -> bool:
        """Whether a signal told of the request with this id."""
        return request in self._failed

"""What a session was kept from, and how that is told. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from explorer.request.scope import origin_of
from explorer.surfaces.surface import LIMITS
from flows.incident import Finding, Severity
from flows.record import Record

_HOW = {
    "page": "{at} leads to {to}",
    "frame": "{at} shows {to} in a frame",
    "redirect": "{at} redirects to {to}",
    "request": "{at} asks for something at {to}",
}


@dataclass(slots=True)
class LimitsMet:
    """The limits that one session met."""

    met: list[Record] = field(default_factory=list)

    def sifted(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records that are not about limits; those are taken in here."""
        for record in records:
            if record.source == LIMITS:
                self.met.append(record)
            else:
                yield record


def _private_address(record: Record) -> str:
    data = {key: str(record.data.get(key, "")) for key in ("at", "to", "how")}
    told = _HOW.get(data["how"], _HOW["page"]).format(**data | {"at": data["at"] or "A page"})
    return (
        f"{told}, which is on this machine or on a private network: it was not followed. If that is meant, say so with "
        f"--private, or name it with --allow-origin {data['to']}."
    )


def limit_findings(session: str, met: Iterable[Record]) -> list[Finding]:
    """One finding for each limit and place, in the order in which they were met."""
    found: dict[str, Finding] = {}
    for record in met:
        text = _private_address(record)
        origin = origin_of(str(record.data.get("to") or ""))
        host, port = (origin.host, origin.port) if origin else ("", 0)
        found.setdefault(text, Finding(Severity.MEDIUM, "private-address-refused", text, host, port, session=session))
    return list(found.values())

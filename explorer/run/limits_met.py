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


def _download(record: Record) -> str:
    return (
        f"The download of {record.data.get('to') or 'a file'} did not end: it was cancelled, as one may have "
        f"{record.data.get('most')} MB, and all of a session {record.data.get('all')} MB."
    )


def limit_findings(session: str, met: Iterable[Record]) -> list[Finding]:
    """One finding for each limit and place, in the order in which they were met."""
    found: dict[str, Finding] = {}
    met = list(met)
    if dropped := sum(int(str(r.data.get("records", 0))) for r in met if r.kind == "dropped"):
        text = (
            f"The page floods the browser with console lines and requests: {dropped:,} of them were left out, so what this "
            "session tells of them is not all."
        )
        found[text] = Finding(Severity.LOW, "records-dropped", text, session=session)
    for record in (r for r in met if r.kind != "dropped"):
        private = record.kind == "private-address"
        text = _private_address(record) if private else _download(record)
        origin = origin_of(str(record.data.get("to") or ""))
        host, port = (origin.host, origin.port) if origin else ("", 0)
        found.setdefault(
            text,
            Finding(
                Severity.MEDIUM if private else Severity.LOW,
                "private-address-refused" if private else "download-cut",
                text,
                host,
                port,
                session=session,
            ),
        )
    return list(found.values())

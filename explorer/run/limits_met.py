"""Collects the limits that stopped a session's requests, and reports them as findings. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
    """The limits that stopped requests of one session."""

    met: list[Record] = field(default_factory=list)

    def told_since(self, started: float, *, frames: bool = False) -> str:
        """A sentence on the first limit since `started` that cut a step short; empty if there is none.

        `started` is in seconds since the epoch. A stopped frame counts only if `frames` is set, for failures that are
        seen in a frame. A stopped request that loads no page never counts. Pages send such requests to this machine to
        recognise a visitor, and work without an answer."""
        passing = ("request",) if frames else ("request", "frame")
        cut = (r for r in self.met if r.time >= started and r.kind in _TOLD and r.data.get("how") not in passing)
        way = next(cut, None)
        return f"Trustwalk itself cut it short. {_TOLD[way.kind](way)}" if way is not None else ""

    def sifted(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yields the records that are not about limits, and keeps the others in `met`."""
        for record in records:
            if record.source == LIMITS:
                self.met.append(record)
            else:
                yield record


def _way(record: Record) -> str:
    data = {key: str(record.data.get(key, "")) for key in ("at", "to", "how")}
    return _HOW.get(data["how"], _HOW["page"]).format(**data | {"at": data["at"] or "A page"})


def _private_address(record: Record) -> str:
    return (
        f"{_way(record)}, which is on this machine or on a private network: it was not followed. If this is intended, "
        f"run with --private, or allow it with --allow-origin {record.data.get('to')}."
    )


def _blocked_name(record: Record) -> str:
    return (
        f"{_way(record)}, which was not followed: this machine's resolver gives 0.0.0.0 for that name, as DNS blockers "
        "do, and no server is there. To explore it, run where the name is not blocked."
    )


def _unresolved_name(record: Record) -> str:
    return (
        f"{_way(record)}, but no resolver answered for that name in time: it was not followed, as it may lead "
        f"to a private network. Run again; if the resolver stays slow, use --allow-origin {record.data.get('to')}."
    )


def _download(record: Record) -> str:
    return (
        f"The download of {record.data.get('to') or 'a file'} was cancelled: a download may have at most "
        f"{record.data.get('most')} MB, and all downloads of a session together {record.data.get('all')} MB."
    )


_TOLD: Mapping[str, Callable[[Record], str]] = {
    "private-address": _private_address,
    "blocked-name": _blocked_name,
    "unresolved-name": _unresolved_name,
    "download": _download,
}
_FINDINGS = {
    "private-address": (Severity.MEDIUM, "private-address-refused"),
    "blocked-name": (Severity.INFO, "blocked-name"),
    "unresolved-name": (Severity.LOW, "unresolved-name"),
    "download": (Severity.LOW, "download-cut"),
}


def limit_findings(session: str, met: Iterable[Record]) -> list[Finding]:
    """One finding for each different message, in the order in which the limits were met."""
    found: dict[str, Finding] = {}
    met = list(met)
    if dropped := sum(int(str(r.data.get("records", 0))) for r in met if r.kind == "dropped"):
        text = (
            f"The page floods the browser with console lines and requests: {dropped:,} of them were left out, so the "
            "record of this session is incomplete."
        )
        found[text] = Finding(Severity.LOW, "records-dropped", text, session=session)
    for record in (r for r in met if r.kind in _TOLD):
        text = _TOLD[record.kind](record)
        severity, kind = _FINDINGS[record.kind]
        origin = origin_of(str(record.data.get("to") or ""))
        host, port = (origin.host, origin.port) if origin else ("", 0)
        found.setdefault(text, Finding(severity, kind, text, host, port, session=session))
    return list(found.values())

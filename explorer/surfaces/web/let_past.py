"""Lets a page go on past the certificate errors of some hosts, for a counter-proof (CDP `Security`).

Each error is told as before; only those of the given hosts are not acted upon."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from explorer.surfaces.web.cdp import Cdp, Json


@dataclass(slots=True)
class LetPast:
    """The hosts and ports of one session that are let past; as long as there are none, the browser decides by itself."""

    cdp: Cdp
    hosts: frozenset[tuple[str, int]] = frozenset()

    def begin(self, hosts: frozenset[tuple[str, int]], sessions: Iterable[str]) -> None:
        """From now on, let these past, in the targets of these sessions and of all that come."""
        self.hosts = hosts
        for session in sessions:
            self.attach(session)

    def attach(self, session: str) -> None:
        """A target is new."""
        if self.hosts:
            self.cdp.post(session, "Security.enable")
            self.cdp.post(session, "Security.setOverrideCertificateErrors", {"override": True})

    def error(self, session: str, p: Json) -> None:
        """A target met a certificate error (`Security.certificateError`) and waits for an answer."""
        if not self.hosts:
            return
        parts = urlsplit(p.get("requestURL", ""))
        port = parts.port or {"https": 443, "wss": 443}.get(parts.scheme, 0)
        action = "continue" if (parts.hostname or "", port) in self.hosts else "cancel"
        self.cdp.post(session, "Security.handleCertificateError", {"eventId": p["eventId"], "action": action})

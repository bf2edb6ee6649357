"""Ignores the certificate errors of some hosts, for a counter-proof (CDP `Security`).

Each error is still recorded, but errors of the given hosts do not stop the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from explorer.surfaces.web.cdp import Cdp, Json

DATES = "ERR_CERT_DATE_INVALID"
"""Chromium's error for a certificate of which only the dates are wrong.

Chromium reports only the worst error of a certificate, and an error about dates is the least bad
(net/cert/cert_status_flags.cc, MapCertStatusToNetError). So a certificate with this error was issued by a trusted
authority for this host."""


@dataclass(slots=True)
class LetPast:
    """The hosts and ports whose certificate errors a session ignores. If there are none, the browser decides by itself.

    With `dates_only`, only errors about the certificate's dates are ignored, so that nobody on the network path can
    impersonate the host."""

    cdp: Cdp
    hosts: frozenset[tuple[str, int]] = frozenset()
    dates_only: bool = False

    def begin(self, hosts: frozenset[tuple[str, int]], sessions: Iterable[str], *, dates_only: bool = False) -> None:
        """From now on, ignore the errors of these hosts, at these CDP sessions and at all later ones."""
        self.hosts, self.dates_only = hosts, dates_only
        for session in sessions:
            self.attach(session)

    def attach(self, session: str) -> None:
        """Take over the decision on a target's certificate errors from the browser. No effect if no hosts are set."""
        if self.hosts:
            self.cdp.post(session, "Security.enable")
            self.cdp.post(session, "Security.setOverrideCertificateErrors", {"override": True})

    def error(self, session: str, p: Json) -> None:
        """Answer a target's certificate error (`Security.certificateError`): go on for the given hosts, else cancel."""
        if not self.hosts:
            return
        parts = urlsplit(p.get("requestURL", ""))
        port = parts.port or {"https": 443, "wss": 443}.get(parts.scheme, 0)
        ignored = not self.dates_only or p.get("errorType", "").removeprefix("net::") == DATES
        action = "continue" if ignored and (parts.hostname or "", port) in self.hosts else "cancel"
        self.cdp.post(session, "Security.handleCertificateError", {"eventId": p["eventId"], "action": action})

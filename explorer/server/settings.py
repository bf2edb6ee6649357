"""The settings of a server."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from flows.session import Endpoint

UPLOAD_LIMIT = 2 << 30
"""Bytes of the largest package that can be uploaded, unless `--upload-limit` says otherwise."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server.

    `runs` is the folder of all runs. `token` is the secret that gives access to the page. `at_once` is the number of
    runs in parallel. `upload_limit` is in bytes. `names` are further host names under which the page may be opened.
    `ca`, `resolve` and `only_resolved` apply to every run that is started here, with the same meaning as in
    `trustwalk run`.
    """

    runs: Path
    host: str = "127.0.0.1"
    port: int = 8484
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    at_once: int = 2
    upload_limit: int = UPLOAD_LIMIT
    names: tuple[str, ...] = ()
    devices_file: Path | None = None
    ca: tuple[Path, ...] = ()
    resolve: tuple[tuple[Endpoint, str], ...] = ()
    only_resolved: bool = False

    @property
    def own(self) -> Path:
        """The folder of the index and the uploads. It can be deleted while no server runs."""
        return self.runs / ".serve"

    @property
    def uploads(self) -> Path:
        return self.own / "uploads"

    @property
    def authorities(self) -> frozenset[str]:
        """The accepted values of the Host header: this server's own host names, each with our port.

        No other site can make one of these names resolve to this server, which stops DNS rebinding."""
        hosts = {"127.0.0.1", "localhost", "[::1]", *self.names}
        if self.host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
            hosts.add(f"[{self.host}]" if ":" in self.host else self.host)
        plain = hosts if self.port == 80 else set()
        return frozenset({f"{h.lower()}:{self.port}" for h in hosts} | {h.lower() for h in plain})

    @property
    def url(self) -> str:
        """The address to open, without the token."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}/" if ":" in host else f"http://{host}:{self.port}/"

"""The demo support app as one object: start it, break it while it runs, and read what reached its backends."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

from aiohttp import web

from explorer.lab.demo.backends import BUILDERS
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.hosts import ALL_HOSTS, HOSTS, JOURNEY_HOSTS, full_name
from explorer.lab.demo.state import State
from explorer.lab.demo.texts import SKINS
from explorer.tls.faults.front import Front, serve
from explorer.tls.faults.known import KNOWN_FAULTS
from explorer.tls.faults.mint import Authority

__all__ = ["HOSTS", "JOURNEY_HOSTS", "MISBEHAVIOURS", "DemoApp", "held"]

MISBEHAVIOURS: tuple[str, ...] = ("http-500", "slow", "refused", "script-error", "cors")
"""Ways to fail that have nothing to do with TLS."""


class DemoApp:
    """A support portal with ten hosts on loopback (`ALL_HOSTS`), each with its own TLS front.

    `faults` maps short host names to cause ids. `workdir` is created if necessary, and holds the root certificate.
    `blemished` adds flaws: a dead control, faint text, a control without a name, an insecure cookie, a script error.
    Raises ValueError for a skin, language, host or cause that the demo does not know.
    """

    def __init__(
        self,
        faults: Mapping[str, str] | None = None,
        *,
        skin: str = "classic",
        language: str = "en",
        seed: int = 1,
        workdir: Path,
        blemished: bool = False,
    ) -> None:
        if skin not in SKINS:
            raise ValueError(f"The demo has no skin «{skin}»; it has {', '.join(SKINS)}.")
        self.faults = dict(faults or {})
        for host, cause in self.faults.items():
            _check(host, cause, KNOWN_FAULTS)
        self.login = ("mia.lindqvist@desk.test", "harbour-lamp-42")
        self.desk = Desk(skin, language, seed, self.login, blemished=blemished)
        self.ca = workdir / "demo-root.pem"
        self._workdir = workdir
        self._authority = Authority.create("Fernhill Demo")
        self._fronts: dict[str, Front] = {}
        self._places: dict[str, tuple[int, int]] = {}
        self._held: dict[str, socket.socket] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> DemoApp:
        self._workdir.mkdir(parents=True, exist_ok=True)
        self.ca.write_bytes(self._authority.root_pem)
        async with AsyncExitStack() as stack:
            for host in ALL_HOSTS:
                runner = web.AppRunner(BUILDERS[host](self.desk), access_log=None, shutdown_timeout=1.0)
                await runner.setup()
                stack.push_async_callback(runner.cleanup)
                site = web.TCPSite(runner, "127.0.0.1", 0)
                await site.start()
                front = await self._front(host, int(runner.addresses[0][1]))
                stack.push_async_callback(self._close, host)
                self._places[host] = (int(runner.addresses[0][1]), front.port)
                self.desk.origins[host] = f"https://{full_name(host)}:{front.port}"
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in ALL_HOSTS:
            self.desk.misbehave(host, "")
        await self._stack.aclose()

    @property
    def url(self) -> str:
        """The address of the portal."""
        return f"{self.desk.origins['portal']}/"

    @property
    def resolve(self) -> tuple[tuple[str, int, str], ...]:
        """(host name, port, address) of every host."""
        return tuple((full_name(host), port, "127.0.0.1") for host, (_, port) in self._places.items())

    @property
    def state(self) -> State:
        """What has reached the backends so far."""
        return self.desk.state

    def origin(self, host: str) -> str:
        """The origin of a host by its short name: `chat` → `https://chat.desk.test:PORT`."""
        return self.desk.origins[host]

    async def present(self, host: str, fault: str | None) -> None:
        """Break a host's TLS while the demo runs, or repair it if `fault` is None.

        The host's open connections end.
        """
        _check(host, fault or KNOWN_FAULTS[0], KNOWN_FAULTS)
        if fault:
            self.faults[host] = fault
        else:
            self.faults.pop(host, None)
        if self.desk.misbehaviour.get(host) != "refused":  # otherwise the fault applies once the host listens again
            await self._fronts[host].present(fault)

    async def misbehave(self, host: str, how: str | None) -> None:
        """Make a host fail without a TLS fault, in one of the ways in `MISBEHAVIOURS`.

        If `how` is None, the host is repaired.
        """
        _check(host, how or MISBEHAVIOURS[0], MISBEHAVIOURS)
        was = self.desk.misbehaviour.get(host)
        self.desk.misbehave(host, how or "")
        if how == "refused":
            await self._close(host)
            self._held[host] = self._stack.enter_context(held(self._places[host][1]))
        elif was == "refused":
            self._held.pop(host).close()
            await self._front(host, *self._places[host])

    async def _front(self, host: str, backend: int, port: int = 0) -> Front:
        """Start the TLS front of a backend.

        `port` is the old port of a host that listens again after an outage. With 0, any free port is chosen.
        """
        fault = self.faults.get(host)
        front = await serve(self._authority, (full_name(host),), ("127.0.0.1", backend), fault, port=port)
        self._fronts[host] = front
        return front

    async def _close(self, host: str) -> None:
        await self._fronts[host].close()


def held(port: int = 0) -> socket.socket:
    """A loopback port that refuses connections until the returned socket is closed.

    With `port` 0, any free port is chosen. The port stays bound, because another process could soon use a released port
    and answer there. Raises OSError if the port is in use.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # earlier connections to the port may still be closing
    try:
        bound.bind(("127.0.0.1", port))
    except OSError:
        bound.close()
        raise
    return bound


def _check(host: str, how: str, known: tuple[str, ...]) -> None:
    if host not in ALL_HOSTS:
        raise ValueError(f"The demo has no host «{host}»; it has {', '.join(ALL_HOSTS)}.")
    if how not in known:
        raise ValueError(f"The demo cannot break a host with «{how}»; it knows {', '.join(known)}.")

"""Gives each session of a browser an observing proxy of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.browser.network import WebNetwork
from explorer.proxy.observe import ObservingProxy
from explorer.run.android_network import Tap
from explorer.run.session import Observations
from explorer.surfaces.web.browser import Through
from flows.record import Record
from flows.session import Endpoint


@dataclass(frozen=True, slots=True)
class Proxied:
    """One session's proxy. Turns the records of the browser and of the proxy into observations."""

    proxy: ObservingProxy
    network: WebNetwork
    through: Through

    def feed(self, record: Record) -> Observations:
        return self.network.feed(record)

    def finish(self, now: float) -> Observations:
        """The observations that were held back, and the state of the connections that are still open."""
        standing = [told for record in self.proxy.standing() for told in self.network.feed(record)]
        return [*standing, *self.network.finish(now)]


class WebProxies:
    """The proxies of all sessions of a browser; an async context manager that ends them all.

    `resolve` and `only_resolved` are the browser's options; the proxy applies them, because it resolves all names."""

    def __init__(self, resolve: Sequence[tuple[Endpoint, str]], *, only_resolved: bool) -> None:
        self._resolve = {(host, port): (address.strip("[]"), port) for (host, port), address in resolve}
        self._only_resolved = only_resolved
        self._stack = contextlib.AsyncExitStack()
        self._proxies: list[ObservingProxy] = []

    async def __aenter__(self) -> WebProxies:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def open(self, monitor: BrowserMonitor, session: str) -> Proxied:
        """A proxy for one session."""
        tap = Tap()
        proxy = ObservingProxy(tap.hear, self._resolve, only_resolved=self._only_resolved)
        await self._stack.enter_async_context(proxy)
        self._proxies.append(proxy)
        return Proxied(proxy, WebNetwork(monitor, session), Through(proxy.port, tap.take))

    @property
    def addresses(self) -> dict[Endpoint, str]:
        """Host → the address at which a proxy reached it."""
        return {host: address for proxy in self._proxies for host, address in proxy.addresses.items()}

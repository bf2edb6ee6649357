"""Decides which addresses a run may reach. A public page must not lead the run to this machine or its network."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from explorer.request.addresses import endpoint_of
from explorer.request.scope import Origin, origin_of
from flows.private_address import is_private
from flows.session import Endpoint


@dataclass(frozen=True, slots=True)
class Reach:
    """What a run may reach: everything if `private` is set, otherwise public addresses and what the user has named.

    `private` says that the target itself is on a private network. `placed` are the hosts (or `*`) and ports of
    `--resolve`. They may be reached, because the user chose their addresses. `origins` are the target's origin and
    those of `--allow-origin` and `--login-at`.
    """

    private: bool = False
    placed: frozenset[Endpoint] = frozenset()
    origins: frozenset[Origin] = frozenset()

    def settles(self, url: str) -> bool | None:
        """Whether this URL may be requested. None if that depends on the addresses that its host resolves to."""
        origin = origin_of(url)
        if self.private or (origin is None and not _is_network(url)) or origin in self.origins:
            return True
        if origin is None:
            return False  # a host that no rule can read
        if is_private(origin.host):
            return (origin.host, origin.port) in self.placed
        if (origin.host, origin.port) in self.placed or ("*", origin.port) in self.placed:
            return True
        return None

    def leads_away(self, url: str, addresses: Collection[str]) -> bool:
        """Whether this URL must not be requested, given that its host resolves to `addresses`."""
        settled = self.settles(url)
        return not settled if settled is not None else any(map(is_private, addresses))


def _is_network(url: str) -> bool:
    return url.partition(":")[0].strip().lower() in ("http", "https", "ws", "wss")


def reach_of(
    target: str,
    resolve: Sequence[tuple[Endpoint, str]] = (),
    named: Sequence[str] = (),
    *,
    addresses: Collection[str] = (),
    private: bool = False,
) -> Reach:
    """What a run of `target` may reach.

    `resolve` holds the entries of `--resolve`. `named` are further origins that may be reached. `addresses` are those
    that the target's name resolves to.
    """
    host, port = endpoint_of(target)
    placed = frozenset(endpoint for endpoint, _ in resolve)
    moved = (host, port) in placed or ("*", port) in placed
    own = private or is_private(host) or (not moved and any(map(is_private, addresses)))
    written = (
        target,
        *(text if "://" in text else f"{scheme}://{text}" for text in named for scheme in ("https", "http")),
    )
    return Reach(own, placed, frozenset(origin for origin in map(origin_of, written) if origin is not None))

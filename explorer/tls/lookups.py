"""Looks up many names at once, so that names without an answer do not keep other names waiting.

getaddrinfo(3) blocks its thread until the resolver gives up, after half a minute or more, and cannot be cancelled.
asyncio's default executor has only a few threads, which a page full of dead names would occupy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.tls.connect import Unanswered, Unreachable, no_address

Ask = Callable[[str, int], tuple[str, ...]]
"""Takes a host and a port, blocks until the addresses of the host are known, and returns them.

Raises OSError (`socket.gaierror`) or UnicodeError if there are none. Any other exception counts as no answer."""
_Outcome = tuple[str, ...] | OSError | UnicodeError

MOST = 16
"""At most this many lookups run at a time for whole pages, and as many for everything else."""


def ask_resolver(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, from this machine's resolver (getaddrinfo(3))."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class Lookups:
    """The lookups of one event loop. If a name is being looked up already, a second request waits for that answer.

    Lookups for whole pages have their own threads. So they never wait for lookups of resources that are embedded in
    pages."""

    ask: Ask = ask_resolver
    most: int = MOST
    _asked: dict[tuple[str, int, bool], asyncio.Future[_Outcome]] = field(default_factory=dict)
    _room: dict[bool, asyncio.Semaphore] = field(init=False)

    def __post_init__(self) -> None:
        self._room = {page: asyncio.Semaphore(self.most) for page in (True, False)}

    async def resolved(self, host: str, port: int, timeout: float, *, page: bool) -> tuple[str, ...]:
        """The addresses of a name. `page` says that a whole page is loaded from there, not a resource within a page.

        Raises Unreachable if there are no addresses, Unanswered if no resolver answers within `timeout` seconds."""
        key = (host, port, page)
        try:
            async with asyncio.timeout(timeout):
                answer = self._asked.get(key)
                if answer is None:
                    await self._room[page].acquire()
                    answer = self._asked.get(key)
                    if answer is None:
                        answer = self._begin(key)
                    else:  # somebody else was first
                        self._room[page].release()
                outcome = await asyncio.shield(answer)
        except TimeoutError:
            raise Unanswered(f"The name {host} could not be resolved within {timeout:g} seconds.") from None
        if isinstance(outcome, Exception):
            raise no_address(host, outcome) from outcome
        if not outcome:
            raise Unreachable(f"The name {host} has no address.")
        return outcome

    def _begin(self, key: tuple[str, int, bool]) -> asyncio.Future[_Outcome]:
        """Start a lookup in a daemon thread, which does not keep the program from ending.

        The caller has acquired a place in `_room`. It is released when the lookup has ended."""
        host, port, page = key
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Outcome] = loop.create_future()
        self._asked[key] = answer

        def ended(outcome: _Outcome) -> None:
            del self._asked[key]
            self._room[page].release()
            answer.set_result(outcome)

        def work() -> None:
            outcome: _Outcome
            try:
                outcome = self.ask(host, port)
            except (OSError, UnicodeError) as error:
                outcome = error
            except Exception as error:  # noqa: BLE001 — whatever it is, the room must be free again
                outcome = OSError(f"{type(error).__name__}: {error}")
            with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                loop.call_soon_threadsafe(ended, outcome)

        try:
            threading.Thread(target=work, name=f"lookup of {host}", daemon=True).start()
        except RuntimeError as error:  # this machine has no thread left
            ended(OSError(str(error)))
        return answer

"""The observing proxy: takes requests on loopback, passes bytes on, and makes a record of each connection."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from types import TracebackType

from explorer.proxy.handshake import Watch
from explorer.proxy.head import read_head
from flows.record import Record

CONNECT_LIMIT = 15.0
MAX_HEAD = 16_384


class ObservingProxy:
    """`async with ObservingProxy() as proxy:` then point a client at `127.0.0.1:proxy.port`.

    `resolve` maps host and port to an address and port, as `--resolve` does; `aliases` maps names that only the client
    knows (an emulator's 10.0.2.2). `say` hears a record when a connection ends: `source` «proxy», `kind` «tunnel», or
    «plain» for an unencrypted request, of which only host and port are told."""

    def __init__(
        self,
        say: Callable[[Record], None],
        resolve: Mapping[tuple[str, int], tuple[str, int]] | None = None,
        clock: Callable[[], float] = time.time,
        *,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self._say, self._resolve, self._clock = say, dict(resolve or {}), clock
        self._aliases = dict(aliases or {})
        self._server: asyncio.Server | None = None
        self._live: set[asyncio.StreamWriter] = set()
        self._tunnels: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> ObservingProxy:
        self._server = await asyncio.start_server(self._client, "127.0.0.1", 0, limit=MAX_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._live):
            writer.close()
        await asyncio.gather(*self._tunnels, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tunnels.add(task)
            task.add_done_callback(self._tunnels.discard)
        self._live.add(writer)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            pass  # the client went, or spoke no HTTP: there is nothing to tell
        finally:
            self._live.discard(writer)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_LIMIT)
        wish = read_head(head)
        if wish is None:
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        started, watch, kind = self._clock(), Watch(), "plain" if wish.head else "tunnel"
        try:
            far_reader, far_writer = await self._dial(wish.host, wish.port)
        except (OSError, TimeoutError) as error:
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            self._tell(kind, started, wish.host, wish.port, "unreachable", watch, str(error))
            return
        self._live.add(far_writer)
        if wish.head:
            far_writer.write(wish.head)
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ended = await self._pass(reader, writer, far_reader, far_writer, watch)
        watch.client_ended_first = ended.endswith("client")
        self._live.discard(far_writer)
        self._tell(kind, started, wish.host, wish.port, "plain" if wish.head else watch.outcome, watch, ended)

    async def _dial(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        address = self._resolve.get((host, port), (self._aliases.get(host, host), port))
        return await asyncio.wait_for(asyncio.open_connection(*address), CONNECT_LIMIT)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter, watch: Watch,
    ) -> str:  # fmt: skip
        """Both ways until both have ended; who ended first, and whether by a reset."""
        order: list[str] = []

        async def way(source: asyncio.StreamReader, target: asyncio.StreamWriter, who: str) -> None:
            how = "closed"
            try:
                while data := await source.read(65_536):
                    watch.feed(who == "client", data)
                    target.write(data)
                    await target.drain()
            except ConnectionError:
                how = "reset"
            order.append(f"{how} by {who}")
            with contextlib.suppress(OSError, RuntimeError):
                if how == "closed" and target.can_write_eof():
                    target.write_eof()
                else:
                    target.close()

        async with asyncio.TaskGroup() as group:
            group.create_task(way(reader, far_writer, "client"))
            group.create_task(way(far_reader, writer, "server"))
        far_writer.close()
        return order[0]

    def _tell(self, kind: str, started: float, host: str, port: int, outcome: str, watch: Watch, ended: str) -> None:
        data = {
            "host": host, "port": port, "outcome": outcome, "sni": watch.hello.sni, "alpn": list(watch.hello.alpn),
            "version": watch.version, "client_alert": watch.client.alert, "server_alert": watch.server.alert,
            "ended": ended, "answered": watch.answered, "finished": self._clock(),
        }  # fmt: skip
        self._say(Record(started, "proxy", kind, data))

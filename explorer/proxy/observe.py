"""The observing proxy: accepts requests on loopback, forwards bytes, and records each connection."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType

from explorer.proxy.handshake import Watch
from explorer.proxy.head import read_head
from explorer.proxy.ways import CONNECT_LIMIT, Inside, Ways
from flows.record import Record

MAX_HEAD = 16_384


@dataclass(slots=True)
class _Connection:
    """A connection that a client requested through the proxy, and what is known of it so far."""

    id: str
    kind: str
    started: float
    host: str
    port: int
    address: str = ""
    of: str = ""
    watch: Watch = field(default_factory=Watch)


class ObservingProxy:
    """A proxy on loopback that records each connection. Its address for clients is `127.0.0.1:proxy.port`.

    Use it as `async with ObservingProxy(say) as proxy:`. `resolve` maps host and port to an address and port, as
    `--resolve` does. With `only_resolved`, nothing else is reachable. `aliases` maps names that only the client knows
    (an emulator's 10.0.2.2) to addresses, and `inside` opens connections to the client's own loopback (see `Ways`). `say` is called with a record at the server's first response (`ended` is
    «open») and at the end of the connection, both with the same `id`. The record's `source` is «proxy». Its `kind` is
    «tunnel», or «plain» for an unencrypted request. A plain request has no TLS data and no record at the first
    response. `owner` tells whose a connection is, before the client gets its answer; the record has that as `of`."""

    def __init__(
        self,
        say: Callable[[Record], None],
        resolve: Mapping[tuple[str, int], tuple[str, int]] | None = None,
        clock: Callable[[], float] = time.time,
        *,
        aliases: Mapping[str, str] | None = None,
        only_resolved: bool = False,
        owner: Callable[[], Awaitable[str]] | None = None,
        inside: Inside | None = None,
    ) -> None:
        self._owner = owner
        self._say, self._clock = say, clock
        self.ways = Ways(dict(resolve or {}), dict(aliases or {}), only_resolved, inside)
        self._server: asyncio.Server | None = None
        self._live: set[asyncio.StreamWriter] = set()
        self._tunnels: set[asyncio.Task[None]] = set()
        self._open: dict[str, _Connection] = {}
        self._count = 0
        self.port = 0
        self.addresses: dict[tuple[str, int], str] = {}
        """Host and port → the address of the last connection to it."""

    def standing(self) -> list[Record]:
        """Records of the connections that are still open, for example because the server never responds."""
        return [self._record(c, c.watch.outcome, "open") for c in self._open.values()]

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
            pass  # the client left, or sent no HTTP: there is nothing to record
        finally:
            self._live.discard(writer)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (
            head,
            owner,
        ) = await asyncio.gather(  # the owner is asked for at once: an idle connection is in the table as well
            asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_LIMIT),
            self._owner() if self._owner is not None else _nobody(),
        )
        asked = read_head(head)
        if asked is None:
            writer.write(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        self._count += 1
        kind = "plain" if asked.head else "tunnel"
        connection = _Connection(f"tunnel-{self._count}", kind, self._clock(), asked.host, asked.port)
        connection.of = owner
        try:
            far_reader, far_writer, first = await self.ways.open(asked)
        except (OSError, TimeoutError) as error:
            self._say(self._record(connection, "unreachable", str(error), why=_why(error)))
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        connection.address = self.addresses[asked.host, asked.port] = str(far_writer.get_extra_info("peername")[0])
        self._open[connection.id] = connection
        self._live.add(far_writer)
        if first:
            far_writer.write(first)
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            ended = await self._pass(reader, writer, far_reader, far_writer, connection)
        finally:
            self._live.discard(far_writer)
            del self._open[connection.id]
        connection.watch.client_ended_first = ended.endswith("client")
        self._say(self._record(connection, "plain" if asked.head else connection.watch.outcome, ended))

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
        connection: _Connection,
    ) -> str:
        """Forward both directions until both have ended. Returns how the first one ended: «reset by server»."""
        order: list[str] = []
        watch = connection.watch

        async def way(source: asyncio.StreamReader, target: asyncio.StreamWriter, who: str) -> None:
            how = "closed"
            try:
                while data := await source.read(65_536):
                    before = watch.answered
                    watch.feed(who == "client", data)
                    if watch.answered and not before:
                        self._say(self._record(connection, watch.outcome, "open"))
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

    def _record(self, connection: _Connection, outcome: str, ended: str, *, why: str = "") -> Record:
        watch = connection.watch
        data = {
            "id": connection.id,
            "host": connection.host,
            "port": connection.port,
            "address": connection.address,
            "of": connection.of,
            "outcome": outcome,
            "sni": watch.hello.sni,
            "alpn": list(watch.hello.alpn),
            "version": watch.version,
            "client_alert": watch.client.alert,
            "server_alert": watch.server.alert,
            "ended": ended,
            "answered": watch.answered,
            "finished": self._clock(),
            "why": why,
        }
        return Record(connection.started, "proxy", connection.kind, data)


def _why(error: Exception) -> str:
    """Why a server could not be reached, in a word: `refused`, `dns`, `timeout` or `unreachable`."""
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, socket.gaierror):
        return "dns"
    return "timeout" if isinstance(error, TimeoutError) else "unreachable"


async def _nobody() -> str:
    """The owner of a connection where nobody tells owners."""
    return ""

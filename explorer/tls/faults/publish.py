"""A small HTTP server on loopback that publishes CRLs, OCSP responses and issuer certificates."""

from __future__ import annotations

import asyncio
import contextlib

from explorer.tls.faults.recipe import Responder


class Publisher:
    """The HTTP server. After `start`, `publish` returns the URLs to put into certificates.

    `asked` are the paths that were requested."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self._address = address
        self._answers: dict[str, Responder] = {}
        self._server: asyncio.Server | None = None
        self._live: set[asyncio.Task[None]] = set()
        self.asked: list[str] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, self._address, 0)

    def publish(self, path: str, answer: Responder) -> str:
        """Answer requests for `path` with what `answer` returns. Returns the URL.

        Raises RuntimeError before `start`."""
        if self._server is None:
            raise RuntimeError("start the publisher first: its port is part of the URLs")
        self._answers[path] = answer
        host = f"[{self._address}]" if ":" in self._address else self._address
        return f"http://{host}:{self._server.sockets[0].getsockname()[1]}{path}"

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            live = tuple(self._live)
            for task in live:
                task.cancel()
            await asyncio.gather(*live, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._live.add(task)
        try:
            await self._answer(reader, writer)
        except asyncio.CancelledError:
            pass  # `close` cancels open requests; nobody awaits this task
        finally:
            self._live.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1]
            length = next(
                (int(line.split(":")[1]) for line in head.lower().splitlines() if line.startswith("content-length:")), 0
            )
            body = await reader.readexactly(min(length, 1 << 16))
            self.asked.append(path)
            answer = self._answers.get(path if path in self._answers else f"/{path.split('/')[1]}")
            content = answer(body) if answer else b""
            status = "200 OK" if answer else "404 Not Found"
            kind = "application/ocsp-response" if path.startswith("/ocsp") else "application/octet-stream"
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
                "Connection: close\r\n\r\n".encode()
                + content
            )
            await writer.drain()

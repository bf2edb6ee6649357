"""Half-open connections keep nobody out, and leave no flood of messages. A server of its own, with few open files."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from aiohttp import ClientSession, ClientTimeout

SERVE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
from explorer.server.connections import Connection
Connection.patience = float(sys.argv.pop(1))
from explorer.cli import main
main(sys.argv[1:], prog_name="trustwalk")
"""


@contextlib.contextmanager
def _serving(runs: Path, headers: float) -> Iterator[tuple[str, int, Path]]:
    log = runs / "log"
    with log.open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, str(headers), "serve", "--port", "0", "--runs", str(runs)],
            stdout=subprocess.PIPE,
            stderr=err,
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        yield url, int(url.split(":")[2].split("/")[0]), log
    finally:
        process.terminate()
        process.wait(30)
        assert process.stdout is not None
        process.stdout.close()


async def _asked(url: str) -> int:
    async with ClientSession(timeout=ClientTimeout(30)) as session, session.get(url, allow_redirects=False) as answer:
        return answer.status


async def test_three_hundred_half_requests_keep_nobody_out(tmp_path: Path) -> None:
    with _serving(tmp_path, headers=600) as (url, port, log), contextlib.ExitStack() as stack:
        for _ in range(300):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            half.sendall(b"GET / HTTP/1.1\r\nHost: x")
        assert await _asked(url) < 500
        assert log.read_text().count("Traceback") == 0


async def test_a_request_that_does_not_come_is_given_up(tmp_path: Path) -> None:
    with _serving(tmp_path, headers=0.2) as (url, port, _):
        for words in (b"", b"GET / HTTP/1.1\r\nHo", b"GET /none HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(words)
            with contextlib.suppress(ConnectionError):
                async with asyncio.timeout(30):
                    await reader.read()
            writer.close()
        assert await _asked(url) < 500

"""Real clients, each in one version of TLS, that trust the root of the fault lab."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path

HOST = "tickets.desk.test"
Client = Callable[[int, Path, str], Awaitable[bool]]
"""Asks `HOST` at a port of loopback, with a file of roots, in a version («1.2», «1.3»). Whether it was answered."""
PATIENCE = 4.0
"""Seconds after which a client gives up: longer than a server may take before it counts as silent."""


async def python(port: int, roots: Path, version: str) -> bool:
    """Python's own ssl, which is OpenSSL."""
    context = ssl.create_default_context(cafile=str(roots))
    only = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.minimum_version = context.maximum_version = only
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=HOST)
            writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            answer = await reader.read()
            writer.close()
            return answer.startswith(b"HTTP/1.1 200")
    except (OSError, ssl.SSLError, TimeoutError, asyncio.IncompleteReadError):
        return False


async def curl(port: int, roots: Path, version: str) -> bool:
    """The system's curl."""
    return await _ran(
        "curl",
        "--silent",
        "--fail",
        "--noproxy",
        "*",
        "--max-time",
        str(PATIENCE),
        "--cacert",
        str(roots),
        f"--tlsv{version}",
        "--tls-max",
        version,
        "--resolve",
        f"{HOST}:{port}:127.0.0.1",
        f"https://{HOST}:{port}/",
    )


async def openssl(port: int, roots: Path, version: str) -> bool:
    """openssl s_client, which verifies and says hello."""
    return await _ran(
        "timeout",
        str(PATIENCE),
        "openssl",
        "s_client",
        "-connect",
        f"127.0.0.1:{port}",
        "-servername",
        HOST,
        "-CAfile",
        str(roots),
        f"-tls{version.replace('.', '_')}",
        "-verify_return_error",
        "-verify_hostname",
        HOST,
        "-ign_eof",
        "-quiet",
        given=f"GET / HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode(),
    )


async def _ran(program: str, *arguments: str, given: bytes = b"") -> bool:
    found = shutil.which(program)
    assert found is not None, f"{program} is missing; install it"
    running = await asyncio.create_subprocess_exec(
        found,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await running.communicate(given)
    return running.returncode == 0


CLIENTS: dict[str, Client] = {"python": python, "curl": curl, "openssl": openssl}

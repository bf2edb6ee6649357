"""The real tcpdump on loopback, while real clients meet the servers of the fault lab."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

PACKAGES = ("tcpdump", "libpcap0.8", "libdbus-1-3")
"""Debian's packages of tcpdump, and of its libraries that a small system may lack."""
KEPT = Path(tempfile.gettempdir(), f"trustwalk-tcpdump-{os.getuid()}")
_LAST = b"this is the last packet of the capture"


@cache
def tcpdump() -> tuple[str, dict[str, str]]:
    """The program and its environment. It is fetched from Debian if it is not there; nothing is installed."""
    found = shutil.which("tcpdump") or shutil.which("tcpdump", path="/usr/sbin:/sbin")
    if found is not None:
        return found, dict(os.environ)
    root = KEPT / "root"
    if not (KEPT / "done").exists():
        with tempfile.TemporaryDirectory() as folder:
            for command in (["apt-get", "update", "-qq"], ["apt-get", "download", "-qq", *PACKAGES]):
                subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            for package in sorted(Path(folder).glob("*.deb")):
                subprocess.run(["dpkg-deb", "-x", package, root], check=True)
        (KEPT / "done").touch()
    program = next(root.glob("usr/*bin/tcpdump"))
    libraries = ":".join(str(path) for path in root.glob("usr/lib/*-linux-gnu"))
    return str(program), {**os.environ, "LD_LIBRARY_PATH": libraries}


@asynccontextmanager
async def captured(file: Path, port: int, *options: str) -> AsyncIterator[None]:
    """Captures what goes to and from a port of loopback. The file is complete when this ends."""
    program, environment = await asyncio.to_thread(tcpdump)
    # In its default buffer, tcpdump keeps eight of the largest packets, and the kernel drops what comes meanwhile.
    room = ["-B", "32768", "-s", "70000"]
    command = [program, "-i", "lo", "--immediate-mode", *room, "-U", "-w", str(file), *options, "port", str(port)]
    running = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE, env=environment)
    assert running.stderr is not None
    said = b""
    try:
        async with asyncio.timeout(20):
            while b"listening on" not in said:
                line = await running.stderr.readline()
                said += line
                assert line, f"tcpdump cannot capture; it needs root, or the capability cap_net_raw: {said.decode()}"
        yield
        async with asyncio.timeout(20):
            await _wait_for_last(file, port)
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGINT)
        await running.communicate()


async def _wait_for_last(file: Path, port: int) -> None:
    """Send packets of our own until one is in the file: all earlier ones are in it, too. The kernel may drop some."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        while _LAST not in await asyncio.to_thread(file.read_bytes):
            sender.sendto(_LAST, ("127.0.0.1", port))
            await asyncio.sleep(0.02)

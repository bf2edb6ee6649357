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

KEPT = Path(tempfile.gettempdir(), f"trustwalk-tcpdump-{os.getuid()}")
_LAST = b"this is the last packet of the capture"
AS_ROOT = [] if os.getuid() == 0 else ["sudo", "-n"]
"""Capturing needs root: on a machine of CI, sudo asks for no password."""


@cache
def tcpdump() -> list[str]:
    """The command that runs it. It is fetched from Debian, with what it needs, if it is not there; nothing is installed."""
    found = shutil.which("tcpdump") or shutil.which("tcpdump", path="/usr/sbin:/sbin")
    if found is not None:
        return [*AS_ROOT, found]
    if not KEPT.exists():
        made = Path(tempfile.mkdtemp(prefix="trustwalk-tcpdump-"))
        _fetch(made)
        try:
            made.rename(KEPT)
        except OSError:  # another worker was quicker
            shutil.rmtree(made)
    root = KEPT / "root"
    program = next(root.glob("usr/*bin/tcpdump"))
    libraries = ":".join(str(path) for path in root.glob("usr/lib/*-linux-gnu"))
    return [*AS_ROOT, "env", f"LD_LIBRARY_PATH={libraries}", str(program)]


def _fetch(folder: Path) -> None:
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True)
    fetch = ["apt-get", "install", "--yes", "--no-install-recommends", "--download-only", "-qq"]
    fetch += ["-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1", "tcpdump"]
    if subprocess.run(fetch, check=False, capture_output=True).returncode:
        subprocess.run([*AS_ROOT, "apt-get", "update", "-qq"], check=True, capture_output=True)
        subprocess.run(fetch, check=True, capture_output=True)
    for package in sorted(archives.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", package, folder / "root"], check=True)


@asynccontextmanager
async def captured(file: Path, port: int, *options: str) -> AsyncIterator[None]:
    """Captures what goes to and from a port of loopback. The file is complete when this ends."""
    program = await asyncio.to_thread(tcpdump)
    # In its default buffer, tcpdump keeps eight of the largest packets, and the kernel drops what comes meanwhile.
    room = ["-B", "32768", "-s", "70000", "-Z", "root"]  # its own user exists only where it is installed
    command = [*program, "-i", "lo", "--immediate-mode", *room, "-U", "-w", str(file), *options, "port", str(port)]
    running = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
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
            await asyncio.to_thread(_end, running.pid)
        await running.communicate()


def _end(process: int) -> None:
    """End a process that may be another user's."""
    if AS_ROOT:
        subprocess.run([*AS_ROOT, "kill", "-INT", str(process)], check=True)
    else:
        os.kill(process, signal.SIGINT)


async def _wait_for_last(file: Path, port: int) -> None:
    """Send packets of our own until one is in the file: all earlier ones are in it, too. The kernel may drop some."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        while _LAST not in await asyncio.to_thread(file.read_bytes):
            sender.sendto(_LAST, ("127.0.0.1", port))
            await asyncio.sleep(0.02)

"""Servers of foreign apps as processes of their own on loopback."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

NOWHERE = "http://127.0.0.1:9"
"""What an app would send elsewhere goes to this closed port."""
KEPT_IN = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}


def free_port() -> int:
    """A port of loopback that nobody listens on, below those that the system gives to outgoing connections.

    One of those might be taken by a connection between now and when the server is up; and no port is given twice."""
    for port in _PORTS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No port between 12,000 and 32,000 is free; end what listens on loopback.")


_PORTS = iter(random.sample(range(12_000, 32_000), 20_000))


@contextmanager
def running(
    command: Sequence[str | Path], url: str, log: Path, *, env: Mapping[str, str], cwd: Path | None = None
) -> Iterator[None]:
    """A server process, up when `url` answers; ended by its own pid. Raises RuntimeError with its log if it does not come up."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=dict(env), cwd=cwd, start_new_session=True)
        try:
            _wait_until_up(url, process, log)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # its workers, too: the group is its own
            process.wait(timeout=20)


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} did not answer within a minute.")

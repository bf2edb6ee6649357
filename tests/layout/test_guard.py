"""The guard of tests/conftest.py holds, and cannot be got around by catching what it raises."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

LEAVES = """
import asyncio, contextlib, socket

def test_plain():
    socket.create_connection(("192.0.2.1", 443), timeout=1)

def test_swallowed():
    with contextlib.suppress(OSError):
        socket.create_connection(("192.0.2.1", 443), timeout=1)

def test_six():
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as six:
        six.connect(("2001:db8::1", 443))

def test_datagram():
    with contextlib.suppress(OSError), socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", ("192.0.2.1", 53))

def test_in_a_loop():
    async def leave():
        with contextlib.suppress(OSError):
            await asyncio.open_connection("192.0.2.1", 443)
    asyncio.run(leave())
"""

STAYS = """
import asyncio, os, socket

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass

def test_unix():
    left, right = socket.socketpair()
    left.close(), right.close()

def test_environment():
    assert "HTTPS_PROXY" not in os.environ and "https_proxy" not in os.environ
    assert "SSL_CERT_FILE" not in os.environ and "TRUSTWALK_LOGIN" not in os.environ
"""


def outcome(tmp_path: Path, code: str) -> dict[str, int]:
    """Run `code` as a test file under the real conftest, and count how its tests ended."""
    shutil.copyfile(Path(__file__).parents[1] / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "test_planted.py").write_text(code)
    planted = {"HTTPS_PROXY": "http://x", "https_proxy": "http://x", "SSL_CERT_FILE": "/x", "TRUSTWALK_LOGIN": "a:b"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--rootdir", str(tmp_path), str(tmp_path)],
        env={**os.environ, **planted},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    summary = run.stdout.rpartition("short test summary info")[2].splitlines()
    names = {"PASSED": set[str](), "FAILED": set[str](), "ERROR": set[str]()}
    for line in summary:
        word, _, rest = line.partition(" ")
        if word in names:
            names[word].add(rest.partition(" - ")[0])
    return {"bad": len(names["FAILED"] | names["ERROR"]), "good": len(names["PASSED"] - names["ERROR"])}


def test_what_leaves_the_machine_fails_even_if_the_refusal_was_swallowed(tmp_path: Path) -> None:
    assert outcome(tmp_path, LEAVES) == {"bad": LEAVES.count("def test_"), "good": 0}


def test_loopback_and_a_clean_environment_pass(tmp_path: Path) -> None:
    assert outcome(tmp_path, STAYS) == {"bad": 0, "good": STAYS.count("def test_")}


def test_the_guard_is_on_in_this_very_test(request: pytest.FixtureRequest) -> None:
    assert {"clean_environment", "stay_on_this_machine"} <= set(request.fixturenames)
    assert socket.socket.connect is not getattr(socket, "_socket").socket.connect  # noqa: B009

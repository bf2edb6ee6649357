"""The real mitmdump, in an environment of its own, writes flows while it meets the fault lab's servers; they are told right."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from explorer.evidence.files import recording_in
from explorer.evidence.source import opened
from explorer.evidence.wording import meaning
from explorer.lab.demo.app import held
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from flows.diagnosis import Cause
from tests.explorer.evidence.capture.clients import HOST

VERSION = "mitmproxy==11.0.2"
KEPT = Path(tempfile.gettempdir(), f"trustwalk-{VERSION}")


@cache
def mitmdump() -> Path:
    """The program, installed by pip into an environment that only this test uses."""
    if not (KEPT / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", KEPT], check=True)
        subprocess.run(
            [KEPT / "bin/python", "-m", "pip", "install", "-q", VERSION], check=True, stderr=subprocess.DEVNULL
        )
        (KEPT / "done").touch()
    return KEPT / "bin/mitmdump"


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("healthy", None),
        ("expired", Cause.EXPIRED),
        ("hostname-mismatch", Cause.HOSTNAME_MISMATCH),
        ("self-signed", Cause.SELF_SIGNED),
        ("untrusted-ca", Cause.UNTRUSTED_CA),
        ("not-tls", Cause.NOT_TLS),
        ("weak-protocol", Cause.WEAK_PROTOCOL),
    ],
)
async def test_a_flow_tells_what_mitmproxy_met(fault: str, cause: Cause | None, tmp_path: Path) -> None:
    program = await asyncio.to_thread(mitmdump)
    authority = await asyncio.to_thread(Authority.create)
    roots, file = tmp_path / "root.pem", tmp_path / "flows"
    roots.write_bytes(authority.root_pem)
    with held() as place:
        port = place.getsockname()[1]
    async with await serve(authority, [HOST], None, fault) as front:
        running = await asyncio.create_subprocess_exec(
            program,
            "--listen-host",
            "127.0.0.1",
            "-p",
            str(port),
            "-w",
            str(file),
            "--set",
            f"confdir={tmp_path / 'home'}",
            "--set",
            f"ssl_verify_upstream_trusted_ca={roots}",
            "--set",
            "keep_host_header=true",
            "--mode",
            f"reverse:https://127.0.0.1:{front.port}",
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            await _until_it_listens(running)
            await _ask(port)
        finally:
            running.terminate()
            await running.communicate()
    with opened(str(file), io.BytesIO()) as source:
        [found] = recording_in(source).requests
    assert found.url.startswith(f"https://{HOST}")
    if cause is None:
        assert found.status == 200 and not found.error
    else:
        assert found.status == 0 and cause in meaning(found.error).causes


async def _until_it_listens(running: asyncio.subprocess.Process) -> None:
    assert running.stdout is not None
    async with asyncio.timeout(60):
        while line := await running.stdout.readline():
            if b"listening" in line:
                return
    raise AssertionError("mitmdump ended before it listened")


async def _ask(port: int) -> None:
    asked = await asyncio.create_subprocess_exec(
        "curl",
        "--silent",
        "--insecure",
        "--noproxy",
        "*",
        "--max-time",
        "10",
        "--resolve",
        f"{HOST}:{port}:127.0.0.1",
        f"https://{HOST}:{port}/v1/tickets?token=secret",
        stdout=asyncio.subprocess.DEVNULL,
    )
    await asked.communicate()

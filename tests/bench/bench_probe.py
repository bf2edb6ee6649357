"""One probe of one host, beside sslyze's `certinfo` on the same host.

sslyze is AGPL: the bench installs it into an environment of its own (`.bench/`), starts it there as a program of its
own, and only reads the times that it prints. Nothing of Trustwalk imports it. The server is a third process.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Awaitable, Callable
from pathlib import Path

from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".bench" / "sslyze"
SSLYZE = "sslyze==6.3.1"
HOST = "bench.desk.test"
FAULTS = ("healthy", "expired", "incomplete-chain")
ROUNDS = 11

RIVAL = """
import json, sys, time
from pathlib import Path
from sslyze import (CertificateInfoExtraArgument, ScanCommand, ScanCommandsExtraArguments, Scanner, ServerNetworkLocation,
                    ServerScanRequest)
host, port, root, rounds = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
took = []
for _ in range(rounds):
    begun = time.perf_counter()
    scanner = Scanner()
    scanner.queue_scans([ServerScanRequest(
        ServerNetworkLocation(host, port=port, ip_address="127.0.0.1"), scan_commands={ScanCommand.CERTIFICATE_INFO},
        scan_commands_extra_arguments=ScanCommandsExtraArguments(
            certificate_info=CertificateInfoExtraArgument(custom_ca_file=root)))])
    for result in scanner.get_results():
        assert result.scan_result.certificate_info.result.certificate_deployments
    took.append(time.perf_counter() - begun)
print(json.dumps(took))
"""


def rival() -> Path:
    """The Python of sslyze's own environment, made at the first call. Raises CalledProcessError without a network."""
    python = HOME / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(HOME, with_pip=True)
    if subprocess.run([python, "-c", "import sslyze"], capture_output=True, check=False).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", SSLYZE], check=True, stdout=subprocess.DEVNULL)
    return python


async def hold(folder: Path) -> None:
    """The server's own process: one front for each fault; their ports go to stdout, the root into the folder."""
    authority = Authority.create()
    (folder / "root.pem").write_bytes(authority.root_pem)
    fronts = [await serve(authority, [HOST], None, fault) for fault in FAULTS]
    print(json.dumps([front.port for front in fronts]), flush=True)
    await asyncio.Event().wait()


async def timed(once: Callable[[], Awaitable[object]]) -> list[float]:
    took = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        await once()
        took.append(time.perf_counter() - begun)
    return took


def line(name: str, took: list[float]) -> str:
    return f"{name:34} {1000 * statistics.median(took):6.0f} ms (worst {1000 * max(took):.0f})"


async def compare(fault: str, port: int, root: Path, python: Path | None) -> None:
    """Print the medians of one fault: a whole probe with its diagnosis, one handshake as third parties get, sslyze."""
    trust = TrustStore.load([root])

    async def whole() -> None:
        diagnose(await probe(HOST, port, address="127.0.0.1", trust=trust))

    async def once() -> None:
        diagnose(await probe(HOST, port, address="127.0.0.1", trust=trust, third_party=True))

    full = await timed(whole)
    print(line(f"{fault}: probe and diagnosis", full))
    print(line(f"{fault}: one handshake only", await timed(once)))
    if python is not None:
        asked = await asyncio.create_subprocess_exec(
            python, "-W", "ignore", "-c", RIVAL, HOST, str(port), root, str(ROUNDS), stdout=asyncio.subprocess.PIPE
        )
        said, _ = await asked.communicate()
        theirs = json.loads(said)
        print(line(f"{fault}: sslyze, certinfo", theirs))
        print(f"{fault}: {statistics.median(full) / statistics.median(theirs):.2f} of sslyze's time; aim: less than 1")


async def main() -> None:
    """Medians of several rounds, on a loopback server."""
    try:
        python: Path | None = rival()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"sslyze could not be installed ({error}): our own time only")
        python = None
    with tempfile.TemporaryDirectory() as name:
        server = await asyncio.create_subprocess_exec(
            sys.executable, __file__, name, stdout=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        assert server.stdout is not None
        try:
            for fault, port in zip(FAULTS, json.loads(await server.stdout.readline()), strict=True):
                await compare(fault, port, Path(name, "root.pem"), python)
        finally:
            server.terminate()
            await server.wait()


if __name__ == "__main__":
    asyncio.run(hold(Path(sys.argv[1])))

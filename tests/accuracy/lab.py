"""What each client says of each fault of the lab, and what the probe says: a table, measured where the client is at hand.

python tests/accuracy/lab.py prints it; tests/accuracy/run.py writes it into docs/measured/. Chromium's words are those
that `tests/explorer/tls/faults/live_web/test_front_chromium.py` holds a real Chromium to. curl (with OpenSSL) and Java are asked here if
they are installed. The other clients are judged by `explorer.tls.client_verdicts`, which is said.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from explorer.tls.client_verdicts import CLIENT_NAMES
from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.known import ALL_FAULTS
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault
from explorer.tls.lifetime import expiring
from explorer.tls.oddities import oddities
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Diagnosis

HOST = "chat.desk.test"
PATIENCE = 3
"""Seconds that curl and Java wait for one server."""
MEASURED = frozenset({"chromium", "openssl", "java"})
CLIENT = Path(__file__).with_name("JavaClient.java")


@dataclass(frozen=True, slots=True)
class Row:
    fault: Fault
    diagnosis: Diagnosis
    findings: tuple[str, ...]
    curl: str = "not asked"
    java: str = "not asked"


async def _said(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    out, _ = await process.communicate()
    return out.decode("utf-8", "replace")


async def ask_curl(port: int, root: Path) -> str:
    """curl's own words, or «ok»."""
    if not shutil.which("curl"):
        return "not at hand"
    said = await _said(
        "curl",
        "-s",
        "-o",
        "/dev/null",
        "--noproxy",
        "*",
        "-m",
        str(PATIENCE),
        "--cacert",
        str(root),
        "--resolve",
        f"{HOST}:{port}:127.0.0.1",
        "-w",
        "%{http_code} %{errormsg}",
        f"https://{HOST}:{port}/",
    )
    status, _, words = said.partition(" ")
    return (words or "ok") if words or status == "200" else f"status {status}"


async def ask_java(ports: Sequence[int], root: Path) -> list[str]:
    """One line for each port: Java's exception, or «ok»."""
    if not shutil.which("javac") or not shutil.which("java"):
        return ["not at hand"] * len(ports)
    said = await _said("java", str(CLIENT), HOST, str(root), str(PATIENCE * 1000), *map(str, ports))
    lines = said.splitlines()
    return lines if len(lines) == len(ports) else ["not at hand"] * len(ports)


async def measure() -> list[Row]:
    """Every fault once."""
    authority = Authority.create()
    trust = TrustStore((), (authority.root.certificate,), "the lab's root")
    rows = []
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        root = folder / "root.pem"
        root.write_bytes(authority.root_pem)
        faults = list(ALL_FAULTS.values())
        fronts = [
            await stack.enter_async_context(await serve(authority, [HOST], None, None if f.side == "client" else f))
            for f in faults
        ]
        java = await ask_java([front.port for front in fronts], root)
        for fault, front, words in zip(faults, fronts, java, strict=True):
            now = datetime.now(tz=UTC) + fault.skew
            evidence = await probe(
                HOST, front.port, address="127.0.0.1", trust=trust, private=True, timeout=2.0, now=now
            )
            found = tuple(f.kind for f in (*oddities(evidence), *expiring(evidence, now)))
            theirs = {"curl": await ask_curl(front.port, root), "java": words} if fault.side != "client" else {}
            diagnosis = diagnose(evidence)
            rows.append(Row(fault, diagnosis, () if diagnosis.causes else found, **theirs))
    return rows


def disagreements(rows: Sequence[Row]) -> list[str]:
    """Where `judge` says otherwise than the client that was asked. For Java the open question is its store alone, and
    here it was given the root: «not observable» stands for «accepts»."""
    wrong = []
    for row in rows:
        said: Mapping[str, str] = {"openssl": row.curl, "java": row.java, "chromium": row.fault.chromium or "ok"}
        for judged in row.diagnosis.clients:
            words = said.get(judged.client, "")
            verdict = "accepts" if judged.client == "java" and judged.verdict == "not-observable" else judged.verdict
            if verdict == "not-observable" or words in ("", "not asked", "not at hand") or row.fault.skew:
                continue
            # A server that answers 400 without a client's certificate has refused, though TLS came about.
            took = words == "ok" and row.fault.name != "client-certificate-required-400"
            if took != (verdict == "accepts"):
                wrong.append(
                    f"{row.fault.name}: {judged.client} {verdict} in the words of the probe, and said «{words}»"
                )
    return wrong


def _judged(row: Row) -> str:
    names: dict[str, list[str]] = {"refuses": [], "not-observable": []}
    for judged in row.diagnosis.clients:
        if judged.client not in MEASURED and judged.verdict in names:
            names[judged.verdict].append(CLIENT_NAMES[judged.client])
    return (
        "; ".join(
            f"{word}: {', '.join(who)}"
            for word, who in zip(("refuse", "not observable"), names.values(), strict=True)
            if who
        )
        or "accept"
    )


def _cell(text: str) -> str:
    plain = re.sub(r"127\.0\.0\.1:\d+|port \d+", "…", " ".join(text.split()))
    return plain.replace("|", "\\|").replace("<", "&lt;")[:170]


def table(rows: Sequence[Row]) -> str:
    """Markdown."""
    head = "| fault | what it is | cause or finding | Chromium | curl (OpenSSL) | Java | judged, not asked | the probe says |"
    lines = [head, "|" + "---|" * 8]
    for row in rows:
        causes = ", ".join(f"`{c.value}`" for c in row.diagnosis.causes)
        named = causes or ", ".join(f"finding `{k}`" for k in row.findings) or "–"
        why = row.diagnosis.why if row.diagnosis.causes else "no fault"
        cells = (row.fault.about, named, row.fault.chromium or "loads", row.curl, row.java, _judged(row), why)
        lines.append(f"| `{row.fault.name}` | " + " | ".join(map(_cell, cells)) + " |")
    return "\n".join(lines) + "\n"


def figures() -> str:
    """What stands on the page about causes."""
    rows = asyncio.run(measure())
    wrong = disagreements(rows)
    note = "\n".join(f"- {w}" for w in wrong) or "Where a client was asked, it did what `trustwalk probe` says of it."
    return f"{table(rows)}\n{note}\n"


if __name__ == "__main__":
    print(figures())

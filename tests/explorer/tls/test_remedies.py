"""What a report says to paste is pasted, byte for byte, into a real server, and a client that refused it takes it."""

from __future__ import annotations

import asyncio
import html
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from explorer.tls.probe import probe
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Diagnosis
from reports import FORMATS
from reports.journal.events import Diagnosed, IncidentFound, Journal, read
from reports.summary import load
from tests.reports.runs import write_run

HOST = "files.desk.test"
PEM = re.compile(r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?")


async def diagnosed(authority: Authority, trust: TrustStore) -> Diagnosis:
    """Why a server that keeps its intermediate to itself is refused."""
    async with await serve(authority, [HOST], None, "incomplete-chain-aia") as front:
        evidence = await probe(HOST, front.port, address="127.0.0.1", trust=trust, private=True)
    found = diagnose(evidence)
    assert found.causes == (Cause.INCOMPLETE_CHAIN,)
    return found


def told(form: str, diagnosis: Diagnosis, folder: Path) -> str:
    """A report in that format of a run in which this host broke a journey, as its reader copies from it."""
    run = write_run("failed", folder)
    events = list(read(run / "journal.jsonl"))
    (run / "journal.jsonl").unlink()
    host = next(e.incident.host for e in events if isinstance(e, IncidentFound))
    with Journal(run / "journal.jsonl") as journal:
        for event in events:
            mine = isinstance(event, Diagnosed) and event.diagnosis.host == host
            journal.write(Diagnosed(renamed(diagnosis, host)) if mine else event)
    text = FORMATS[form].tell(load(run))
    if form == "html":
        return "\n".join(
            html.unescape(block) for block in re.findall(r"<pre><code>(.*?)</code></pre>", text, re.DOTALL)
        )
    return json.dumps(json.loads(text)["incidents"]).replace("\\n", "\n") if form == "json" else text


def renamed(diagnosis: Diagnosis, host: str) -> Diagnosis:
    return Diagnosis(
        host,
        443,
        diagnosis.causes,
        diagnosis.why,
        diagnosis.decided_by,
        diagnosis.evidence,
        remedies=diagnosis.remedies,
    )


@asynccontextmanager
async def server(chain: str, key: bytes, folder: Path) -> AsyncIterator[int]:
    """A server with exactly these files."""
    (folder / "chain.pem").write_text(chain, encoding="ascii")
    (folder / "key.pem").write_bytes(key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "chain.pem", folder / "key.pem")
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with listening:
        yield listening.sockets[0].getsockname()[1]


async def takes(port: int, root: Path) -> bool:
    """Whether a client that trusts the root alone finishes its handshake."""
    context = ssl.create_default_context(cafile=root)
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=HOST)
    except ssl.SSLCertVerificationError:
        return False
    writer.close()
    return True


@pytest.mark.parametrize("form", ["html", "json", "markdown"])
async def test_the_intermediate_that_a_report_offers_mends_the_server(
    form: str, authority: Authority, trust: TrustStore, root_file: Path, tmp_path: Path
) -> None:
    diagnosis = await diagnosed(authority, trust)
    offered = PEM.findall(told(form, diagnosis, tmp_path / "run"))
    assert offered, "the report offers no whole certificate"
    leaf = authority.leaf([HOST])
    own = leaf.certificate.public_bytes(Encoding.PEM).decode()
    async with server(own, leaf.key_pem, tmp_path) as port:
        assert not await takes(port, root_file)
    async with server(own + offered[0], leaf.key_pem, tmp_path) as port:
        assert await takes(port, root_file)

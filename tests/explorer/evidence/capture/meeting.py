"""A real client meets a server of the fault lab while tcpdump captures it, and the capture is judged."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path

from explorer.evidence.files import recording_in
from explorer.evidence.recording import Recording, session_of
from explorer.evidence.source import opened
from explorer.run.reading import diagnoses_of
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Diagnosis
from flows.journey import load_catalogue
from flows.signals import Family
from tests.explorer.evidence.capture.clients import CLIENTS, HOST
from tests.explorer.evidence.capture.sniffer import captured


@dataclass(frozen=True, slots=True)
class Met:
    """What became of it: whether the client was answered, what the capture holds, and what it was judged to be.

    `errors` are those of TLS. `diagnosis` is None if nothing failed."""

    answered: bool
    recording: Recording
    errors: tuple[str, ...]
    diagnosis: Diagnosis | None

    @property
    def causes(self) -> tuple[Cause, ...]:
        return self.diagnosis.causes if self.diagnosis is not None else ()


async def met(fault: str, client: str, version: str, folder: Path, *options: str) -> Met:
    """`options` are more of tcpdump's. `fault` is a server of the lab, `client` one of `CLIENTS`. The judge trusts the lab's root, as with `--ca`."""
    authority = await asyncio.to_thread(Authority.create)
    roots, file = folder / "root.pem", folder / "loopback.pcap"
    roots.write_bytes(authority.root_pem)
    async with await serve(authority, [HOST], None, fault) as front, captured(file, front.port, *options):
        answered = await CLIENTS[client](front.port, roots, version)
    recording = await asyncio.to_thread(_recording, file)
    log = session_of(recording, load_catalogue())
    trust = await asyncio.to_thread(TrustStore.load, [roots])
    diagnoses = await diagnoses_of(recording, log, trust)
    errors = tuple(s.error for s in log.signals if s.family is Family.TLS)
    return Met(answered, recording, errors, diagnoses.get((HOST, front.port)))


def _recording(file: Path) -> Recording:
    with opened(str(file), io.BytesIO()) as source:
        return recording_in(source)

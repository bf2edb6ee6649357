"""Damaged files of what customers send, and the readers that they go through, down to the judgement and the redacted file."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, load_pem_private_key, pkcs7, pkcs12

from explorer.evidence.certificates import MOST, read_certificate_file
from explorer.evidence.chain_file import judge_file
from explorer.evidence.files import recording_in
from explorer.evidence.redacting import redacted
from explorer.evidence.sniff import INSTEAD, Kind
from explorer.evidence.source import opened
from explorer.run.reading import journal_of
from explorer.tls.faults.mint import Authority, pem
from explorer.tls.trust import TrustStore
from flows.journey import load_catalogue
from tests.explorer.evidence.capture.hellos import hello
from tests.explorer.evidence.capture.packets import (
    CHANGE,
    SERVER,
    Talk,
    alert,
    certificates,
    ethernet,
    ip,
    pcap,
    pcapng,
    record,
    sealed,
    server_hello,
    udp,
)
from tests.explorer.evidence.capture.test_names import answer
from tests.explorer.evidence.hars import entry, har, page
from tests.explorer.evidence.net_logs import connection, net_log, url_request
from tests.explorer.evidence.proxies.sessions import REFUSED, charles, chlsj, fiddler, flow, flows, saz, zipped

Mutate = Callable[[bytes, random.Random], bytes]
URL = "https://tickets.shop.example/v1/tickets"
JOURNEYS = load_catalogue()
TRUST = TrustStore((), (), "no roots")


def files() -> list[bytes]:
    """A whole file of each kind."""
    leaf = Authority.create().leaf(["tickets.shop.example"])
    chain = [pem(certificate).decode() for certificate in leaf.chain]
    alert = base64.b64encode(bytes((2, 40))).decode()
    failed = entry(
        URL, 0, at=9, method="POST", response={"_error": "net::ERR_CERT_DATE_INVALID"}, _resourceType="fetch"
    )
    log = net_log(
        url_request(1, "https://shop.example/contact", kind="main frame", status=200),
        connection(10, "tickets.shop.example", certificates=chain, alert=alert, error=-201),
        url_request(2, URL, at=4000, method="POST", error=-201),
    )
    key = load_pem_private_key(leaf.key_pem, None)
    bag = pkcs12.serialize_key_and_certificates(b"x", key, leaf.certificate, leaf.chain[1:], NoEncryption())  # type: ignore[arg-type]
    copied = f"{URL}\nError code: SEC_ERROR_UNKNOWN_ISSUER\n{''.join(chain)}".encode()
    whole = [har([page(), failed]), log, leaf.key_pem + pem(*leaf.chain), copied]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("session.har", whole[0])
    binary = [
        leaf.certificate.public_bytes(Encoding.DER),
        pkcs7.serialize_certificates(list(leaf.chain), Encoding.DER),
        bag,
    ]
    return [
        *whole * 6,
        *captures(leaf.chain) * 4,
        *sessions() * 4,
        *binary,
        packed.getvalue(),
        gzip.compress(log),
        whole[0].decode().encode("utf-16"),
    ]


def captures(chain: Sequence[x509.Certificate]) -> list[bytes]:
    """Packet captures: TLS 1.2 that shows a chain and an alert, out of order and in small segments, TLS 1.3, DNS, QUIC, STARTTLS."""
    ders = [certificate.public_bytes(Encoding.DER) for certificate in chain]
    flight = record(22, server_hello()) + record(22, certificates(ders))
    first = (
        Talk().opened().says(hello("tickets.shop.example"), size=200).answers(flight, size=300).says(alert(45)).ends()
    )
    choice = record(22, server_hello(0x0304, 0x1301)) + CHANGE
    second = (
        Talk(client_port=41_000)
        .opened()
        .says(b"EHLO a\r\nSTARTTLS\r\n")
        .answers(b"220 go\r\n")
        .says(hello("mail.shop.example"))
    )
    second.answers(choice + sealed(900)).says(CHANGE + sealed(19)).ends()
    six = (
        Talk(client="2001:db8::1", server="2001:db8::7")
        .opened()
        .says(hello("six.shop.example"))
        .ends(by_client=False, reset=True)
    )
    other = [
        (first.time, ethernet(ip(udp(53, 5353, answer("tickets.shop.example", SERVER)), protocol=17))),
        (first.time, ethernet(ip(udp(5000, 443, b"\xc3\0\0\0\1" + bytes(60)), protocol=17), tags=[0x8100])),
    ]
    frames = [*first.frames[:4], *reversed(first.frames[4:7]), *first.frames[7:], *second.frames, *six.frames, *other]
    return [pcap(frames), pcapng(frames), pcap(frames, order=">", nano=True, snapshot=200)]


def sessions() -> list[bytes]:
    """Sessions of proxies."""
    failed = fiddler(2, status="HTTP/1.1 502 Fiddler - Connection Failed", method="POST", body=REFUSED)
    parts = {f"{n}-meta.json": chlsj(charles(error="certificate has expired"))[1:-1] for n in range(3)}
    return [
        saz(fiddler(1), failed),
        chlsj(charles(), charles(method="POST", error="certificate has expired")),
        zipped(parts),
        flows(flow(), flow(error="Certificate verify failed: certificate has expired")),
        flows(*map(timed, (1e308, -1e308, float("inf"), float("nan"), 10**30))),
    ]


def timed(seconds: float) -> dict[str, Any]:
    """A flow whose answer ended at this time."""
    return flow(response={"status_code": 200, "headers": [], "timestamp_end": seconds})


def damaged(mutate: Mutate) -> Callable[[random.Random], Iterator[bytes]]:
    """Damaged copies of these files."""

    def made(chance: random.Random) -> Iterator[bytes]:
        whole = files()
        while True:
            yield mutate(chance.choice(whole), chance)

    return made


def read_evidence(data: bytes, folder: Path) -> bool:
    """Read a file as `trustwalk read` and `trustwalk redact` do. Whether something was understood."""
    (folder / "sent").write_bytes(data)
    with opened(str(folder / "sent"), io.BytesIO()) as source:
        if source.kind in INSTEAD or source.kind is Kind.LOG:
            return False
        if source.kind is Kind.CERTIFICATES:
            found = read_certificate_file("sent", source.whole(MOST))
            asyncio.run(judge_file(found, "", TRUST, datetime.now(tz=UTC), "sent"))
            return True
        recording = recording_in(source)
    (folder / "run").mkdir()
    journal, outcome = asyncio.run(journal_of(recording, JOURNEYS, folder / "run", 1e9, TRUST))
    journal.close()
    if source.kind not in (Kind.PAGE_ERROR, Kind.CAPTURE):
        with opened(str(folder / "sent"), io.BytesIO()) as source:
            for _ in redacted(source):
                pass
    return bool(outcome.logs)

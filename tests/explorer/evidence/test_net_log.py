"""Net logs: the requests in them, and the chain and alerts that decide why a host failed."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer.evidence.files import recording_in
from explorer.evidence.net_log import NetLog, read_net_log
from explorer.evidence.page_error import read_page_error
from explorer.evidence.recorded_evidence import evidence_of, of_client
from explorer.evidence.recording import session_of
from explorer.evidence.sniff import Kind
from explorer.evidence.source import opened
from explorer.monitors.browser.netlog import HostLog
from explorer.run.reading import diagnoses_of
from explorer.targets.error import TargetError
from explorer.tls.faults.mint import Authority, CertificateSpec, pem
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Diagnosis
from readers.json_stream import NotJson
from tests.explorer.evidence.net_logs import connection, event, net_log, url_request

HOST = "tickets.shop.example"
URL = f"https://{HOST}/v1/tickets"
NO_ROOTS = TrustStore((), (), "no roots")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


def read(data: bytes, block: int = 997) -> NetLog:
    def blocks() -> Iterator[bytes]:
        yield from (data[at : at + block] for at in range(0, len(data), block))

    return read_net_log(blocks())


def diagnosed(data: bytes, folder: Path) -> Diagnosis:
    (folder / "net.json").write_bytes(data)
    with opened(str(folder / "net.json"), io.BytesIO()) as source:
        assert source.kind is Kind.NET_LOG
        seen = recording_in(source)
    [diagnosis] = asyncio.run(diagnoses_of(seen, session_of(seen, ()), NO_ROOTS)).values()
    return diagnosis


def failed(error: int, **told: Any) -> bytes:
    return net_log(connection(10, HOST, error=error, **told), url_request(1, URL, method="POST", error=error))


def test_requests_are_told_with_how_they_ended() -> None:
    log = read(
        net_log(
            url_request(
                1,
                "https://shop.example/",
                kind="main frame",
                status=200,
                headers=["Date: Mon, 30 Nov 2026 08:50:00 GMT"],
            ),
            url_request(2, URL, at=40, method="POST", error=-201),
            url_request(3, "https://shop.example/b", at=50, error=-3),
            url_request(4, "wss://chat.shop.example/", at=60)[:2],
        )
    )
    told = [(s.method, s.kind, s.main, s.status, s.error, s.canceled, s.pending) for s in log.kept.requests]
    assert told == [
        ("GET", "Document", True, 200, "", False, False),
        ("POST", "Fetch", False, 0, "net::ERR_CERT_DATE_INVALID", False, False),
        ("GET", "Fetch", False, 0, "net::ERR_ABORTED", True, False),
        ("GET", "WebSocket", False, 0, "", False, True),
    ]
    assert log.client == "Chrome 156.0.1.2 Windows NT"
    assert log.kept.requests[0].server_date


def test_the_chain_as_served_decides(authority: Authority, tmp_path: Path) -> None:
    over = authority.leaf([HOST], CertificateSpec(days=(-2000, -1000)))
    chain = [pem(certificate).decode() for certificate in over.chain]
    diagnosis = diagnosed(failed(-201, certificates=chain), tmp_path)
    assert diagnosis.causes[0] is Cause.EXPIRED
    assert not diagnosis.alternatives
    assert diagnosis.evidence is not None
    assert diagnosis.evidence.route == "recorded in the net log"


def test_an_alert_is_told_as_what_it_leaves_open(tmp_path: Path) -> None:
    alert = base64.b64encode(bytes((2, 40))).decode()
    diagnosis = diagnosed(failed(-113, alert=alert), tmp_path)
    assert set(diagnosis.causes) == {Cause.WEAK_CIPHER, Cause.WEAK_PROTOCOL, Cause.UNKNOWN_TLS}
    assert diagnosis.alternatives


def test_a_chain_without_the_fault_rules_out_what_chains_show(authority: Authority, tmp_path: Path) -> None:
    chain = [pem(certificate).decode() for certificate in authority.leaf([HOST]).chain]
    (tmp_path / "net.json").write_bytes(failed(-201, certificates=chain))
    with opened(str(tmp_path / "net.json"), io.BytesIO()) as source:
        seen = recording_in(source)
    trusting = TrustStore((authority.root.certificate,), (), "the root")
    [diagnosis] = asyncio.run(diagnoses_of(seen, session_of(seen, ()), trusting)).values()
    assert diagnosis.causes == (Cause.CLOCK_SKEW,)


def test_a_root_that_the_client_trusts_itself_counts_for_all_its_hosts(authority: Authority) -> None:
    leaf, other = authority.leaf([HOST]), authority.leaf(["other.example"])
    anchored = HostLog(
        "other.example", 443, chain=(pem(other.certificate).decode(),), anchor=authority.root_pem.decode()
    )
    bare = HostLog(HOST, 443, tcp_connected=True, chain=tuple(pem(c).decode() for c in leaf.chain))
    trust, known = of_client([anchored, bare], NO_ROOTS)
    evidence = asyncio.run(evidence_of(bare, trust, known, "the net log", 1.8e9, None))
    assert evidence.facts.get("anchor-private") == "yes"


def test_a_log_that_is_cut_off_anywhere_keeps_what_came_before(authority: Authority) -> None:
    data = failed(-201, certificates=[pem(authority.leaf([HOST]).certificate).decode()])
    for end in range(0, len(data) - 3, 23):
        try:
            log = read(data[:end])
        except NotJson as error:
            assert str(error).startswith("is ")  # noqa: PT017 - either outcome is right
        else:
            assert log.cut_off


def test_values_of_wrong_types_are_survived() -> None:
    for headers in (None, 5, {"a": "b"}, [None, 7]):
        wrong = [
            event("HTTP_TRANSACTION_READ_RESPONSE_HEADERS", 7, headers=headers),
            event("CREATED_BY", 7, source_dependency={"id": [1]}),
        ]
        begun, *rest = url_request(7, URL, error=-201)
        assert [r.error for r in read(net_log([begun, *wrong, *rest])).kept.requests] == ["net::ERR_CERT_DATE_INVALID"]


def test_what_is_packed_twice_is_told_in_a_sentence(tmp_path: Path) -> None:
    packed = gzip.compress(gzip.compress(failed(-201)))
    (tmp_path / "twice.gz").write_bytes(packed)
    with opened(str(tmp_path / "twice.gz"), io.BytesIO()) as source, pytest.raises(TargetError, match="unpack it"):
        recording_in(source)


def test_a_zipped_log_is_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "net-export.zip", "w") as archive:
        archive.writestr("chrome-net-export-log.json", failed(-201))
    with opened(str(tmp_path / "net-export.zip"), io.BytesIO()) as source:
        assert source.kind is Kind.NET_LOG
        assert len(recording_in(source).requests) == 1


PAGE = """{address}

Peer’s Certificate has expired.

HTTP Strict Transport Security: false
HTTP Public Key Pinning: false

Error code: SEC_ERROR_EXPIRED_CERTIFICATE

Certificate chain:

{chain}
"""


def test_what_firefox_copies_from_its_error_page_is_judged_by_its_chain(authority: Authority, tmp_path: Path) -> None:
    over = authority.leaf([HOST], CertificateSpec(days=(-90, -1)))
    text = PAGE.format(address=f"https://{HOST}/reset?token=hunter2", chain=pem(*over.chain).decode())
    (tmp_path / "copied.txt").write_text(text, encoding="utf-8")
    with opened(str(tmp_path / "copied.txt"), io.BytesIO()) as source:
        assert source.kind is Kind.PAGE_ERROR
        seen = recording_in(source)
    assert "hunter2" not in repr(seen)
    [diagnosis] = asyncio.run(diagnoses_of(seen, session_of(seen, ()), NO_ROOTS)).values()
    assert diagnosis.causes[0] is Cause.EXPIRED


def test_a_page_error_without_an_address_is_a_sentence() -> None:
    with pytest.raises(TargetError, match="names no https"):
        read_page_error("copied.txt", "SEC_ERROR_UNKNOWN_ISSUER", 0)


@pytest.mark.parametrize("odd", [b'"Windows \\\\ud800"', b'{"a": 1e999}'])
def test_constants_that_no_report_can_hold_are_refused(odd: bytes) -> None:
    data = net_log(url_request(1, URL, status=200)).replace(b'"Windows NT: 10.0"', odd.replace(b"\\\\", b"\\"))
    with pytest.raises(NotJson, match="constants"):
        read(data)

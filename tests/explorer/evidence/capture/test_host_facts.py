"""What connections show of a host is gathered so that nothing is blamed that the client did not refuse."""

from __future__ import annotations

import asyncio
import io
import ssl
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from explorer.evidence.capture import capture
from explorer.evidence.capture.conversation import Conversation
from explorer.evidence.capture.following import Following
from explorer.evidence.capture.host_facts import add_facts, shown
from explorer.evidence.capture.outcome import outcome_of
from explorer.evidence.capture.packet_file import Packet
from explorer.evidence.files import recording_in
from explorer.evidence.recording import session_of
from explorer.evidence.source import opened
from explorer.monitors.browser.netlog import HostLog
from explorer.run.reading import diagnoses_of
from explorer.tls.faults.mint import Authority
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Diagnosis
from tests.explorer.evidence.capture.hellos import hello
from tests.explorer.evidence.capture.packets import (
    BEGAN,
    CHANGE,
    FINISHED,
    Talk,
    alert,
    certificates,
    message,
    pcap,
    record,
    sealed,
    server_hello,
)
from tests.explorer.evidence.capture.test_capture import DONE, HOST, KEYS, TWO, chain, flight, read, two, worked


def followed(talk: Talk) -> Conversation:
    """The connection as it is when the capture ends."""
    found: list[Conversation] = []
    following = Following(found.append)
    for time, frame in talk.frames:
        following.take(Packet(time, 1, frame, len(frame)))
    following.close()
    return found[0]


def facts(*talks: Talk) -> HostLog:
    hosts: dict[tuple[str, int], HostLog] = {}
    for talk in map(followed, talks):
        add_facts(hosts, (HOST, 443), talk, outcome_of(talk, talk.last), named=True)
    return hosts[HOST, 443]


def test_a_version_that_the_client_did_not_offer_is_the_server_s_choice_and_one_that_it_offered_is_not() -> None:
    new = Talk().opened().says(hello(HOST)).answers(record(22, server_hello(0x0301)))
    assert facts(new.says(alert(70))).chosen_version == "TLSv1"
    assert facts(two().says(alert(45))).chosen_version == ""


def test_a_suite_that_the_client_did_not_offer_is_told() -> None:
    old = Talk().opened().says(TWO).answers(record(22, server_hello(0x0303, 0x0005)) + flight()[80:])
    log = facts(old.says(alert(47)))
    assert log.chosen_suite == "TLS_RSA_WITH_RC4_128_SHA"


def test_the_server_s_wish_for_a_certificate_counts_only_if_it_ended_the_handshake_over_it() -> None:
    asked = record(22, message(13, bytes(8)))
    base = Talk().opened().says(TWO).answers(flight() + asked)
    refused_by_client = facts(base.says(alert(48)))
    assert not refused_by_client.asked_for_certificate and refused_by_client.chain
    base = Talk().opened().says(TWO).answers(flight() + asked).says(record(22, message(11, b"\0\0\0")) + KEYS)
    refused_by_server = facts(base.answers(alert(40)))
    assert refused_by_server.asked_for_certificate and not refused_by_server.chain
    assert refused_by_server.alerts_received == ["handshake_failure"]


def test_an_alert_about_versions_and_ciphers_that_comes_too_late_is_not_taken_for_one() -> None:
    late = Talk().opened().says(TWO).answers(flight()).says(KEYS).answers(alert(40))
    assert facts(late).alerts_received == []
    early = Talk().opened().says(hello(HOST, newest=ssl.TLSVersion.TLSv1_2)).answers(alert(40))
    assert facts(early).alerts_received == ["handshake_failure"]


def test_the_first_failure_decides_and_other_bytes_are_printable() -> None:
    log = facts(Talk().opened().says(TWO).answers(b"\x00\x01\x02 nonsense"), two().says(alert(45)))
    assert log.ended == "not-tls" and log.first_bytes.isprintable()


def test_hosts_in_a_sentence_are_few() -> None:
    assert shown(["a", "b"]) == "a, b"
    assert shown(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"


def test_chains_that_many_connections_share_leave_room_for_those_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "MOST_OF_CHAINS", 10 * sum(map(len, chain())))
    many = [worked(client_port=20_000 + n, time=BEGAN + n).ends(reset=True) for n in range(12)]
    hello_to_late = hello("late.example", newest=ssl.TLSVersion.TLSv1_2)
    late = Talk(client_port=41_000, time=BEGAN + 100).opened().says(hello_to_late).answers(flight()).says(alert(48))
    found = read(*many, late)
    assert len(found.hosts["late.example", 443].chain) == len(found.hosts[HOST, 443].chain) == len(chain())
    monkeypatch.setattr(capture, "MOST_OF_CHAINS", sum(map(len, chain())))
    assert not read(*many, late).hosts["late.example", 443].chain


def test_a_refused_chain_that_is_not_kept_is_not_taken_for_the_accepted_one() -> None:
    hosts: dict[tuple[str, int], HostLog] = {}
    accepted, refused = map(followed, (worked().ends(reset=True), two().says(alert(45))))
    grown = add_facts(hosts, (HOST, 443), accepted, outcome_of(accepted, accepted.last), named=True)
    assert grown == sum(map(len, hosts[HOST, 443].chain)) > 0
    end = outcome_of(refused, refused.last)
    assert add_facts(hosts, (HOST, 443), refused, end, named=True, with_chain=False) == -grown
    assert not hosts[HOST, 443].chain


def diagnosed(folder: Path, *talks: Talk) -> Diagnosis:
    """What a machine that knows no root makes of these connections."""
    (folder / "sent.pcap").write_bytes(pcap(sorted(frame for talk in talks for frame in talk.frames)))
    with opened(str(folder / "sent.pcap"), io.BytesIO()) as source:
        recording = recording_in(source)
    found = asyncio.run(diagnoses_of(recording, session_of(recording, ()), TrustStore((), (), "no roots")))
    return found[HOST, 443]


def test_a_client_that_accepts_a_private_root_says_nothing_about_one_that_refuses_it(tmp_path: Path) -> None:
    authority = Authority.create("Corp")
    served = (*authority.leaf([HOST]).chain, authority.root.certificate)
    ders = [certificate.public_bytes(Encoding.DER) for certificate in served]
    answer = record(22, server_hello()) + record(22, certificates(ders)) + DONE
    refusing = Talk(client_port=41_000).opened().says(TWO).answers(answer).says(alert(48)).ends()
    accepting = Talk().opened().says(TWO).answers(answer).says(KEYS + CHANGE + FINISHED).answers(CHANGE + FINISHED)
    accepting.says(sealed(99)).answers(sealed(999)).ends(reset=True)
    alone, beside = diagnosed(tmp_path, refusing), diagnosed(tmp_path, accepting, refusing)
    assert alone.causes == beside.causes == (Cause.UNTRUSTED_CA,)
    assert alone.why == beside.why and "current systems trust" not in alone.why

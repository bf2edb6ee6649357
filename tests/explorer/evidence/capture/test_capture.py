"""From the segments of a connection to what happened to it: who ended it, how, and what that proves."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from explorer.evidence.capture import capture, following, meanings
from explorer.evidence.capture.capture import Capture, read_capture
from explorer.evidence.capture.frames import ACK, RST, SYN
from explorer.evidence.capture.hellos import RETRY
from explorer.evidence.capture.notes import notes_about
from explorer.evidence.seen import Seen
from explorer.tls import hello as raw
from explorer.tls.faults.mint import Authority
from tests.explorer.evidence.capture.hellos import hello
from tests.explorer.evidence.capture.packets import (
    BEGAN,
    CHANGE,
    FINISHED,
    SERVER,
    Talk,
    alert,
    certificates,
    ethernet,
    ip,
    message,
    pcap,
    pcapng,
    record,
    sealed,
    server_hello,
    udp,
)
from tests.explorer.evidence.capture.test_names import answer

HOST = "tickets.shop.example"
NOW = 1_796_100_000.0
NEW, TWO = hello(HOST), hello(HOST, newest=ssl.TLSVersion.TLSv1_2)
CHOICE_3 = record(22, server_hello(0x0304, 0x1301)) + CHANGE
KEYS = record(22, message(16, bytes(60)))
DONE = record(22, message(14, b""))
FLIGHT_3 = CHOICE_3 + sealed(30) + sealed(900) + sealed(90) + sealed(53)


@cache
def chain(name: str = HOST) -> tuple[bytes, ...]:
    leaf = Authority.create().leaf([name])
    return tuple(c.public_bytes(Encoding.DER) for c in leaf.chain)


def flight(name: str = HOST) -> bytes:
    """What a server of TLS 1.2 answers."""
    return record(22, server_hello()) + record(22, certificates(chain(name))) + DONE


def read(*talks: Talk, frames: list[tuple[float, bytes]] | None = None) -> Capture:
    every = [frame for talk in talks for frame in talk.frames] + (frames or [])
    return read_capture(iter([pcap(sorted(every))]), NOW)


def only(talk: Talk) -> Seen:
    [seen] = read(talk).kept.requests
    return seen


def three() -> Talk:
    """A connection of TLS 1.3 up to the server's flight."""
    return Talk().opened().says(NEW).answers(FLIGHT_3)


def two(name: str = HOST) -> Talk:
    """A connection of TLS 1.2 up to the server's certificate."""
    return Talk().opened().says(TWO).answers(flight(name))


def test_a_connection_that_worked_is_told_with_its_host_and_proves_nothing_bad() -> None:
    talk = two().says(KEYS + CHANGE + FINISHED).answers(CHANGE + FINISHED).says(sealed(200)).answers(sealed(5000))
    found = read(talk.ends(), three().says(CHANGE + sealed(53) + sealed(100)).answers(sealed(300)).ends())
    assert len(found.kept.requests) == 1, "the same ports again, before the connection ended, are the same connection"
    other = three()
    other.client_port += 1
    found = read(
        talk,
        Talk(client_port=40_001)
        .opened()
        .says(NEW)
        .answers(FLIGHT_3)
        .says(CHANGE + sealed(53) + sealed(99))
        .answers(sealed(300)),
    )
    assert [(s.url, s.method, s.opened, s.error) for s in found.kept.requests] == [
        (f"https://{HOST}/", "CONNECT", True, "")
    ] * 2
    log = found.hosts[HOST, 443]
    assert log.handshakes_done == 2 and not log.failed
    assert found.kept.requests[0].issuer or found.kept.requests[1].issuer


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (lambda: two().says(alert(45)), "alert certificate_expired from the client"),
        (lambda: Talk().opened().says(NEW).answers(alert(40)), "alert handshake_failure from the server"),
        (lambda: Talk().opened().says(NEW).answers(alert(112, 1) + alert(80)), "alert internal_error from the server"),
        (lambda: three().says(alert(48)), "alert unknown_ca from the client"),
        (lambda: Talk().opened().says(NEW).ends(by_client=False), meanings.CUT_END),
        (lambda: Talk().opened().says(NEW).ends(by_client=False, reset=True), meanings.CUT_RESET),
        (lambda: Talk().opened().says(NEW).waits(9).ends(), meanings.SILENT),
        (lambda: Talk().opened().says(NEW).answers(b"SSH-2.0-x\r\n").ends(), meanings.NOT_TLS),
        (lambda: Talk().opened().says(NEW).answers(b"HTTP/1.1 400 Bad Request\r\n\r\n"), meanings.NOT_TLS),
        (lambda: Talk().opened().says(NEW).answers(b"HTTP/1.1 400 Bad\r\n\r\n").says(alert(70)), meanings.NOT_TLS),
        (lambda: Talk().opened().says(NEW).answers(record(22, b"\xa5" * 16)).says(alert(50)), meanings.GARBLED),
        (lambda: two().ends(), meanings.HUNG_UP),
        (lambda: two().ends().answers(alert(50)), meanings.HUNG_UP),
        (lambda: two().ends(by_client=False), meanings.CUT_LATER),
        (lambda: three().says(CHANGE + sealed(19)).ends(), meanings.HUNG_UP_SEALED),
        (lambda: three().ends(reset=True), meanings.HUNG_UP_SEALED),
        (
            lambda: three().says(sealed(53) + sealed(99)).answers(sealed(19)).ends(by_client=False),
            meanings.REFUSED_SEALED,
        ),
        (
            lambda: two("b.test").says(KEYS + CHANGE + FINISHED).answers(CHANGE + FINISHED).ends(),
            meanings.NOTHING_ASKED,
        ),
        (lambda: Talk().opened().says(TWO).answers(record(22, server_hello(0x0300))).ends(), meanings.OLD_CHOICE),
        (lambda: Talk().opened().says(TWO).answers(alert(70)), meanings.NO_COMMON),
        (lambda: Talk().opened().says(NEW).answers(alert(70)), "alert protocol_version from the server"),
        (
            lambda: Talk().opened().says(raw.client_hello(0x0301, raw.OLD, HOST, bytes(32))).answers(alert(70)),
            meanings.NO_COMMON,
        ),
        (
            lambda: (
                Talk()
                .opened()
                .says(b"CONNECT tickets.shop.example:443 HTTP/1.1\r\n\r\n")
                .answers(b"HTTP/1.1 200 OK\r\n\r\n")
                .says(NEW)
                .answers(alert(80))
            ),
            "alert internal_error from the server",
        ),
        (
            lambda: (
                Talk()
                .opened()
                .says(NEW)
                .answers(record(22, server_hello(0x0304, random=RETRY)) + CHANGE)
                .says(CHANGE + NEW)
                .answers(CHOICE_3 + sealed(900))
                .says(sealed(19))
                .ends()
            ),
            meanings.HUNG_UP_SEALED,
        ),
    ],
)
def test_who_ended_it_and_how_is_told(talk: Callable[[], Talk], error: str) -> None:
    seen = only(talk())
    assert seen.error == error
    assert seen.url == f"https://{HOST}/"
    assert seen.failed and not seen.pending


@pytest.mark.parametrize(
    "talk",
    [
        lambda: Talk().opened().says(NEW),  # it ends with the capture
        lambda: Talk().opened().says(NEW).ends(),  # the person closed the page
        two,
        three,
        lambda: Talk().opened().says(NEW[:200]),
        lambda: two().says(KEYS).ends(),
    ],
)
def test_what_leaves_it_open_is_no_failure(talk: Callable[[], Talk]) -> None:
    seen = only(talk())
    assert not seen.error and not seen.opened
    assert seen.pending or seen.canceled


def test_connections_that_nobody_took_are_told_by_the_name_that_dns_gave() -> None:
    named = (Talk().time - 1, ethernet(ip(udp(53, 5353, answer(HOST, SERVER)), "192.0.2.53", "10.0.0.5", protocol=17)))
    refused = Talk(port=8443).segment(SYN).segment(RST | ACK, by_client=False)
    silent = Talk(client_port=41_000).segment(SYN).waits(1).segment(SYN).waits(9).segment(SYN)
    found = read(refused, silent, frames=[named])
    assert {(s.url, s.error) for s in found.kept.requests} == {
        (f"https://{HOST}:8443/", meanings.REFUSED),
        (f"https://{HOST}/", meanings.UNANSWERED),
    }
    notes = " ".join(notes_about(found))
    assert f"{HOST} did not answer" in notes and f"{HOST} refused connections" in notes


def test_an_address_that_failed_is_no_failure_if_another_of_the_same_host_worked() -> None:
    dns = answer(HOST, SERVER, "2001:db8::7")
    named = (Talk().time - 1, ethernet(ip(udp(53, 5353, dns), "192.0.2.53", "10.0.0.5", protocol=17)))
    six = Talk(client="2001:db8::1", server="2001:db8::7").segment(SYN).waits(9).segment(SYN)
    four = three().says(sealed(53) + sealed(100)).answers(sealed(400))
    assert [s.error for s in read(six, four, frames=[named]).kept.requests] == [""]


def test_a_refused_port_is_told_though_another_port_of_the_host_works() -> None:
    works = three().says(sealed(53) + sealed(100)).answers(sealed(400))
    refused = Talk(port=8443, client_port=42_000).segment(SYN).segment(RST | ACK, by_client=False)
    found = read(works, refused)
    assert [(s.url, s.error) for s in found.kept.requests if s.error] == [(f"https://{SERVER}:8443/", meanings.REFUSED)]


def test_connections_that_nobody_took_are_counted_beyond_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "MOST_UNMADE", 3)
    talks = [Talk(client_port=20_000 + n).segment(SYN).segment(RST | ACK, by_client=False) for n in range(5)]
    found = read(*talks)
    assert len(found.kept.requests) == 3
    assert "2 further connections that nobody answered or that were refused are left out." in notes_about(found)


def test_without_a_name_from_the_client_the_certificate_s_name_proves_nothing() -> None:
    found = read(Talk().opened().says(hello(None, newest=ssl.TLSVersion.TLSv1_2)).answers(flight()).says(alert(42)))
    assert not found.hosts[SERVER, 443].named
    assert found.hosts[SERVER, 443].chain


def test_the_chain_is_that_of_the_connection_which_the_client_refused() -> None:
    good = two().says(KEYS + CHANGE + FINISHED).answers(CHANGE + FINISHED).says(sealed(99)).answers(sealed(999)).ends()
    bad = Talk(client_port=41_000).opened().says(TWO).answers(flight("proxy.test")).says(alert(48)).ends()
    log = read(good, bad).hosts[HOST, 443]
    assert log.alerts_sent == ["unknown_ca"] and log.handshakes_done == 1
    assert len(log.chain) == len(chain("proxy.test"))
    assert log.chain[0] == ssl.DER_cert_to_PEM_cert(chain("proxy.test")[0])


def worked(**more: Any) -> Talk:
    """A connection of TLS 1.2 that worked, and goes on."""
    talk = Talk(**more).opened().says(TWO).answers(flight()).says(KEYS + CHANGE + FINISHED).answers(CHANGE + FINISHED)
    return talk.says(sealed(200)).answers(sealed(900))


def test_a_client_that_comes_back_only_gave_up_whichever_connection_ends_first() -> None:
    given_up = two().ends()
    again = worked(client_port=40_001, time=BEGAN + 1.5)
    later = worked(client_port=40_002, time=BEGAN + 30)
    assert [s.error for s in read(given_up).kept.requests] == [meanings.HUNG_UP]
    assert not any(s.error for s in read(given_up, again).kept.requests)
    assert not any(s.error for s in read(given_up, again, later.ends(reset=True)).kept.requests)
    assert sum(bool(s.error) for s in read(given_up, later).kept.requests) == 1


def test_segments_out_of_order_twice_or_reversed_in_a_burst_change_nothing() -> None:
    talk = Talk().opened().says(TWO, size=100).answers(flight(), size=200).says(alert(46))
    times = [time for time, _ in talk.frames]
    frames = [frame for _, frame in talk.frames]
    data = frames[3:-1]
    mixed = [*frames[:3], *data[1::2], *data[0::2], *data[:3], frames[-1]]
    talk.frames = [(times[0] + n / 100, frame) for n, frame in enumerate(mixed)]
    found = read(talk)
    assert [s.error for s in found.kept.requests] == ["alert certificate_unknown from the client"]
    assert len(found.hosts[HOST, 443].chain) == len(chain())


@pytest.mark.parametrize("lost", [4, 5, 7])
def test_a_lost_segment_is_told_and_nothing_is_made_up(lost: int) -> None:
    talk = Talk().opened().says(TWO).answers(flight(), size=300).ends()
    del talk.frames[lost]
    found = read(talk)
    assert [(s.error, s.pending) for s in found.kept.requests] == [("", True)]
    assert found.lost == 1
    assert any("misses packets" in note for note in notes_about(found))


@pytest.mark.parametrize("snapshot", [96, 128, 200, 400])
def test_a_capture_of_the_heads_of_packets_still_shows_alerts(snapshot: int) -> None:
    talk = Talk().opened().says(NEW).answers(alert(70))
    [seen] = read_capture(iter([pcap(talk.frames, snapshot=snapshot)]), NOW).kept.requests
    assert seen.error == "alert protocol_version from the server"
    shown = talk.frames[3][1][:snapshot]
    assert seen.url == (f"https://{HOST}/" if HOST.encode() in shown else f"https://{SERVER}/")


@pytest.mark.parametrize("by_client", [True, False])
def test_an_answer_that_the_capture_lost_is_no_silence(by_client: bool) -> None:
    talk = Talk().opened().says(NEW).answers(FLIGHT_3).waits(9)
    talk.segment(ACK).ends(by_client=by_client)
    talk.frames = [each for n, each in enumerate(talk.frames) if n != 4]
    found = read(talk)
    assert [(s.error, s.pending) for s in found.kept.requests] == [("", True)]
    assert found.lost == 1


def test_a_capture_of_one_direction_says_so() -> None:
    talk = two().says(KEYS).ends()
    mine = [(time, frame) for time, frame in talk.frames if frame[26:30] == bytes([10, 0, 0, 5])]
    found = read_capture(iter([pcapng(mine)]), NOW)
    assert found.deaf == 1 and [s.pending for s in found.kept.requests] == [True]


def test_a_connection_that_had_begun_before_is_told_if_its_handshake_is_there() -> None:
    late = two().says(alert(45))
    late.frames = late.frames[3:]
    assert only(late).error == "alert certificate_expired from the client"
    later = three().says(sealed(53) + sealed(500)).answers(sealed(900)).answers(sealed(900))
    later.frames = later.frames[-2:]
    found = read(later)
    assert found.midway == 1 and not found.kept.requests


def test_the_same_ports_may_be_used_again() -> None:
    first = Talk().opened().says(NEW).answers(alert(80)).ends().ends(by_client=False)
    second = Talk(time=first.time + 5).opened().says(NEW).ends(by_client=False, reset=True)
    assert [s.error for s in read(first, second).kept.requests] == [
        "alert internal_error from the server",
        meanings.CUT_RESET,
    ]


def test_what_only_points_to_something_becomes_a_sentence() -> None:
    quic = (Talk().time, ethernet(ip(udp(50_000, 443, b"\xc3\0\0\0\1" + bytes(1200)), target="192.0.2.9", protocol=17)))
    plain = (
        Talk(port=443, client_port=42_000, server="192.0.2.8")
        .opened()
        .says(b"GET / HTTP/1.1\r\n\r\n")
        .answers(b"HTTP/1.1 400 x")
    )
    unused = (
        Talk(client_port=43_000).opened().says(hello("idle.shop.example")).answers(FLIGHT_3).says(sealed(53)).ends()
    )
    hung = three().says(sealed(19)).ends()
    cut = Talk(client_port=44_000).opened().says(hello("cut.shop.example")).ends(by_client=False, reset=True, hops=59)
    notes = " ".join(notes_about(read(plain, unused, hung, cut, frames=[quic])))
    assert "To 192.0.2.9 there is only QUIC" in notes
    assert "plain HTTP to the TLS port of 192.0.2.8" in notes
    assert "with idle.shop.example and closed the connection before they asked" in notes
    assert f"with {HOST} ended is not observable" in notes
    assert "cut.shop.example came over another number of hops" in notes


def test_a_capture_without_tls_has_no_requests_and_names_networks_that_are_not_read() -> None:
    found = read_capture(iter([pcap(three().frames, link=127)]), NOW)
    assert not found.kept.requests
    assert any("LINKTYPE 127" in note for note in notes_about(found))


def test_a_capture_of_a_machine_without_a_clock_is_judged_as_of_now() -> None:
    talk = Talk(time=86_400.0).opened().says(TWO).answers(flight()).says(alert(46))
    found = read(talk)
    assert found.without_clock and [s.started for s in found.kept.requests] == [NOW]
    assert any("judged as of now" in note for note in notes_about(found))
    assert not read(two()).without_clock


def test_a_clock_that_is_set_during_the_capture_moves_only_what_came_before() -> None:
    before = Talk(time=100.0).opened().says(TWO).answers(flight()).says(alert(46)).ends()
    after = Talk(client_port=41_000).opened().says(TWO).answers(flight()).says(alert(45)).ends()
    across = Talk(client_port=42_000, time=101.0).opened().says(TWO)
    across.time = BEGAN + 0.05
    across.answers(flight()).says(alert(43)).ends()
    unanswered = Talk(client_port=43_000, time=BEGAN + 2).opened().says(TWO)
    found = read(before, after, across, unanswered)
    times = {seen.error.split()[1] if seen.error else "": (seen.started, seen.took) for seen in found.kept.requests}
    assert times["certificate_expired"][0] == pytest.approx(BEGAN)
    assert all(NOW - 1 < started < NOW + 2 or BEGAN <= started < BEGAN + 3 for started, _ in times.values())
    assert all(0 <= took < 3 for _, took in times.values())
    assert any(seen.pending for seen in found.kept.requests), "no answer within a tenth of a second is no silence"
    assert any("set only during it" in note for note in notes_about(found))


def test_many_connections_at_once_are_followed_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "MOST_LIVE", 10)
    talks = [Talk(client_port=20_000 + n, time=BEGAN + n).opened().says(NEW) for n in range(30)]
    found = read(*talks)
    assert found.dropped == 20 and len(found.kept.requests) == 30
    monkeypatch.setattr(following, "MOST_LIVE", 10_000)
    monkeypatch.setattr(following, "MOST_HELD", 20_000)
    assert read(*(Talk(client_port=20_000 + n).opened().says(TWO).answers(flight()[:600]) for n in range(50))).dropped

from __future__ import annotations

import pytest

from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from flows.diagnosis import Cause
from flows.record import Record
from flows.signals import Family, Signal


@pytest.fixture
def monitor() -> LogMonitor:
    return LogMonitor(make_book(platform="android"), "s1", "org.example.app")


def line(time: float, text: str, pid: int = 2000, tag: str = "System.err") -> Record:
    return Record(time, "logcat", "line", {"text": f"11-23 10:00:00.100 {pid:5} {pid + 1:5} W {tag}: {text}"})


NAME = "javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified:"


def feed(monitor: LogMonitor, *records: Record) -> list[Signal]:
    return [signal for record in records for signal in monitor.feed(record)]


def test_a_failure_becomes_one_signal_with_the_time_of_its_first_line(monitor: LogMonitor) -> None:
    got = feed(
        monitor, line(50.0, NAME), line(50.1, "    DN: CN=other.example.org"), line(50.2, "\tat a.b.C.d(C.java:1)")
    )
    assert got == []
    (signal,) = monitor.flush()
    assert (signal.family, signal.causes, signal.host) == (Family.TLS, (Cause.HOSTNAME_MISMATCH,), "api.example.org")
    assert (signal.time, signal.session, signal.signature) == (50.0, "s1", "hostname-not-verified")


def test_silence_completes_what_was_held_back(monitor: LogMonitor) -> None:
    assert feed(monitor, line(50.0, NAME)) == []
    assert [s.host for s in monitor.feed(line(52.0, "later", tag="other"))] == ["api.example.org"]


def test_other_apps_and_other_records_are_left_out(monitor: LogMonitor) -> None:
    start = Record(
        1.0,
        "logcat",
        "line",
        {"text": "11-23 10:00:00.100  1000  1001 I ActivityManager: Start proc 9:org.other/u0a1 for x"},
    )
    feed(
        monitor,
        start,
        line(2.0, NAME, pid=9),
        Record(2.0, "proxy", "line", {"text": NAME}),
        Record(2.0, "logcat", "gap"),
    )
    assert monitor.flush() == []


def test_each_failure_has_an_id_of_its_own(monitor: LogMonitor) -> None:
    feed(monitor, line(1.0, NAME), line(1.1, NAME))
    assert len({signal.id for signal in monitor.flush()}) == 2


def test_the_port_is_the_urls_own_or_its_schemes(monitor: LogMonitor) -> None:
    feed(
        monitor, line(1.0, "GET https://api.example.org/x javax.net.ssl.SSLHandshakeException: Chain validation failed")
    )
    feed(
        monitor,
        line(2.0, "GET https://api.example.org:8443/x javax.net.ssl.SSLHandshakeException: Chain validation failed"),
    )
    assert [s.port for s in monitor.flush()] == [8443]

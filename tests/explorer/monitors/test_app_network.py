"""A log and a proxy's account of the same connections: one signal for each failure, with its host."""

from __future__ import annotations

import pytest

from explorer.monitors.app_network import AppNetwork
from explorer.monitors.logs.logcat import LogMonitor
from explorer.monitors.logs.signatures import make_book
from flows.diagnosis import Cause
from flows.effects import Effect
from flows.handshake import Handshake
from flows.record import Record
from flows.signals import Exchange, Family, Signal

ANCHOR = "java.security.cert.CertPathValidatorException: Trust anchor for certification path not found."


class World:
    """One session, and the notes that it made."""

    def __init__(self, *, proxied: bool = True, hosts: tuple[tuple[str, int], ...] = ()) -> None:
        self.notes: list[tuple[str, str]] = []
        log = LogMonitor(make_book(platform="android"), "s", "org.example.app")
        self._network = AppNetwork(
            log, "s", proxied=proxied, note=lambda kind, text: self.notes.append((kind, text)), hosts=hosts
        )
        self._told: list[Signal | Exchange | Effect | Handshake] = []

    def logged(self, time: float, text: str) -> None:
        raw = f"11-23 10:00:00.100  2000  2001 W System.err: {text}"
        self._told += self._network.feed(Record(time, "logcat", "line", {"text": raw}))

    def aside(self, kind: str, **data: object) -> None:
        self._told += self._network.feed(Record(1.0, "logcat", kind, data))

    def connected(self, table: str, user: int) -> None:
        self._told += self._network.feed(Record(1.0, "sockets", "table", {"table": table, "user": user}))

    def plain(self, time: float, host: str) -> None:
        data = {"host": host, "port": 80, "outcome": "plain", "finished": time, "answered": False, "of": "app"}
        self._told += self._network.feed(Record(time - 0.2, "proxy", "plain", data))

    def tunnel(self, time: float, host: str, outcome: str, **more: object) -> None:
        data = {
            "host": host,
            "port": 443,
            "outcome": outcome,
            "finished": time,
            "answered": outcome == "finished",
            "of": "app",
            **more,
        }
        self._told += self._network.feed(Record(time - 0.2, "proxy", "tunnel", data))

    def end(self) -> list[Signal]:
        self._told += self._network.finish()
        return [item for item in self._told if isinstance(item, Signal)]

    @property
    def exchanges(self) -> list[Exchange]:
        return [item for item in self._told if isinstance(item, Exchange)]


def test_a_line_without_a_host_gets_the_one_whose_connection_failed_just_then() -> None:
    world = World()
    world.tunnel(49.0, "good.test", "finished")
    world.tunnel(50.1, "api.test", "refused-by-client", client_alert="encrypted alert")
    world.logged(50.2, ANCHOR)
    (signal,) = world.end()
    assert (signal.host, signal.port, signal.causes[0]) == ("api.test", 443, Cause.UNTRUSTED_CA)
    assert next(e.started for e in world.exchanges if e.id == signal.request) == pytest.approx(49.9)
    assert [(e.host, e.outcome) for e in world.exchanges] == [("good.test", "ok"), ("api.test", "failed")]
    assert world.notes == []


def test_where_two_hosts_failed_at_once_the_line_stays_without_a_host() -> None:
    world = World()
    world.tunnel(50.0, "api.test", "refused-by-client")
    world.tunnel(50.1, "cdn.test", "refused-by-client")
    world.logged(50.2, ANCHOR)
    assert sorted(s.host for s in world.end()) == ["", "api.test", "cdn.test"]


def test_a_failure_that_both_tell_of_is_one_signal() -> None:
    world = World()
    world.tunnel(50.0, "api.test", "refused-by-client", client_alert="certificate_unknown")
    world.logged(50.1, "javax.net.ssl.SSLPeerUnverifiedException: Hostname api.test not verified:")
    (signal,) = world.end()
    assert (signal.host, signal.port, signal.causes) == ("api.test", 443, (Cause.HOSTNAME_MISMATCH,))


@pytest.mark.parametrize(
    ("outcome", "alert", "cause"),
    [
        ("refused-by-client", "certificate_expired", Cause.EXPIRED),
        ("refused-by-client", "unknown_ca", Cause.UNTRUSTED_CA),
        ("refused-by-server", "protocol_version", Cause.WEAK_PROTOCOL),
        ("refused-by-server", "certificate_required", Cause.CLIENT_CERTIFICATE_REQUIRED),
        ("cut", "", Cause.CONNECTION_CUT),
        ("not-tls", "", Cause.NOT_TLS),
    ],
)
def test_what_only_the_proxy_saw_fail_is_told_after_a_while(outcome: str, alert: str, cause: Cause) -> None:
    world = World()
    world.tunnel(50.0, "api.test", outcome, client_alert=alert, ended="closed by server")
    (signal,) = world.end()
    assert (signal.family, signal.host, signal.place, signal.causes[0]) == (Family.TLS, "api.test", "app", cause)
    assert "the log does not mention it" in signal.text


@pytest.mark.parametrize("outcome", ["finished", "unreachable", "no-hello"])
def test_what_is_no_tls_failure_is_no_signal(outcome: str) -> None:
    world = World()
    world.tunnel(50.0, "api.test", outcome)
    assert world.end() == []


def test_an_app_that_hangs_up_early_does_not_want_the_answer_any_more() -> None:
    world = World()
    world.tunnel(50.0, "api.test", "silent", ended="closed by client")
    assert world.end() == []


def test_a_handshake_that_the_app_gave_up_counts_from_when_it_was_asked_for() -> None:
    world = World()
    world.tunnel(50.0, "api.test", "silent", ended="closed by client")
    world.logged(50.1, "Request failed: https://api.test:443/ java.net.SocketTimeoutException: SSL handshake timed out")
    (signal,) = world.end()
    assert next(e.started for e in world.exchanges if e.id == signal.request) == pytest.approx(49.8)


def test_an_app_that_ignores_the_proxy_is_not_observable() -> None:
    silent, partly = World(), World()
    silent.end()
    partly.tunnel(49.0, "api.test", "finished")
    partly.logged(50.0, "javax.net.ssl.SSLPeerUnverifiedException: Hostname cdn.test not verified:")
    partly.end()
    assert [kind for kind, _ in silent.notes + partly.notes] == ["network-not-observable"] * 2
    assert "The app's connections are" in silent.notes[0][1] and "cdn.test are" in partly.notes[0][1]


def test_without_a_proxy_nothing_is_said_of_it() -> None:
    world = World(proxied=False)
    world.logged(50.0, "javax.net.ssl.SSLPeerUnverifiedException: Hostname cdn.test not verified:")
    assert [s.host for s in world.end()] == ["cdn.test"] and world.notes == []


def test_a_gap_in_the_log_and_a_wrong_clock_are_told() -> None:
    world = World()
    world.aside("gap", why="the log stream ended", since="1700000000.000")
    world.aside("clock", offset=0.4, accuracy=0.01)
    world.aside("clock", offset=-3 * 86_400.0, accuracy=0.01)
    assert [kind for kind, _ in world.notes] == ["log-gap", "device-clock"]
    assert "3.0 days behind ours" in world.notes[1][1]


def test_a_crash_is_no_tls_failure() -> None:
    world = World()
    world.aside("crash", package="org.example.app", text="[1,0,org.example.app,0,java.lang.IllegalStateException,no]")
    assert [s.family for s in world.end()] == [Family.CRASH]


def test_a_connection_that_the_app_keeps_open_is_seen_as_soon_as_it_is_answered() -> None:
    world = World()
    world.tunnel(49.0, "good.test", "finished", id="tunnel-1", ended="open")
    assert world.end() == []
    assert [(e.host, e.outcome) for e in world.exchanges] == [("good.test", "ok")]
    assert world.notes == []


def test_what_another_app_of_the_device_does_changes_nothing() -> None:
    world = World()
    world.tunnel(49.0, "play.test", "finished", of="other")
    world.tunnel(50.0, "vendor.test", "refused-by-client", of="other", client_alert="certificate_expired")
    world.logged(50.1, ANCHOR)
    (signal,) = world.end()
    assert (signal.host, world.exchanges) == ("", [])
    assert [kind for kind, _ in world.notes] == ["network-not-observable"]


def test_a_connection_whose_owner_is_unknown_blames_nobody_unless_the_log_or_the_package_names_its_host() -> None:
    world = World(hosts=(("named.test", 443),))
    for host in ("vendor.test", "named.test", "logged.test"):
        world.tunnel(50.0, host, "refused-by-client", of="", client_alert="certificate_expired")
    world.logged(50.1, "javax.net.ssl.SSLPeerUnverifiedException: Hostname logged.test not verified:")
    assert sorted((s.host, s.port) for s in world.end()) == [("logged.test", 443), ("named.test", 443)]
    assert [e.host for e in world.exchanges] == ["named.test"]


def test_where_no_owner_can_be_told_the_note_says_so() -> None:
    world = World()
    world.tunnel(50.0, "any.test", "finished", of="")
    assert world.end() == [] and world.exchanges == []
    assert "does not show which connections are those of the app" in world.notes[0][1]


def test_a_request_without_encryption_is_no_sign_that_tls_could_be_seen() -> None:
    world = World()
    world.plain(49.0, "cdn.test")
    world.logged(50.0, "javax.net.ssl.SSLPeerUnverifiedException: Hostname cdn.test not verified:")
    world.end()
    assert [kind for kind, _ in world.notes] == ["network-not-observable"]


def test_a_socket_of_the_app_past_the_proxy_is_told() -> None:
    world = World()
    world.tunnel(49.0, "api.test", "finished")
    row = "0: 0F02000A:9C40 {} 01 00000000:00000000 00:00000000 00000000 10123 0 5 1 0 20 4 30 10 -1"
    world.connected("\n".join(row.format(side) for side in ("0100007F:1F90", "070200C0:01BB")), 10123)
    world.end()
    assert [text for _, text in world.notes if "The connections to 192.0.2.7:443 are not observable" in text]


def test_a_log_that_tells_nothing_is_said_to_be_silent_where_there_is_no_proxy() -> None:
    world = World(proxied=False)
    world.aside("crash", package="org.example.app", text="[1,0,org.example.app,0,java.lang.IllegalStateException,no]")
    world.end()
    assert [kind for kind, _ in world.notes] == ["network-not-observable"] and "--proxy" in world.notes[0][1]


def test_a_handshake_that_was_left_unasked_is_no_failure_by_itself() -> None:
    world = World()
    world.tunnel(50.0, "api.test", "left-unasked", ended="closed by client", address="127.0.0.7")
    assert world.end() == []
    assert [(e.outcome, e.address) for e in world.exchanges] == [("left-unasked", "127.0.0.7")]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_server_inside_the_app_is_nobody_elses_business(host: str) -> None:
    world = World()
    world.tunnel(50.0, host, "refused-by-client", client_alert="unknown_ca")
    assert world.end() == [] and world.exchanges == []


def test_a_dialog_about_another_app_is_told_and_no_failure() -> None:
    world = World()
    world.tunnel(49.0, "api.test", "finished")
    world.aside("foreign-dialog", text="System UI isn’t responding")
    assert world.end() == [] and [kind for kind, _ in world.notes] == ["foreign-dialog"]

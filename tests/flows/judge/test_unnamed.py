"""A failure whose log names no host: when one is named after all, and when it stays open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from flows.diagnosis import Cause, Diagnosis, Evidence
from flows.incident import Confidence
from flows.judge.unnamed import name_hosts
from flows.judge.verdict import judge_session
from flows.session import Endpoint
from flows.signals import Family, Signal
from tests.flows.builders import opening, session, step

ANCHOR = (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN)
LINE = Signal("1", 11.5, "s", Family.TLS, "anchor", "Trust anchor not found", ANCHOR, place="app", text="the line")
LOG = session([opening(), step(1, "start-chat", "send", expects=True, failure="No connection")], LINE)


def found(host: str, *causes: Cause, address: str = "192.0.2.1") -> dict[Endpoint, Diagnosis]:
    evidence = Evidence(host, 443, address, host, datetime(2026, 1, 1, tzinfo=UTC))
    return {(host, 443): Diagnosis(host, 443, causes, "", "probe", evidence)}


def test_the_only_host_of_the_package_with_a_fault_that_fits_is_named() -> None:
    candidates = found("chat.test", Cause.SELF_SIGNED) | found("api.test") | found("old.test", Cause.EXPIRED)
    log, left = name_hosts(LOG, candidates)
    (signal,) = log.signals
    assert (signal.host, signal.port, signal.named_by, left) == ("chat.test", 443, "package", [])


def test_such_a_blame_says_what_it_rests_on() -> None:
    candidates = found("chat.test", Cause.SELF_SIGNED) | found("api.test")
    log, _ = name_hosts(LOG, candidates)
    (incident,) = judge_session(log, candidates).incidents
    assert (incident.host, incident.cause, incident.confidence) == ("chat.test", Cause.SELF_SIGNED, Confidence.MEDIUM)
    assert "The log names no host" in incident.why


def test_where_two_fit_or_none_nobody_is_named_and_all_are_listed() -> None:
    two = found("chat.test", Cause.SELF_SIGNED) | found("cdn.test", Cause.INCOMPLETE_CHAIN)
    log, (finding,) = name_hosts(LOG, two)
    assert log == LOG
    assert "Inconclusive: 2 of the 2 hosts" in finding.text
    assert finding.text.endswith("cdn.test:443, chat.test:443.")
    log, (finding,) = name_hosts(LOG, found("chat.test", Cause.EXPIRED))
    assert log == LOG
    assert "none of the 1 hosts" in finding.text


def test_a_server_that_no_host_of_the_package_accounts_for_leaves_it_open() -> None:
    candidates = found("chat.test", Cause.SELF_SIGNED)
    log, (finding,) = name_hosts(LOG, candidates, [("192.0.2.1", 443), ("192.0.2.99", 443)])
    assert log == LOG
    assert "connected to 192.0.2.99:443 as well" in finding.text


def test_servers_that_are_accounted_for_and_the_devices_own_ports_do_not() -> None:
    log, left = name_hosts(LOG, found("chat.test", Cause.SELF_SIGNED), [("192.0.2.1", 443), ("127.0.0.1", 38000)])
    assert (log.signals[0].host, left) == ("chat.test", [])


def test_what_no_server_can_show_is_never_pinned_on_one() -> None:
    for causes in ((Cause.PIN_MISMATCH,), (Cause.CLEARTEXT_BLOCKED,), (Cause.UNKNOWN_TLS,), (Cause.CLOCK_SKEW,)):
        log = replace(LOG, signals=(replace(LINE, causes=causes),))
        assert name_hosts(log, found("chat.test", *causes))[0] == log


def test_a_named_failure_and_one_of_a_browser_stay_as_they_are() -> None:
    for signal in (replace(LINE, host="known.test"), replace(LINE, place="fetch")):
        log = replace(LOG, signals=(signal,))
        assert name_hosts(log, found("chat.test", Cause.SELF_SIGNED)) == (log, [])


def test_without_a_package_that_names_hosts_nothing_is_said() -> None:
    assert name_hosts(LOG, {}) == (LOG, [])

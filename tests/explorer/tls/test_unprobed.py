"""What a client's error, alone or with a recorded chain, proves: never more than it allows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from explorer.tls.chain import describe
from explorer.tls.faults.mint import Authority
from explorer.tls.unprobed import diagnose_recorded, diagnose_unprobed
from flows.diagnosis import RECORDED_ROUTE, Cause, Evidence
from flows.probe_facts import ProbeFacts
from flows.signals import Family, Signal

HOST = ("tickets.shop.example", 443)
DATES = (Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW)


def signal(*causes: Cause, error: str = "net::ERR_X", family: Family = Family.TLS) -> Signal:
    return Signal("1", 0, "customer", family, "x", error, causes, *HOST)


def test_a_single_cause_is_certain_and_has_its_remedy() -> None:
    told = diagnose_unprobed(HOST, [signal(Cause.REVOKED)], "the HAR")
    assert told is not None
    assert (told.causes, told.alternatives, told.decided_by) == ((Cause.REVOKED,), False, "client")
    assert told.remedies[0].cause is Cause.REVOKED


def test_several_causes_are_alternatives_and_the_remedy_is_to_find_out() -> None:
    told = diagnose_unprobed(HOST, [signal(*DATES)], "the HAR")
    assert told is not None
    assert (told.causes, told.alternatives) == (DATES, True)
    assert told.remedies[0].check == "trustwalk probe tickets.shop.example:443"
    assert "not in the HAR" in told.why


def test_two_errors_of_a_host_leave_what_both_allow() -> None:
    first = signal(Cause.UNTRUSTED_CA, Cause.INTERCEPTION)
    told = diagnose_unprobed(HOST, [first, signal(Cause.HOSTNAME_MISMATCH, Cause.INTERCEPTION)], "the HAR")
    assert told is not None
    assert told.causes == (Cause.INTERCEPTION,)


@pytest.mark.parametrize(
    ("error", "causes"),
    [
        (None, DATES),
        (2.0, DATES[:2]),
        (-3600.0, DATES),
        (40 * 86400.0, (Cause.CLOCK_SKEW,)),
        (-40 * 86400.0, (Cause.CLOCK_SKEW,)),
    ],
)
def test_the_clock_of_the_client_decides_where_it_is_known(error: float | None, causes: tuple[Cause, ...]) -> None:
    told = diagnose_unprobed(HOST, [signal(*DATES)], "the HAR", error)
    assert told is not None
    assert told.causes == causes


def test_nothing_in_common_may_be_more_than_versions_and_ciphers() -> None:
    told = diagnose_unprobed(HOST, [signal(Cause.WEAK_PROTOCOL, Cause.WEAK_CIPHER)], "the HAR")
    assert told is not None
    assert Cause.UNKNOWN_TLS in told.causes


def test_other_failures_and_other_hosts_are_none_of_it() -> None:
    assert diagnose_unprobed(HOST, [signal(family=Family.NETWORK)], "the HAR") is None
    assert diagnose_unprobed(("other.example", 443), [signal(Cause.EXPIRED)], "the HAR") is None


def test_an_error_without_a_reason_is_not_observable() -> None:
    evidence = Evidence(
        *HOST, None, HOST[0], datetime.now(tz=UTC), tcp_connected=True, route=f"{RECORDED_ROUTE}the net log"
    )
    told = diagnose_recorded(evidence, [signal(Cause.UNKNOWN_TLS)], "the net log")
    assert told is not None
    assert told.causes == (Cause.UNKNOWN_TLS,)
    assert "not observable" in told.why


@pytest.mark.parametrize("private", [True, False])
def test_a_private_root_is_not_said_to_be_trusted_by_systems(private: bool, authority: Authority) -> None:
    chain = tuple(map(describe, authority.leaf([HOST[0]]).chain))
    facts: ProbeFacts = {"anchor": "CN=Root"}
    if private:
        facts["anchor-private"] = "yes"
    evidence = Evidence(*HOST, None, HOST[0], datetime.now(tz=UTC), tcp_connected=True, chain=chain, facts=facts)
    told = diagnose_recorded(evidence, [signal(Cause.UNTRUSTED_CA)], "the net log")
    assert told is not None and told.causes == (Cause.UNTRUSTED_CA,)
    assert ("current systems trust" in told.why) is not private
    assert ("private root" in told.why) is private

"""The whole fault lab: every fault is diagnosed as its cause, and as nothing that comes before it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from explorer.tls.causes import RULES
from explorer.tls.client_verdicts import OPINIONS
from explorer.tls.diagnose import diagnose
from explorer.tls.faults.front import serve
from explorer.tls.faults.known import ALL_FAULTS
from explorer.tls.faults.mint import Authority
from explorer.tls.faults.recipe import Fault
from explorer.tls.lifetime import expiring
from explorer.tls.oddities import oddities
from explorer.tls.probe import probe
from explorer.tls.rule import Rule
from explorer.tls.trust import TrustStore
from flows.diagnosis import Cause, Evidence

Look = Callable[..., Awaitable[Evidence]]

BROKEN = [f for f in ALL_FAULTS.values() if f.cause is not None]
TAKEN = [f for f in ALL_FAULTS.values() if f.cause is None]
UNNOTICED = {Cause.CLOCK_SKEW, Cause.REVOKED}
"""Faults that another client need not notice: its clock is right, and hardly any asks the issuer by itself."""
ALSO = {"interception": {Cause.UNTRUSTED_CA}}
"""Causes that rightly come with a fault: a proxy's root is unknown as well."""


@pytest.mark.parametrize("fault", BROKEN, ids=lambda f: f.name)
async def test_a_fault_is_diagnosed_as_its_cause_and_nothing_else(fault: Fault, look: Look) -> None:
    diagnosis = diagnose(await look(fault))
    assert diagnosis.causes[:1] == (fault.cause,), diagnosis.why
    assert set(diagnosis.causes[1:]) == ALSO.get(fault.name, set())
    assert diagnosis.why
    assert diagnosis.remedies
    assert {c.client for c in diagnosis.clients if c.verdict == "refuses"} or fault.cause in UNNOTICED


@pytest.mark.parametrize("fault", TAKEN, ids=lambda f: f.name)
async def test_a_server_that_clients_take_has_no_cause_and_only_the_finding_that_it_deserves(
    fault: Fault, look: Look
) -> None:
    evidence = await look(fault)
    diagnosis = diagnose(evidence)
    assert diagnosis.causes == (), diagnosis.why
    kinds = {f.kind for f in (*oddities(evidence), *expiring(evidence, evidence.observed_at))}
    assert kinds == ({fault.finding} if fault.finding else set())


MEASURED = [
    f
    for f in ALL_FAULTS.values()
    if f.side == "server"
    and f.name != "client-certificate-required-400"  # there TLS comes about, and the page says no
    and (f.chromium or f.cause is None or f.cause in OPINIONS)
]


@pytest.mark.parametrize("fault", MEASURED, ids=lambda f: f.name)
async def test_chromium_is_judged_as_it_was_measured(fault: Fault, look: Look) -> None:
    """`Fault.chromium` is what a real Chromium says (test_front_chromium)."""
    verdicts = {c.client: c.verdict for c in diagnose(await look(fault)).clients}
    assert verdicts["chromium"] == ("refuses" if fault.chromium else "accepts")


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.cause.value)
def test_every_cause_brings_the_fault_that_produces_it_under_its_own_id(rule: Rule) -> None:
    assert {f.cause for f in rule.faults} == {rule.cause}
    assert rule.faults[0].name == rule.cause.value


@pytest.mark.parametrize("fault", ["expired", "untrusted-ca", "weak-cipher", "connection-cut", "healthy"])
async def test_a_third_party_gets_one_connection_and_no_more(
    fault: str, authority: Authority, trust: TrustStore
) -> None:
    async with await serve(authority, ["chat.desk.test"], None, fault) as front:
        evidence = await probe(
            "chat.desk.test", front.port, address=front.address, trust=trust, third_party=True, offline=True
        )
        assert front.connections == 1
    expected = ALL_FAULTS[fault].cause
    assert diagnose(evidence, third_party=True).causes[:1] == ((expected,) if expected else ())

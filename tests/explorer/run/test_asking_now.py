"""A recorded failure against today's handshake: still broken, mended since, broken only there, or open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from explorer.run.asking_now import MENDED, NOT_ASKED, ONLY_THERE, OPEN, STILL, compared
from explorer.tls.chain import describe
from explorer.tls.faults.mint import Authority, CertificateSpec
from flows.diagnosis import Cause, Certificate, Diagnosis, Evidence
from flows.probe_facts import ProbeFacts
from flows.signals import Family, Signal

HOST = ("tickets.shop.example", 443)
NOW = datetime.now(tz=UTC)
RECORDED = (NOW - timedelta(days=2)).timestamp()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create()


def leaf(authority: Authority, *days: float) -> Certificate:
    return describe(authority.leaf([HOST[0]], CertificateSpec(days=(days[0], days[1]))).certificate)


def evidence(certificate: Certificate | None, **more: object) -> Evidence:
    seen = Evidence(*HOST, "192.0.2.1", HOST[0], NOW, tcp_connected=True, name_matches=True)
    facts = ProbeFacts(anchor="CN=Root", path="x")
    return replace(seen, chain=(certificate,) if certificate else (), facts=facts, **more)  # type: ignore[arg-type]


def then(cause: Cause, certificate: Certificate | None = None) -> Diagnosis:
    return Diagnosis(*HOST, (cause,), "", "client", evidence(certificate) if certificate else None)


def became(recorded: Diagnosis, now: Evidence) -> str:
    signal = Signal("1", RECORDED, "customer", Family.TLS, "x", "net::ERR_CERT_DATE_INVALID", recorded.causes, *HOST)
    return compared(recorded, now, [signal])[1].kind


def test_each_outcome_is_told(authority: Authority) -> None:
    over, good, fresh = leaf(authority, -90, -3), leaf(authority, -30, 60), leaf(authority, -1, 89)
    stranger = Authority.create("Elsewhere")
    replaced = leaf(stranger, -30, 60)
    assert became(then(Cause.EXPIRED), evidence(over)) == STILL
    assert became(then(Cause.EXPIRED, over), evidence(fresh)) == MENDED
    assert became(then(Cause.CLOCK_SKEW, good), evidence(good)) == ONLY_THERE
    assert became(then(Cause.INTERCEPTION, replaced), evidence(good)) == ONLY_THERE
    assert became(then(Cause.UNTRUSTED_CA), evidence(good)) == OPEN
    assert became(then(Cause.EXPIRED), evidence(None, tcp_connected=False)) == NOT_ASKED


def test_a_host_that_is_still_broken_is_diagnosed_by_what_it_sends_now(authority: Authority) -> None:
    found, finding = compared(then(Cause.UNTRUSTED_CA), evidence(leaf(authority, -90, -3)), [])
    assert found.causes[0] is Cause.EXPIRED
    assert "Then it was untrusted-ca" in finding.text

"""One server with a wrong clock must not make ours wrong; a wrong clock of ours is borne out by all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from explorer.tls.clocks import compare_clocks
from explorer.tls.diagnose import diagnose
from explorer.tls.oddities import oddities
from flows.diagnosis import Cause, Evidence

Look = Callable[..., Awaitable[Evidence]]
LONG_AGO = timedelta(days=20)
"""At that time the lab's expired certificate was still valid."""


async def test_an_expired_certificate_on_a_server_whose_clock_stands_still_is_expired(look: Look) -> None:
    evidence = await look("expired")
    stuck = replace(evidence, server_clock=evidence.observed_at - LONG_AGO)
    other = replace(await look("healthy"), host="other.test")
    assert diagnose(stuck).causes == (Cause.CLOCK_SKEW,), "with no other host, the server's word stands"
    compared, _ = compare_clocks([stuck, other])
    assert diagnose(compared).causes == (Cause.EXPIRED,)
    (finding,) = oddities(compared)
    assert finding.kind == "server-clock"
    assert "20.0 days behind; ours agrees with other.test" in finding.text


async def test_our_own_wrong_clock_is_blamed_when_all_servers_agree(look: Look) -> None:
    skewed = await look("clock-skew")
    assert skewed.server_clock is not None
    seen = [skewed, *(replace(skewed, host=f"h{n}.test") for n in range(3))]
    assert compare_clocks(seen) == seen
    assert diagnose(compare_clocks(seen)[0]).causes == (Cause.CLOCK_SKEW,)


async def test_another_port_of_the_same_host_is_no_witness(look: Look) -> None:
    evidence = await look("expired")
    stuck = replace(evidence, server_clock=evidence.observed_at - LONG_AGO)
    assert compare_clocks([stuck, evidence])[0] == stuck

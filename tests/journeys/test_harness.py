"""What the truth table says of several faults at once."""

from __future__ import annotations

from tests.journeys.harness import expected


def test_the_truth_of_several_broken_hosts_is_the_sum_of_each() -> None:
    truth = expected({"chat": "expired", "auth": "self-signed"})
    assert truth["start-chat"].cause == "expired"
    assert truth["payment"].blocked_by == "login"
    assert truth["submit-ticket"].verdict == "passed"

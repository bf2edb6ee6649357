"""Failures whose own words leave it open are TLS failures only where the probe proves it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.diagnosis import Cause
from flows.incident import Symptom, Verdict
from flows.signals import Family
from tests.flows.builders import diagnosis, judged, opening, other_failure, request, session, step

CHAT = "chat.desk.test"


def test_a_request_that_still_hangs_is_a_handshake_timeout_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "account-info", "open", expects=True, seen=Symptom.ENDLESS_SPINNER, how="pending")]
    log = session(steps, request("r", 10.2, "api.desk.test", outcome="pending"))
    proven = judged(log, "account-info", diagnoses=diagnosis("api.desk.test", Cause.HANDSHAKE_TIMEOUT))
    assert (proven.verdict, proven.cause) == (Verdict.FAILED, "handshake-timeout")
    assert judged(log, "account-info").verdict is Verdict.INCONCLUSIVE


def test_a_socket_that_was_canceled_is_blamed_on_a_wanted_client_certificate_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "start-chat", "open", expects=True, failure="Cannot connect")]
    log = session(steps, request("r", 10.2, CHAT, place="websocket", outcome="aborted"))
    proven = judged(log, "start-chat", diagnoses=diagnosis(CHAT, Cause.CLIENT_CERTIFICATE_REQUIRED))
    assert (proven.verdict, proven.cause) == (Verdict.FAILED, "client-certificate-required")
    assert judged(log, "start-chat", diagnoses=diagnosis(CHAT)).cause == "other"


def test_a_reset_is_a_cut_handshake_only_if_the_probe_proves_it() -> None:
    steps = [opening(), step(1, "account-info", "open", expects=True, failure="Unable to retrieve data")]
    reset = other_failure("r", 10.2, Family.NETWORK, "api.desk.test", "net::ERR_CONNECTION_RESET")
    exchange = request("r", 10.1, "api.desk.test", outcome="failed")
    log = session(steps, exchange, reset)
    assert (
        judged(log, "account-info", diagnoses=diagnosis("api.desk.test", Cause.CONNECTION_CUT)).cause
        == "connection-cut"
    )
    assert judged(log, "account-info").cause == "other"


@pytest.mark.parametrize(("status", "cause"), [(400, "client-certificate-required"), (503, "other")])
def test_an_answer_is_about_the_missing_client_certificate_unless_it_is_the_servers_own_error(
    status: int, cause: str
) -> None:
    steps = [opening(), step(1, "account-info", "open", expects=True, failure="Unable to retrieve data")]
    told = replace(other_failure("r", 10.2, Family.HTTP, CHAT, f"HTTP {status}"), signature=f"http-{status}")
    log = session(steps, request("r", 10.1, CHAT, outcome="http-error"), told)
    proven = judged(log, "account-info", diagnoses=diagnosis(CHAT, Cause.CLIENT_CERTIFICATE_REQUIRED))
    assert proven.cause == cause

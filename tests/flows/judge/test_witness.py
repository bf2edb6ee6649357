"""The proxy's word beside the browser's: when they agree, when they contradict each other, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.diagnosis import Cause
from flows.handshake import Handshake
from flows.judge.witness import Witness, witnesses
from flows.signals import Exchange, Family, Signal

HOST = ("api.test", 443)


def shake(outcome: str, host: str = HOST[0], *, version: str = "", client_alert: str = "") -> Handshake:
    return Handshake("tunnel-1", "s", 1.0, 2.0, host, 443, outcome, version=version, client_alert=client_alert)


def failed(*causes: Cause, error: str = "net::ERR_CERT_DATE_INVALID") -> Signal:
    return Signal("1", 2.0, "s", Family.TLS, "x", error, causes, *HOST, url="https://api.test/")


WORKED = Exchange("1", "s", 1.0, 2.0, "GET", "https://api.test/", *HOST, "fetch", "ok", 200)


def word(*told: Signal | Exchange, seen: tuple[Handshake, ...]) -> Witness | None:
    signals = [t for t in told if isinstance(t, Signal)]
    return witnesses(signals, [t for t in told if isinstance(t, Exchange)], seen).get(HOST)


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (Cause.EXPIRED, "refused-by-client"),
        (Cause.UNTRUSTED_CA, "abandoned-by-client"),
        (Cause.NOT_TLS, "not-tls"),
        (Cause.WEAK_PROTOCOL, "refused-by-server"),
        (Cause.CLIENT_CERTIFICATE_REQUIRED, "finished"),  # TLS 1.3: the server says it afterwards, under encryption
        (Cause.CLIENT_CERTIFICATE_REQUIRED, "left-unasked"),
        (Cause.CONNECTION_CUT, "cut"),
        (Cause.HANDSHAKE_TIMEOUT, "silent"),
        (Cause.UNKNOWN_TLS, "refused-by-server"),
    ],
)
def test_a_handshake_that_ended_as_the_cause_ends_it_agrees(cause: Cause, outcome: str) -> None:
    told = word(failed(cause), seen=(shake("finished"), shake(outcome)))
    assert told is not None
    assert told.agrees


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [
        (Cause.EXPIRED, "finished"),
        (Cause.EXPIRED, "refused-by-server"),
        (Cause.HANDSHAKE_TIMEOUT, "finished"),
        (Cause.NOT_TLS, "finished"),
    ],
)
def test_one_that_the_cause_could_not_have_ended_so_contradicts(cause: Cause, outcome: str) -> None:
    told = word(failed(cause), seen=(shake(outcome),))
    assert told is not None
    assert not told.agrees
    assert "net::ERR_CERT_DATE_INVALID for api.test:443; the proxy saw" in told.text


def test_a_failure_of_a_host_that_the_proxy_was_never_asked_for_contradicts() -> None:
    told = word(failed(Cause.EXPIRED), seen=(shake("finished", "other.test"),))
    assert told is not None
    assert (told.agrees, told.saw) == (False, "no connection to it")


def test_the_alert_and_the_version_are_told_where_they_could_be_read() -> None:
    told = word(
        failed(Cause.EXPIRED), seen=(shake("refused-by-client", client_alert="certificate_expired", version="TLSv1.2"),)
    )
    assert told is not None
    assert told.text == (
        "The proxy saw the browser refuse what it was served (TLSv1.2, certificate_expired): that fits net::ERR_CERT_DATE_INVALID."
    )


def test_where_the_browser_is_content_only_an_alert_contradicts_it() -> None:
    refused = word(WORKED, seen=(shake("finished"), shake("refused-by-client", client_alert="encrypted alert")))
    assert refused is not None
    assert not refused.agrees
    for harmless in ("abandoned-by-client", "silent", "cut", "no-hello", "unreachable"):
        dropped = word(WORKED, seen=(shake("finished"), shake(harmless)))
        assert dropped is not None
        assert dropped.agrees
        assert word(seen=(shake(harmless),)) is None


def test_what_never_left_the_browser_or_was_no_tls_says_nothing() -> None:
    assert word(failed(Cause.MIXED_CONTENT), seen=(shake("finished", "other.test"),)) is None
    reset = replace(failed(), family=Family.NETWORK, error="net::ERR_CONNECTION_RESET")
    assert word(reset, seen=(shake("refused-by-server"),)) is None
    assert word(replace(WORKED, url="http://api.test/"), seen=(shake("finished"),)) is None


def test_without_a_proxy_nothing_is_said() -> None:
    assert word(failed(Cause.EXPIRED), WORKED, seen=()) is None

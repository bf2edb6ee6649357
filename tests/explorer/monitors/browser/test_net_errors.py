"""Net errors: what kind of failure each is, and that no cause is guessed where several are possible."""

from __future__ import annotations

import pytest

from explorer.monitors.browser.net_errors import classify, net_error
from flows.diagnosis import Cause
from flows.signals import Family


@pytest.mark.parametrize(
    ("error", "family", "causes"),
    [
        ("net::ERR_CERT_DATE_INVALID", Family.TLS, {Cause.EXPIRED, Cause.NOT_YET_VALID, Cause.CLOCK_SKEW}),
        ("net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH", Family.TLS, {Cause.WEAK_PROTOCOL, Cause.WEAK_CIPHER}),
        ("net::ERR_SSL_SOMETHING_NEW", Family.TLS, {Cause.UNKNOWN_TLS}),
        ("net::ERR_CONNECTION_RESET", Family.NETWORK, set()),
        ("net::ERR_NAME_NOT_RESOLVED", Family.NETWORK, set()),
        ("net::ERR_DNS_NO_MATCHING_SUPPORTED_ALPN", Family.NETWORK, set()),
    ],
)
def test_an_error_has_a_family_and_all_its_causes(error: str, family: Family, causes: set[Cause]) -> None:
    assert (classify(error).family, set(classify(error).causes)) == (family, causes)


@pytest.mark.parametrize(
    "error", ["net::ERR_ABORTED", "net::ERR_FAILED", "net::ERR_BLOCKED_BY_ORB", "net::ERR_CACHE_MISS", "", "odd"]
)
def test_what_is_no_failure_to_a_user_has_no_family(error: str) -> None:
    assert classify(error).family is None


def test_the_error_is_found_in_words() -> None:
    assert net_error("Error in connection establishment: net::ERR_CERT_INVALID") == "net::ERR_CERT_INVALID"
    assert net_error("no error here") == ""


def test_an_unknown_authority_stands_for_three_causes_at_least() -> None:
    assert {Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN} <= set(
        classify("net::ERR_CERT_AUTHORITY_INVALID").causes
    )

"""The errors of Firefox and Safari mean what Chromium's mean, and a page that they refused is refused."""

from __future__ import annotations

import pytest

from explorer.monitors.browser.net_errors import classify, net_error
from explorer.monitors.browser.other_errors import other_error, other_meaning
from flows.diagnosis import Cause
from flows.judge.blame import is_refused_document
from flows.signals import Family, Signal


@pytest.mark.parametrize(
    ("text", "family", "cause"),
    [
        ("SEC_ERROR_EXPIRED_CERTIFICATE", Family.TLS, Cause.EXPIRED),
        ("SEC_ERROR_UNKNOWN_ISSUER", Family.TLS, Cause.UNTRUSTED_CA),
        ("SSL_ERROR_BAD_CERT_DOMAIN", Family.TLS, Cause.HOSTNAME_MISMATCH),
        ("MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", Family.TLS, Cause.SELF_SIGNED),
        ("SSL_ERROR_SOMETHING_NEW", Family.TLS, Cause.UNKNOWN_TLS),
        ("NSURLErrorDomain error -1201.", Family.TLS, Cause.EXPIRED),
        ("NSURLErrorDomain Code=-1206", Family.TLS, Cause.CLIENT_CERTIFICATE_REQUIRED),
        ("NS_ERROR_NET_RESET", Family.NETWORK, None),
        ("NSURLErrorDomain error -1004.", Family.NETWORK, None),
        ("NS_BINDING_ABORTED", None, None),
        ("NSURLErrorDomain error -1999.", None, None),
        ("certificate", None, None),
    ],
)
def test_a_code_is_classified(text: str, family: Family | None, cause: Cause | None) -> None:
    told = classify(text)
    assert told.family is family
    assert (told.causes[0] if told.causes else None) is cause
    assert (other_meaning(text) is None) is (family is None)


def test_a_name_is_found_in_a_sentence() -> None:
    assert net_error("Error code: SEC_ERROR_UNKNOWN_ISSUER") == "SEC_ERROR_UNKNOWN_ISSUER"
    assert other_error("(NSURLErrorDomain error -1202.)") == "NSURLErrorDomain -1202"
    assert other_error("nothing of the kind") == ""


@pytest.mark.parametrize("error", ["net::ERR_CERT_REVOKED", "SEC_ERROR_REVOKED_CERTIFICATE", "NSURLErrorDomain -1202"])
def test_a_document_that_a_browser_refused_with_its_own_code_is_proof(error: str) -> None:
    signal = Signal("1", 0, "s", Family.TLS, "revoked", error, place="document")
    assert is_refused_document(signal)

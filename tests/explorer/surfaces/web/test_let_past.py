"""Which certificate errors are let past."""

from __future__ import annotations

import pytest

from explorer.surfaces.web.cdp import Cdp, Json
from explorer.surfaces.web.let_past import LetPast


class Told(Cdp):
    def __init__(self) -> None:
        super().__init__(lambda *_: None)
        self.said: list[tuple[str, str, str]] = []

    def post(self, session: str, method: str, params: Json | None = None) -> None:
        self.said.append((session, method.partition(".")[2], str((params or {}).get("action", ""))))


@pytest.mark.parametrize(
    ("url", "action"),
    [
        ("https://bad.test/x", "continue"),
        ("wss://bad.test/socket", "continue"),
        ("https://bad.test:8443/x", "cancel"),
        ("https://other.test/x", "cancel"),
        ("", "cancel"),
    ],
)
def test_only_the_hosts_in_question_are_let_past(url: str, action: str) -> None:
    cdp = Told()
    past = LetPast(cdp)
    past.begin(frozenset({("bad.test", 443)}), ["page"])
    past.attach("frame")
    assert [s for s, method, _ in cdp.said if method == "setOverrideCertificateErrors"] == ["page", "frame"]
    past.error("frame", {"requestURL": url, "eventId": 7})
    assert cdp.said[-1] == ("frame", "handleCertificateError", action)


@pytest.mark.parametrize(
    ("error", "action"),
    [
        ("ERR_CERT_DATE_INVALID", "continue"),
        ("net::ERR_CERT_DATE_INVALID", "continue"),
        ("ERR_CERT_AUTHORITY_INVALID", "cancel"),
        ("ERR_CERT_COMMON_NAME_INVALID", "cancel"),
        ("", "cancel"),
    ],
)
def test_a_session_with_the_login_lets_a_host_past_for_its_dates_alone(error: str, action: str) -> None:
    cdp = Told()
    past = LetPast(cdp)
    past.begin(frozenset({("bad.test", 443)}), ["page"], dates_only=True)
    past.error("page", {"requestURL": "https://bad.test/x", "eventId": 7, "errorType": error})
    assert cdp.said[-1] == ("page", "handleCertificateError", action)


def test_an_observed_session_leaves_every_error_to_the_browser() -> None:
    cdp = Told()
    past = LetPast(cdp)
    past.attach("page")
    past.error("page", {"requestURL": "https://bad.test/x", "eventId": 7})
    assert cdp.said == []

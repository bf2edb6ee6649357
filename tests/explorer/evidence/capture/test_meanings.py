"""Each way in which a connection of a capture ends has a meaning; an alert has one by the side that sent it."""

from __future__ import annotations

import pytest

from explorer.evidence.capture import meanings
from explorer.evidence.capture.meanings import alert_words, captured
from explorer.evidence.wording import meaning
from explorer.tls.wire import ALERTS, alert_name
from flows.diagnosis import Cause
from flows.signals import Family

WORDS = [value for name, value in vars(meanings).items() if name.isupper() and isinstance(value, str)]


@pytest.mark.parametrize("words", WORDS)
def test_every_end_has_a_meaning(words: str) -> None:
    found = meaning(words)
    assert found == captured(words)
    assert found.family in (Family.TLS, Family.NETWORK)
    assert bool(found.causes) is (found.family is Family.TLS)


@pytest.mark.parametrize("code", [*ALERTS, 200])
def test_every_alert_of_either_side_has_a_meaning(code: int) -> None:
    for by_client in (True, False):
        found = meaning(alert_words(alert_name(code), by_client=by_client))
        assert found.family is Family.TLS and found.causes


def test_an_alert_means_what_its_side_can_mean_by_it() -> None:
    assert meaning(alert_words("certificate_expired", by_client=True)).causes[0] is Cause.EXPIRED
    assert meaning(alert_words("certificate_expired", by_client=False)).causes == (Cause.CLIENT_CERTIFICATE_REQUIRED,)
    assert meaning(alert_words("bad_certificate", by_client=True)).causes[0] is Cause.UNKNOWN_TLS


def test_other_words_are_none_of_a_capture() -> None:
    assert captured("net::ERR_CERT_DATE_INVALID") is None
    assert captured("alert from nobody") is None

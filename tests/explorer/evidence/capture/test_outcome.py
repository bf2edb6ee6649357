"""Who gave up first decides how a connection is told, and an end that only follows does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from explorer.evidence.capture import meanings
from tests.explorer.evidence.capture.packets import CHANGE, Talk, alert, record, sealed
from tests.explorer.evidence.capture.test_capture import CHOICE_3, NEW, only, three, two


def asked() -> Talk:
    """A connection of which only the ClientHello has come."""
    return Talk().opened().says(NEW)


@pytest.mark.parametrize("by_client", [True, False])
def test_an_alert_of_a_client_that_got_no_answer_is_about_the_silence(by_client: bool) -> None:
    assert only(asked().waits(30).says(alert(80)).ends(by_client=by_client)).error == meanings.SILENT
    soon = only(asked().says(alert(80)).waits(30).ends(by_client=by_client))
    assert not soon.error and soon.canceled


def test_an_alert_after_an_answer_that_cannot_be_read_is_about_the_answer() -> None:
    garbled = asked().answers(record(22, b"\xa5" * 16)).waits(30).says(alert(50)).ends()
    assert only(garbled).error == meanings.GARBLED


@pytest.mark.parametrize(
    ("talk", "error"),
    [
        (lambda: three().says(CHANGE + sealed(19)).ends(by_client=False), meanings.HUNG_UP_SEALED),
        (lambda: three().says(CHANGE + sealed(19)).ends(by_client=False, reset=True), meanings.HUNG_UP_SEALED),
        (lambda: three().ends(by_client=False).says(CHANGE + sealed(19)), meanings.CUT_LATER),
        (lambda: three().ends(by_client=False), meanings.CUT_LATER),
        (lambda: two().ends(by_client=False), meanings.CUT_LATER),
    ],
)
def test_the_server_s_end_after_an_encrypted_alert_only_follows_it(talk: Callable[[], Talk], error: str) -> None:
    assert only(talk()).error == error


def test_an_encrypted_alert_before_the_server_s_flight_proves_nothing() -> None:
    early = only(asked().answers(CHOICE_3).says(sealed(19)).ends(by_client=False))
    assert not early.error and early.canceled

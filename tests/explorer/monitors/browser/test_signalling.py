"""A browser's signals: numbered, placed, and each failure told once."""

from __future__ import annotations

from explorer.monitors.browser.requests import began
from explorer.monitors.browser.signalling import Signaller
from flows.diagnosis import Cause
from flows.record import Record
from flows.signals import Family

ERROR = "net::ERR_CERT_DATE_INVALID"


def at(time: float) -> Record:
    return Record(time, "cdp", "Log.entryAdded", {"frame": "f1", "frame_url": "https://desk.test/"})


def test_signals_are_numbered_and_say_where_they_belong() -> None:
    signaller = Signaller("s")
    first = signaller.signal(
        at(1), Family.TLS, "cert-date-invalid", ERROR, causes=(Cause.EXPIRED,), url="wss://chat.test/room"
    )
    second = signaller.signal(at(2), Family.SCRIPT, "exception", "TypeError", causes=(Cause.EXPIRED,))
    assert (first.id, second.id) == ("s:1", "s:2")
    assert (first.host, first.port, first.frame, first.document) == ("chat.test", 443, "f1", "https://desk.test/")
    assert (first.causes, second.causes) == ((Cause.EXPIRED,), ()), "only a failure of TLS has causes of TLS"


def test_a_request_says_more_than_the_record() -> None:
    sent = {"request": "7", "url": "https://api.test/", "type": "Ping", "frame": "f2", "frame_url": "https://x.test/"}
    request = began(sent, 1)
    signaller = Signaller("s")
    signal = signaller.signal(at(1), Family.TLS, "cert-date-invalid", ERROR, request=request, url="https://other.test/")
    assert (signal.host, signal.request, signal.frame, signal.background) == ("api.test", "s:7", "f2", True)
    assert signaller.told_of_request("7") and not signaller.told_of_request("8")


def test_a_failure_is_remembered_for_a_short_while() -> None:
    signaller = Signaller("s")
    signaller.signal(at(10), Family.NETWORK, "refused", "net::ERR_CONNECTION_REFUSED", url="https://api.test/")
    assert signaller.told_of("https://api.test/", 12) and not signaller.told_of("https://api.test/", 20)
    assert not signaller.told_of("https://chat.test/", 10) and signaller.last_failure == 10


def test_mixed_content_is_told_once() -> None:
    signaller = Signaller("s")
    signal = signaller.insecure(at(1), "http://plain.test/i.png", place="image")
    assert signal is not None and (signal.signature, signal.causes) == ("mixed-content", (Cause.MIXED_CONTENT,))
    assert signaller.insecure(at(1.5), "http://plain.test/i.png") is None

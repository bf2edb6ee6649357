"""Log lines and reports of mixed content: heard only where no request told the same."""

from __future__ import annotations

from explorer.monitors.browser.late_witnesses import LateWitnesses, is_insecure_form
from explorer.monitors.browser.requests import began
from explorer.monitors.browser.signalling import Signaller
from flows.record import Record
from flows.signals import Family, Signal

LINE = "WebSocket connection to 'wss://chat.test/room' failed: Error: net::ERR_CERT_DATE_INVALID"
FORM = {"resource": "Form", "url": "http://plain.test/send", "frame_url": "https://desk.test/form", "status": "Warning"}


def line(time: float, **data: object) -> Record:
    return Record(time, "cdp", "Log.entryAdded", {"log": "network", "text": LINE, **data})


def issue(time: float, **data: object) -> Record:
    told = {"resource": "Script", "url": "http://plain.test/a.js", "status": "MixedContentBlocked", **data}
    return Record(time, "cdp", "Audits.issueAdded", told)


def witnesses(*records: Record) -> LateWitnesses:
    made = LateWitnesses(Signaller("s"))
    for record in records:
        take = made.mixed_content if record.kind == "Audits.issueAdded" else made.log_line
        take(record, record.data)
    return made


def heard(one: LateWitnesses, until: float = 9.0) -> list[tuple[str, str, str]]:
    return [(s.host, s.place, s.signature) for s in one.due(until) if isinstance(s, Signal)]


def test_a_log_line_is_heard_once_its_time_has_come() -> None:
    one = witnesses(line(5))
    assert heard(one, until=4) == []
    assert heard(one, until=5) == [("chat.test", "websocket", "cert-date-invalid")] and heard(one) == []


def test_a_log_line_about_what_a_request_told_is_not_heard() -> None:
    one = witnesses(line(5), line(5, request="7"))
    one.signaller.signal(
        line(5.5), Family.TLS, "cert-date-invalid", "net::ERR_CERT_DATE_INVALID", url="wss://chat.test/room"
    )
    assert heard(one) == []


def test_a_line_that_names_no_failure_of_tls_is_not_heard() -> None:
    assert heard(witnesses(line(1, text="https://api.test/ failed: net::ERR_CONNECTION_REFUSED"))) == []
    assert heard(witnesses(line(1, text="Deprecated API"), line(1, log="security"))) == []


def test_mixed_content_that_was_blocked_is_heard_and_what_was_only_warned_of_is_not() -> None:
    assert heard(witnesses(issue(1))) == [("plain.test", "script", "mixed-content")]
    assert heard(witnesses(issue(1, status="MixedContentWarning"))) == []


def test_a_form_that_is_not_secure_is_told_by_the_end_of_a_document_that_never_began() -> None:
    one = witnesses(issue(1, **FORM))
    ended = {"type": "Document", "frame_url": "https://desk.test/form"}
    failure = Record(3, "cdp", "Network.loadingFailed", ended)
    stopped = one.form_stopped(failure, ended, "net::ERR_BLOCKED_BY_CLIENT")
    assert stopped is not None and (stopped.host, stopped.place) == ("plain.test", "form")
    assert one.form_stopped(failure, {**ended, "frame_url": "https://desk.test/"}, "net::ERR_BLOCKED_BY_CLIENT") is None
    assert one.form_stopped(failure, ended, "net::ERR_ABORTED") is None


def test_a_document_that_the_client_blocked_on_the_way_to_no_encryption_is_an_insecure_form() -> None:
    sent = {"request": "1", "url": "http://plain.test/send", "type": "Document", "frame_url": "https://desk.test/form"}
    assert is_insecure_form(began(sent, 1), "net::ERR_BLOCKED_BY_CLIENT")
    assert not is_insecure_form(began({**sent, "url": "https://desk.test/send"}, 1), "net::ERR_BLOCKED_BY_CLIENT")
    assert not is_insecure_form(began(sent, 1), "net::ERR_ABORTED")

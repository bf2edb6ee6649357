"""What is left out of a flood, and what is not."""

from __future__ import annotations

from explorer.surfaces.web.caps import SESSION_RECORDS, STEP_LINES, STEP_RECORDS, RecordCap
from flows.record import Record

LINE = Record(1.0, "cdp", "Log.entryAdded", {"text": "Failed to load resource: 404"})
REQUEST = Record(1.0, "cdp", "Network.requestWillBeSent", {"url": "https://desk.test/"})
WITNESSES = (
    Record(2.0, "cdp", "Log.entryAdded", {"text": "WebSocket connection failed: net::ERR_CERT_DATE_INVALID"}),
    Record(2.0, "cdp", "Network.loadingFailed", {"error": "net::ERR_SSL_PROTOCOL_ERROR"}),
    Record(2.0, "cdp", "Security.certificateError", {}),
    Record(2.0, "tokens", "answered", {}),
)


def test_lines_and_records_of_a_step_have_an_end_and_a_new_step_begins_anew() -> None:
    cap = RecordCap()
    assert sum(cap.takes(LINE) for _ in range(STEP_LINES + 5)) == STEP_LINES
    assert sum(cap.takes(REQUEST) for _ in range(STEP_RECORDS)) == STEP_RECORDS - STEP_LINES
    cap.begin_step()
    assert cap.takes(LINE) and cap.told()[0].data["records"] == 5 + STEP_LINES and cap.told() == []


def test_no_flood_hides_a_tls_failure_or_what_became_of_what_was_sent() -> None:
    cap = RecordCap()
    cap._all = SESSION_RECORDS
    assert not cap.takes(REQUEST)
    assert all(map(cap.takes, WITNESSES))
    assert sum(cap.takes(WITNESSES[0]) for _ in range(STEP_LINES)) == STEP_LINES - len(WITNESSES), (
        "they have an end too"
    )

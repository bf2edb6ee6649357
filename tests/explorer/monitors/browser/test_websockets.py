"""What becomes of a page's sockets."""

from __future__ import annotations

import pytest

from explorer.monitors.browser.requests import Pending, began
from explorer.monitors.browser.signalling import Observations, Signaller
from explorer.monitors.browser.websockets import WebSockets
from flows.effects import Effect
from flows.record import Record
from flows.signals import Signal

SOCKET = {"request": "1", "url": "wss://chat.test/room", "page": "p", "frame": "f"}


def record(time: float = 1.0, **data: object) -> Record:
    return Record(time, "cdp", "a socket's", {**SOCKET, **data})


def sockets() -> WebSockets:
    under_way: dict[str, Pending] = {}
    made = WebSockets(Signaller("s"), under_way)
    made.created(record(), SOCKET)
    return made


def outcomes(told: Observations) -> list[str]:
    return [t.signature if isinstance(t, Signal) else str(t.kind) if isinstance(t, Effect) else t.outcome for t in told]


def test_a_handshake_that_goes_through_is_an_exchange_and_its_end_says_nothing_more() -> None:
    one = sockets()
    assert outcomes(one.opened(record(), {**SOCKET, "status": 101})) == ["ok"]
    assert one.failed(record(), {**SOCKET, "error": "net::ERR_CONNECTION_RESET"}) == []
    assert one.closed(record(), SOCKET) == [] and not one.under_way


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("net::ERR_CERT_DATE_INVALID", ["failed", "cert-date-invalid"]),
        ("Error during WebSocket handshake: Unexpected response code: 503", ["http-error", "http-503"]),
        ("WebSocket was cancelled", ["failed", "websocket-cancelled"]),
        ("Something else", ["aborted"]),
    ],
)
def test_a_handshake_that_fails_says_why_once(error: str, told: list[str]) -> None:
    one = sockets()
    found = one.failed(record(), {**SOCKET, "error": error})
    assert outcomes(found) == told
    assert one.failed(record(), {**SOCKET, "error": error}) == [] and one.closed(record(), SOCKET) == []
    assert all(s.host == "chat.test" and s.place == "websocket" for s in found if isinstance(s, Signal))


def test_a_socket_whose_page_is_left_is_cancelled_without_a_failure() -> None:
    one = sockets()
    document = {"request": "2", "url": "https://desk.test/next", "type": "Document", "page": "p", "frame": "f"}
    one.leaving(began(document, 4.0), 4.0)
    assert outcomes(one.failed(record(5.0), {**SOCKET, "error": "WebSocket was cancelled"})) == ["aborted"]


def test_a_socket_that_closes_before_its_handshake_was_aborted() -> None:
    assert outcomes(sockets().closed(record(), SOCKET)) == ["aborted"]


def test_a_socket_that_nobody_saw_begin_tells_nothing() -> None:
    stranger = {**SOCKET, "request": "9"}
    one = sockets()
    assert one.opened(record(), stranger) == one.failed(record(), stranger) == one.closed(record(), stranger) == []

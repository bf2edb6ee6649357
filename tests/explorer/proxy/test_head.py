"""Whom a client asks the proxy for, read from the head of its request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.proxy.head import read_head


@pytest.mark.parametrize(
    ("asked", "host", "port"),
    [
        (b"CONNECT api.desk.test:443 HTTP/1.1\r\n\r\n", "api.desk.test", 443),
        (b"CONNECT API.Desk.Test:8443 HTTP/1.0\r\n\r\n", "api.desk.test", 8443),
        (b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n", "::1", 443),
    ],
)
def test_a_tunnel_says_where_to(asked: bytes, host: str, port: int) -> None:
    found = read_head(asked)
    assert found is not None
    assert (found.host, found.port, found.head) == (host, port, b"")


def test_a_plain_request_goes_on_as_servers_take_it_for_one_answer_and_without_what_is_the_proxys() -> None:
    found = read_head(
        b"GET http://desk.test/help?q=1 HTTP/1.1\r\nHost: desk.test\r\nProxy-Authorization: Basic eA==\r\n"
        b"Connection: keep-alive\r\nAccept: */*\r\n\r\n"
    )
    assert found is not None
    assert (found.host, found.port) == ("desk.test", 80)
    assert found.head == b"GET /help?q=1 HTTP/1.1\r\nConnection: close\r\nHost: desk.test\r\nAccept: */*\r\n\r\n"


def test_a_request_for_a_websocket_keeps_its_wish_to_upgrade() -> None:
    found = read_head(
        b"GET http://desk.test:8080/live HTTP/1.1\r\nHost: desk.test:8080\r\nConnection: keep-alive, Upgrade\r\n"
        b"Upgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n"
    )
    rest = b"Connection: Upgrade\r\nHost: desk.test:8080\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n"
    assert found is not None
    assert found.head == b"GET /live HTTP/1.1\r\n" + rest
    assert found.whole == b"GET http://desk.test:8080/live HTTP/1.1\r\n" + rest


@pytest.mark.parametrize(
    "asked",
    [
        b"CONNECT desk.test:0 HTTP/1.1\r\n\r\n",
        b"CONNECT desk.test:65536 HTTP/1.1\r\n\r\n",
        b"CONNECT desk.test HTTP/1.1\r\n\r\n",
        b"GET /help HTTP/1.1\r\n\r\n",
        b"GET https://desk.test/ HTTP/1.1\r\n\r\n",
        b"GET http://desk.test:99999/ HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"",
    ],
)
def test_what_is_no_request_to_a_proxy_is_none(asked: bytes) -> None:
    assert read_head(asked) is None


@given(st.binary(max_size=200))
def test_no_bytes_of_a_client_break_the_reader(noise: bytes) -> None:
    assert read_head(noise) is None or read_head(noise)
    assert read_head(b"CONNECT " + noise + b" HTTP/1.1\r\n") is None or b":" in noise

"""Messages of HTTP as text, and the entries made of them."""

from __future__ import annotations

import pytest

from explorer.evidence.proxies.entries import entry, iso, message, request_line, request_part, status_line, tunnel


def test_a_message_is_parted_into_first_line_headers_and_body() -> None:
    found = message(b"POST /a HTTP/1.1\r\nHost: shop.example\r\nno header\r\nX: a: b\r\n\r\nbody\r\n\r\nmore")
    assert found.first == "POST /a HTTP/1.1"
    assert found.headers == (("Host", "shop.example"), ("X", "a: b"))
    assert found.header("host") == "shop.example" and found.header("cookie") == ""
    assert found.body == b"body\r\n\r\nmore"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\r\n\r\n", b"x" * 100_000, b":\r\n:\r\n" * 5_000])
def test_anything_is_a_message(data: bytes) -> None:
    found = message(data)
    assert len(found.first) <= 8_000 and len(found.headers) <= 200


@pytest.mark.parametrize(
    ("first", "parts"),
    [
        ("GET https://a.test/x HTTP/1.1", ("GET", "https://a.test/x", "HTTP/1.1")),
        ("CONNECT a.test:443 HTTP/1.1", ("CONNECT", "a.test:443", "HTTP/1.1")),
        ("GET /x", ("GET", "/x", "")),
        ("hello", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_first_line_of_a_request(first: str, parts: tuple[str, str, str]) -> None:
    assert request_line(first) == parts


def test_the_first_line_of_an_answer() -> None:
    assert status_line("HTTP/1.1 502 Fiddler - Connection Failed") == ("HTTP/1.1", 502, "Fiddler - Connection Failed")
    assert status_line("HTTP/2 200") == ("HTTP/2", 200, "")
    assert status_line("GET / HTTP/1.1") == ("", 0, "")


def test_bodies_are_kept_only_where_names_of_fields_stand_in_them() -> None:
    form = [("Content-Type", "application/x-www-form-urlencoded")]
    assert request_part("POST", "https://a.test/", form, b"a=1")["postData"]["text"] == "a=1"
    assert "postData" not in request_part("POST", "https://a.test/", [("Content-Type", "text/plain")], b"a=1")


def test_an_entry_has_an_error_and_an_address_only_if_there_is_one() -> None:
    assert entry("", 0, {}, {}).keys() == {"startedDateTime", "time", "request", "response"}
    assert len(entry("", 0, {}, {}, error="x" * 9_000, address="192.0.2.1")["_error"]) == 2_000


def test_times_that_are_none_are_empty() -> None:
    assert iso(1_796_000_000.25).startswith("2026-11-30T")
    assert iso(1e300) == iso(float("nan")) == ""


def test_a_tunnel_is_an_address() -> None:
    assert tunnel("a.test:443") == "https://a.test/" and tunnel("a.test:8443") == "https://a.test:8443/"

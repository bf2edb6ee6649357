"""The three files of a request of Fiddler become one entry; only Fiddler's own answers are errors."""

from __future__ import annotations

from explorer.evidence.proxies.fiddler import PART, entries
from tests.explorer.evidence.proxies.sessions import HOST, REFUSED, URL, fiddler, streamed


def test_an_answer_of_fiddler_itself_is_an_error_and_one_of_the_server_is_none() -> None:
    own = fiddler(1, status="HTTP/1.1 502 Fiddler - Connection Failed", body=REFUSED)
    server = fiddler(2, status="HTTP/1.1 502 Bad Gateway", body="[Fiddler] is down for maintenance")
    first, second = entries(streamed([*own.items(), *server.items()]))
    assert first is not None and second is not None
    assert "The remote certificate is invalid" in first["_error"] and "<br" not in first["_error"]
    assert "_error" not in second and second["response"]["status"] == 502


def test_time_and_address_are_those_of_the_third_file() -> None:
    [found] = entries(streamed(fiddler(7).items()))
    assert found is not None
    assert found["startedDateTime"] == "2026-11-30T09:50:07.234567+01:00"
    assert found["serverIPAddress"] == "192.0.2.7"


def test_a_request_without_an_answer_or_a_third_file_is_still_one() -> None:
    [found] = entries(streamed([("raw/1_c.txt", fiddler(1)["raw/1_c.txt"])]))
    assert found is not None and found["request"]["url"] == URL and found["response"]["status"] == 0


def test_an_address_without_a_host_gets_that_of_the_header() -> None:
    [found] = entries(streamed([("raw/1_c.txt", b"GET /a?b=c HTTP/1.1\r\nHost: shop.example\r\n\r\n")]))
    assert found is not None and found["request"]["url"] == "https://shop.example/a?b=c"


def test_a_tunnel_is_called_by_its_host() -> None:
    [found] = entries(streamed(fiddler(1, f"{HOST}:443", method="CONNECT").items()))
    assert found is not None and found["request"]["url"] == f"https://{HOST}/"


def test_only_files_of_requests_count() -> None:
    assert (
        PART.fullmatch("raw\\0012_S.txt") and not PART.fullmatch("raw/1_w.txt") and not PART.fullmatch("x/raw/1_c.txt")
    )
    assert list(entries(streamed([("_index.htm", b"<html>")]))) == []

"""What CDP tells of a request is read part by part."""

from __future__ import annotations

from base64 import b64encode

from explorer.request.scope import scope_of
from explorer.surfaces.web.sent import authority, body_parts, chosen_names, header_values, members, payload


def test_a_binary_frame_is_decoded_and_a_damaged_one_is_empty() -> None:
    assert payload({"opcode": 2, "payloadData": b64encode(b"\x00x").decode()}) == b"\x00x"
    assert payload({"opcode": 1, "payloadData": "text"}) == b"text"
    assert payload({"opcode": 2, "payloadData": "Base64?"}) == b""


def test_a_referer_of_the_login_s_own_place_loses_its_host() -> None:
    headers = {"Referer": "https://site.test/a?b=c", "X": "1"}
    assert list(header_values({"headers": headers}, scope_of("https://site.test/"))) == [":/a?b=c", ":1"]
    assert list(header_values({"headers": headers}, scope_of("https://other.test/"))) == [
        ":https://site.test/a?b=c",
        ":1",
    ]


def test_names_that_a_script_chooses_are_headers_and_unusual_methods() -> None:
    assert chosen_names({"method": "POST", "headers": {"X-Ann": "1"}}) == ["X-Ann"]
    assert chosen_names({"method": "ANN", "headers": {}}) == ["ANN"]


def test_a_body_is_complete_if_every_part_came_with_the_event() -> None:
    part = {"bytes": b64encode(b"a").decode()}
    assert body_parts({"postDataEntries": [part, {}], "hasPostData": True}) == ([b"a"], False)
    assert body_parts({"postDataEntries": [part], "hasPostData": True}) == ([b"a"], True)
    assert body_parts({}) == ([], True)


def test_small_parts() -> None:
    assert members(": a, b") == [":a", ":b"]
    assert authority("https://u:p@host.test:8443/x") == "u:p@host.test:8443"

"""A request on its way to a server, and in the folder of its run."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.request.errors import RequestError
from explorer.request.remote import parse_client, payload, read_stored
from explorer.request.request import RunRequest

OLD = {
    "target": "test.app",
    "app": "a" * 64,
    "personas": ["curious"],
    "journeys": [],
    "devices": ["android"],
    "steps": 200,
    "time": 90.0,
    "seed": 1,
    "private": False,
    "allow": ["payment"],
    "allow_origins": [],
    "expiring_days": None,
    "with_login": True,
}
"""As servers wrote it before a request was one thing."""


def test_what_an_earlier_server_wrote_down_is_read() -> None:
    asked = read_stored(json.dumps(OLD))
    assert (asked.target, asked.app, asked.time, asked.with_login) == ("test.app", "a" * 64, 90.0, True)


def test_only_what_is_said_is_sent() -> None:
    assert payload(RunRequest(target="https://a.example/")) == {"target": "https://a.example/"}


def test_the_days_of_fail_on_go_along() -> None:
    assert payload(RunRequest(fail_on="failed,expiring=14")) == {"expiring_days": 14}
    assert payload(RunRequest(fail_on="failed,expiring=14", expiring_days=3)) == {"expiring_days": 3}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"[]", ""),
        (b"{", ""),
        (b'{"colour": 1}', "colour"),
        (b'{"ca": ["/etc/passwd"]}', "ca"),
        (b'{"with_login": true}', "with_login"),
        (b'{"evidence": ["film"]}', "evidence"),
        (b'{"login": {"user": "u"}}', "login"),
        (b'{"time": "soon"}', "time"),
    ],
)
def test_what_is_no_request_is_told_by_field(body: bytes, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        parse_client(body)
    assert caught.value.field == field


@pytest.mark.parametrize("value", [False, True])
def test_looking_for_what_else_is_amiss_can_be_left_out_there_too(value: Any) -> None:
    assert parse_client(json.dumps({"audit": value}).encode()).audit is value

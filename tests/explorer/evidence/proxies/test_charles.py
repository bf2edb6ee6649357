"""A transaction of Charles becomes an entry, whatever of it is missing or of the wrong kind."""

from __future__ import annotations

import json
from typing import Any

import pytest

from explorer.evidence.proxies.charles import entries, entries_of_files, transaction
from tests.explorer.evidence.proxies.sessions import HOST, URL, charles, chlsj, streamed


def test_what_failed_is_said_in_the_words_of_charles() -> None:
    found = transaction(charles(error="SSL handshake with client failed"))
    assert found is not None and found["_error"] == "SSL handshake with client failed"
    untold = transaction({**charles(), "status": "FAILED"})
    assert untold is not None and untold["_error"] == "status FAILED"


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ({}, URL),
        ({"actualPort": 8443}, f"https://{HOST}:8443/v1/tickets"),
        ({"scheme": "http", "actualPort": 80}, f"http://{HOST}/v1/tickets"),
        ({"query": "a=1"}, f"{URL}?a=1"),
        ({"method": "CONNECT", "path": None}, f"https://{HOST}/"),
        ({"host": "2001:db8::1"}, "https://[2001:db8::1]/v1/tickets"),
    ],
)
def test_the_address_is_put_together(more: dict[str, Any], url: str) -> None:
    found = transaction({**charles(), **more})
    assert found is not None and found["request"]["url"] == url


@pytest.mark.parametrize("name", ["request", "response", "times", "durations", "remoteAddress", "scheme", "actualPort"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {"header": {"headers": 7}, "body": 7}])
def test_members_of_the_wrong_kind_bring_nothing_down(name: str, value: Any) -> None:
    found = transaction({**charles(), name: value})
    assert found is not None and found["request"]["method"] == "GET"


def test_a_list_that_ends_early_says_so() -> None:
    whole, ended = chlsj(charles(), charles()), list[bool]()
    assert len(list(entries(iter([whole]), cut_off=ended))) == 2 and not ended
    assert len(list(entries(iter([whole[:-5]]), cut_off=ended))) == 1 and ended


def test_files_of_an_archive_may_hold_one_transaction_or_several_or_none() -> None:
    one = json.dumps(charles()).encode()
    files = [("1.json", one), ("2.json", chlsj(charles(), charles())), ("3.dat", b"\0\1"), ("4.json", b"[1, null, {}]")]
    assert len(list(entries_of_files(streamed(files)))) == 3


def test_a_file_of_an_archive_may_be_of_any_size_and_in_utf_16() -> None:
    large = chlsj(*(charles(f"{URL}/{n}", response={"status": 200, "body": {"text": "x" * 40_000}}) for n in range(40)))
    found = list(entries_of_files(streamed([("a.json", large), ("b.json", b"\n" * 999 + chlsj(charles()))])))
    assert len(found) == 41 and all(found)
    [wide] = entries_of_files(streamed([("a.json", json.dumps(charles()).encode("utf-16"))]))
    assert wide is not None


@pytest.mark.parametrize("broken", [b'{"status": "COMPLETE"', b"[{]", b"{'status': 1}"])
def test_a_file_of_an_archive_that_begins_as_json_and_is_none_is_counted(broken: bytes) -> None:
    assert list(entries_of_files(streamed([("1.json", broken)]))) == [None]
    cut = chlsj(charles(), charles())[:-5]
    found = list(entries_of_files(streamed([("1.json", cut)])))
    assert len(found) == 2 and found[0] is not None and found[1] is None

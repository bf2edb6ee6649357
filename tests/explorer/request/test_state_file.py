"""A storage state is read strictly: the browser must never get cookies that nothing has filtered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import resolve
from explorer.request.state_file import stored_state

STATE = {
    "cookies": [{"name": "sid", "value": "x" * 30, "domain": ".elsewhere.example", "path": "/"}],
    "origins": [{"origin": "https://shop.example", "localStorage": [{"name": "n", "value": "Jürgen"}]}],
}


def test_a_state_is_read_and_no_file_is_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text(json.dumps(STATE, ensure_ascii=False), encoding="utf-8")
    assert stored_state(file) == STATE
    assert stored_state(None) == {}


@pytest.mark.parametrize(
    ("octets", "said"),
    [
        (json.dumps(STATE, ensure_ascii=False).encode("cp1252"), "not valid JSON in UTF-8"),
        (b"\xef\xbb\xbf" + json.dumps(STATE).encode(), "not valid JSON in UTF-8"),
        (b"{", "not valid JSON in UTF-8"),
        (b"[" * 100_000, "not valid JSON in UTF-8"),
        (b"[1]", "no JSON object"),
    ],
    ids=["another encoding", "a mark of byte order", "cut off", "too deep", "a list"],
)
def test_what_cannot_be_filtered_is_refused_before_anything_is_opened(tmp_path: Path, octets: bytes, said: str) -> None:
    file = tmp_path / "state.json"
    file.write_bytes(octets)
    with pytest.raises(RequestError, match=said) as refused:
        resolve(RunRequest(target="https://shop.example", storage_state=file))
    assert refused.value.field == "storage_state" and str(file) in str(refused.value)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        stored_state(tmp_path / "none.json")

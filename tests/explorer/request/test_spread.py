"""The part of a run that a machine explores, as people write it."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from explorer.request.credential import Login
from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import resolve
from explorer.request.spread import Shard


@pytest.mark.parametrize(
    ("target", "of", "refused"),
    [
        ("https://shop.example/", 2, False),
        ("https://shop.example/", 3, True),
        ("https://localhost/", 9, False),
    ],
)
def test_a_wrong_password_cannot_lock_an_account_by_many_parts(target: str, of: int, refused: bool) -> None:
    request = RunRequest(login=Login.of("anna", "secret-word"), shard=Shard(1, of))
    with pytest.raises(RequestError, match="lock an account") if refused else nullcontext():
        resolve(request, target=target)


@pytest.mark.parametrize("text", ["0/4", "5/4", "4", "1/0", "a/b", "1/9999", "-1/4"])
def test_what_is_no_part_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2/8"):
        RunRequest(shard=text)  # type: ignore[arg-type]


def test_a_request_with_a_part_survives_its_way_to_a_worker() -> None:
    request = RunRequest.model_validate({"shard": "2/8", "at_once": 3})
    again = RunRequest.model_validate_json(request.model_dump_json())
    assert (again.shard, again.at_once) == (Shard(2, 8), 3)

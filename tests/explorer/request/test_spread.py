"""The part of a run that a machine explores, as people write it."""

from __future__ import annotations

import pytest

from explorer.request.request import RunRequest
from explorer.request.spread import Shard


@pytest.mark.parametrize("text", ["0/4", "5/4", "4", "1/0", "a/b", "1/9999", "-1/4"])
def test_what_is_no_part_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="2/8"):
        RunRequest(shard=text)  # type: ignore[arg-type]


def test_a_request_with_a_part_survives_its_way_to_a_worker() -> None:
    request = RunRequest.model_validate({"shard": "2/8", "at_once": 3})
    again = RunRequest.model_validate_json(request.model_dump_json())
    assert (again.shard, again.at_once) == (Shard(2, 8), 3)

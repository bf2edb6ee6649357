"""Tagged netstrings are read one by one, however the file is cut into blocks, within limits."""

from __future__ import annotations

from typing import Any

import pytest

from readers.tnetstring import MAX_DEPTH, MAX_ITEM, NotTnetstring, items
from tests.explorer.evidence.proxies.sessions import tnetstring

VALUES: list[Any] = [
    {"a": 1, "b": [1.5, True, None, "täxt", b"\0\xff"], "c": {"d": []}},
    "alone",
    -7,
]


def read(data: bytes, size: int = 1 << 20) -> list[Any]:
    return list(items(data[at : at + size] for at in range(0, len(data), size)))


@pytest.mark.parametrize("size", [1, 3, 1 << 20])
def test_all_types_are_read(size: int) -> None:
    assert read(b"".join(map(tnetstring, VALUES)), size) == VALUES


def test_one_that_is_too_large_is_passed_over() -> None:
    data = tnetstring("before") + tnetstring(b"x" * (MAX_ITEM + 1)) + tnetstring("after")
    assert read(data) == ["before", None, "after"]
    assert read(data, 100_000) == ["before", None, "after"]


def test_deep_nesting_is_left_out() -> None:
    deep: Any = []
    for _ in range(200):
        deep = [deep]
    [found] = read(tnetstring(deep))
    depth = 0
    while found:
        [found], depth = found, depth + 1
    assert depth <= MAX_DEPTH


@pytest.mark.parametrize("data", [b"x", b"12", b":", b"5:ab", b"99999999999999999:", b"1:a,1a:b,", b"-1:a,"])
def test_what_is_none_or_ends_early_is_said(data: bytes) -> None:
    with pytest.raises(NotTnetstring, match=r"is damaged|is cut off"):
        read(data)


def test_damage_inside_an_item_loses_only_what_is_damaged() -> None:
    whole = tnetstring({"a": "one", "b": 22})
    for at in range(4, len(whole) - 1):
        for value in read(whole[:at] + b"?" + whole[at + 1 :]):
            assert value is None or isinstance(value, dict)


def test_many_small_items_in_one_block_take_linear_time() -> None:
    assert len(read(tnetstring(1) * 200_000)) == 200_000

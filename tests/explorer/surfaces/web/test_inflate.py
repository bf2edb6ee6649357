"""Compressed data is found anywhere in a body, within limits that a hostile page cannot exceed."""

from __future__ import annotations

import gzip
import random
import zlib

from explorer.surfaces.web.inflate import HEAD, Budget, inflate


def parts(octets: bytes, budget: Budget | None = None) -> list[bytes]:
    return list(inflate(octets, budget or Budget()))


def test_a_text_holds_nothing_compressed() -> None:
    budget = Budget()
    assert parts(b"HKx^ " * 100_000, budget) == []
    assert budget == Budget()


def test_a_part_is_handed_on_whole_although_it_is_fed_in_steps() -> None:
    data = random.Random(1).randbytes(3 << 20)
    assert parts(zlib.compress(data))[0] == data


def test_no_more_is_decompressed_than_may_be_and_what_was_is_kept() -> None:
    budget = Budget(left=50_000)
    (part, *_) = parts(gzip.compress(b"begin" + bytes(100_000)), budget)
    assert part.startswith(b"begin") and len(part) == 50_000
    assert not budget.whole


def test_a_part_ends_where_its_stream_ends_and_the_next_one_is_read() -> None:
    found = parts(zlib.compress(b"one") + b"between" + gzip.compress(b"two"))
    assert [part for part in found if part in (b"one", b"two")] == [b"one", b"two"]


def test_thousands_of_parts_are_read() -> None:
    budget = Budget()
    packed = b"".join(zlib.compress(b"event %d \xff" % n) for n in range(5_000))
    assert parts(packed, budget)[-1] == b"event 4999 \xff" and budget.whole


def test_many_heads_before_much_that_yields_nothing_cost_a_bounded_amount_of_work() -> None:
    heads = b"\x78\x01" * 32_000
    stored = b"\x00" + len(heads).to_bytes(2, "little") + (65_535 - len(heads)).to_bytes(2, "little") + heads
    budget = Budget(work=1 << 20)
    parts((stored + b"\x00\x00\x00\xff\xff" * 2_500 + b"\x07") * 100, budget)
    assert 0 > budget.work >= -(16 << 10) and not budget.whole


def test_what_costs_more_than_the_budget_is_said_to_be_unread() -> None:
    budget = Budget(work=10 * HEAD)
    parts(b"\x78\x9c\xff" * 11, budget)
    assert not budget.whole

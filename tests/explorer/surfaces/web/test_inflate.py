"""Compressed data is found anywhere in a body, within limits that a hostile page cannot exceed."""

from __future__ import annotations

import gzip
import random
import zlib

from explorer.surfaces.web.inflate import MOST_PARTS, OVERLAP, WINDOW, inflate


def test_a_text_holds_nothing_compressed() -> None:
    told = inflate(b"x" * 100_000)
    assert (told.pieces, told.whole) == ([], True)


def test_pieces_of_a_long_part_overlap() -> None:
    data = random.Random(1).randbytes(3 * WINDOW)
    first, second, *_ = inflate(zlib.compress(data)).pieces
    assert first[-OVERLAP:] == second[:OVERLAP]


def test_no_more_is_decompressed_than_may_be_and_what_was_is_kept() -> None:
    told = inflate(gzip.compress(b"begin" + bytes(100_000)), left=50_000)
    assert told.left == 0 and not told.whole
    assert b"".join(told.pieces).startswith(b"begin") and sum(map(len, told.pieces)) == 50_000


def test_a_part_ends_where_its_stream_ends_and_the_next_one_is_read() -> None:
    told = inflate(zlib.compress(b"one") + b"between" + gzip.compress(b"two"))
    assert [piece for piece in told.pieces if piece in (b"one", b"two")] == [b"one", b"two"]


def test_chance_heads_do_not_count_as_parts() -> None:
    parts = b"".join(b"\x78\x9c\x4b\x4c\xff\xff" for _ in range(10 * MOST_PARTS))
    assert inflate(parts).whole

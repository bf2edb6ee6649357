"""What a page sends is read, however it is packed; what is too large is said to be unread."""

from __future__ import annotations

import gzip
import os
import random
import zlib

import pytest

from explorer.surfaces.web.bodies import MOST, MOST_HEADS, read

SECRET = "Tr0ub4dor&3"
NOISE = os.urandom(900).hex().encode()


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "body",
    [
        b"p=" + SECRET.encode(),
        SECRET.encode("utf-16-le"),
        gzip.compress(SECRET.encode()),
        zlib.compress(SECRET.encode()),
        bare(SECRET.encode()),
        gzip.compress(b" " * 1_100_000 + SECRET.encode()),
        gzip.compress(b"x" * ((1 << 20) - 5) + SECRET.encode() + b"y" * 20),
        gzip.compress(b"first") + gzip.compress(SECRET.encode()),
        b'{"event_id":"7"}\n{"type":"replay"}\n' + zlib.compress(NOISE + SECRET.encode()),
        NOISE + gzip.compress(NOISE) + b"\r\n--b\r\n" + gzip.compress(SECRET.encode()),
        gzip.compress(SECRET.encode() + NOISE)[:-30],
    ],
    ids=[
        "plain",
        "utf-16",
        "gzip",
        "zlib",
        "deflate",
        "long",
        "between windows",
        "second member",
        "envelope",
        "parts",
        "cut",
    ],
)
def test_a_text_is_found_in_a_body(body: bytes) -> None:
    told = read(body)
    assert any(SECRET in text for text in told.texts) and told.whole


def test_a_body_that_unpacks_to_too_much_is_not_whole() -> None:
    told = read(gzip.compress(b"\0" * (MOST + (2 << 20))))
    assert not told.whole


def test_heads_without_a_stream_cost_nothing_and_hide_nothing() -> None:
    told = read(b"\x1f\x8b\x08" * 40 + b"\x78\x9c" + SECRET.encode())
    assert any(SECRET in text for text in told.texts)
    assert read(b"").texts == [""]


@pytest.mark.parametrize("seed", range(20))
def test_a_file_of_noise_is_read_whole_although_some_octets_look_like_heads(seed: int) -> None:
    assert read(random.Random(seed).randbytes(1 << 20)).whole


def test_a_text_behind_many_false_heads_is_found() -> None:
    told = read(b"\x78\x9c\xff" * 2_000 + zlib.compress(SECRET.encode()))
    assert any(SECRET in text for text in told.texts) and told.whole


def test_what_was_decompressed_before_a_damaged_place_is_read() -> None:
    packed = bytearray(zlib.compress(SECRET.encode() + os.urandom(200_000)))
    packed[-4:] = b"\0\0\0\0"  # a wrong checksum
    assert any(SECRET in text for text in read(bytes(packed)).texts)


@pytest.mark.parametrize("body", [zlib.compress(b"a") * 65, b"\x78\x9c\xff" * (MOST_HEADS + 1)], ids=["parts", "heads"])
def test_a_body_with_too_many_parts_or_heads_is_not_whole(body: bytes) -> None:
    assert not read(body).whole

"""What a page sends is read, however it is packed; what is too large is said to be unread."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import zlib
from urllib.parse import quote, urlencode

import pytest

from explorer.request.spelling import Spellings
from explorer.surfaces.web.bodies import read
from explorer.surfaces.web.inflate import MOST, MOST_HEADS

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


def raw_of_window(bits: int) -> bytes:
    packer = zlib.compressobj(wbits=bits)
    return packer.compress(JSON) + packer.flush()


def spoiled(packed: bytes) -> bytes:
    """The same with another checksum."""
    return packed[:-6] + bytes([packed[-6] ^ 1]) + packed[-5:]


JSON = json.dumps({"user": "jane", "password": SECRET}).encode()
PACKED = {
    "gzip with a wrong checksum": spoiled(gzip.compress(JSON)),
    "zlib with a wrong checksum": zlib.compress(JSON)[:-1] + b"\0",
    **{f"zlib with a window of {bits} bits": raw_of_window(bits) for bits in range(9, 16)},
    "raw in multipart": b"--x\r\nContent-Disposition: form-data\r\n\r\n" + bare(JSON) + b"\r\n--x--",
    "gzip in gzip": gzip.compress(gzip.compress(JSON)),
    "Base64 of gzip in a form": b"data=" + quote(base64.b64encode(gzip.compress(JSON))).encode(),
    "zlib in a JSON text": json.dumps([zlib.compress(JSON).decode("latin-1")], ensure_ascii=False).encode(),
    "zlib in an ASCII JSON text": json.dumps([zlib.compress(JSON).decode("latin-1")]).encode(),
    "gzip in a JSON text in gzip": gzip.compress(json.dumps([gzip.compress(JSON).decode("latin-1")]).encode()),
    "Base64 of a form": base64.b64encode(urlencode({"u": "jane", "p": SECRET}).encode()),
    "Base64 twice": base64.b64encode(base64.b64encode(JSON)),
    "URL-safe Base64": base64.urlsafe_b64encode(quote(JSON).encode()),
    "hexadecimal of a form": urlencode({"p": SECRET}).encode().hex().encode(),
}


@pytest.mark.parametrize("body", PACKED.values(), ids=PACKED)
def test_the_password_is_found_however_a_page_packs_what_it_sends(body: bytes) -> None:
    told = read(body)
    assert any(map(Spellings([SECRET]).found, told.texts)) and told.whole


def test_escapes_of_a_json_text_are_read_within_percent_encoding() -> None:
    secret = 'Grün"Haus9'
    body = base64.b64encode(quote(json.dumps({"p": secret}, ensure_ascii=False)).encode())
    assert any(map(Spellings([secret]).found, read(body).texts))


@pytest.mark.parametrize("seed", range(10))
def test_a_file_of_noise_is_read_whole_although_some_octets_look_like_heads(seed: int) -> None:
    assert read(random.Random(seed).randbytes(2 << 20)).whole


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

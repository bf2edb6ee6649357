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
from explorer.surfaces.web.inflate import HEAD, MOST, Budget

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


def test_a_body_with_too_many_heads_is_not_whole() -> None:
    assert not read(b"\x78\x9c\xff" * 11, budget=Budget(work=10 * HEAD)).whole


def packs(count: int) -> list[str]:
    """What rrweb's `pack` makes of each event of a session."""
    return [
        zlib.compress(json.dumps({"n": n, "p": SECRET if n == 70 else ""}).encode()).decode("latin-1")
        for n in range(count)
    ]


RECORDED = {
    "each event by itself": json.dumps(packs(80), ensure_ascii=False).encode(),
    "each event by itself, in gzip": gzip.compress(json.dumps(packs(80)).encode()),
    "JSON in JSON": json.dumps({"body": json.dumps({"events": packs(80)})}).encode(),
    "a form of text": urlencode({"e": packs(80)[70]}, encoding="latin-1").encode(),
    "a form in UTF-8": urlencode({"e": packs(80)[70]}).encode(),
    "windows-1252": zlib.compress(JSON + bytes(range(128, 256)))
    .decode("latin-1")
    .translate(
        {n: bytes([n]).decode("cp1252", "replace") for n in range(128, 160) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
    )
    .encode(),
    "raw DEFLATE in Base64 behind a long word": json.dumps(
        {"session": "0" * 32, "d": base64.b64encode(bare(JSON + b" " * 9 + NOISE)).decode()}
    ).encode(),
    "raw DEFLATE as the seventieth part": b"\r\n\r\n".join([b"x\xff"] * 70 + [bare(JSON)]),
    "Base64 in lines": base64.encodebytes(gzip.compress(JSON + NOISE)),
    "Base64 with a prefix": b"v1-" + base64.b64encode(gzip.compress(JSON)),
    "hexadecimal with a prefix": b"0x" + gzip.compress(JSON).hex().encode(),
    "far inside a large part": gzip.compress(
        json.dumps(
            [" " * 976_000, zlib.compress(JSON + os.urandom(150_000)).decode("latin-1")], ensure_ascii=False
        ).encode()
    ),
}


@pytest.mark.parametrize("body", RECORDED.values(), ids=RECORDED)
def test_the_password_is_found_in_what_recorders_of_sessions_send(body: bytes) -> None:
    told = read(body)
    assert any(map(Spellings([SECRET]).found, told.texts)) and told.whole


@pytest.mark.parametrize(
    "body",
    [
        b'{"photo":"data:image/jpeg;base64,' + base64.b64encode(os.urandom(1 << 20)) + b'"}',
        os.urandom(1 << 20).hex().encode(),
        json.dumps([os.urandom(16).hex() for _ in range(20_000)]).encode(),
    ],
    ids=["a photo", "hexadecimal", "ids"],
)
def test_what_only_looks_packed_is_read_whole(body: bytes) -> None:
    assert read(body).whole


def test_a_place_where_the_login_belongs_is_read_one_layer_deep() -> None:
    twice = gzip.compress(gzip.compress(JSON))
    assert not any(SECRET in text for text in read(twice, layers=1).texts)
    assert any(SECRET in text for text in read(gzip.compress(JSON), layers=1).texts)

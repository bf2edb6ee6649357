"""A secret that was planted is found, however it is packed; the search of the nightly tests would not miss it."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.safety.holding import holding

SECRET = "harbour-lamp-42"
LETTERS = random.Random(1).choices("abcdefghij ", k=20_000)
TEXT = f"{''.join(LETTERS[:10_000])} password={SECRET} {''.join(LETTERS[10_000:])}".encode()


def zipped(data: bytes, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        archive.writestr("resources/first.txt", "nothing here")
        archive.writestr("trace.network", data)
    return out.getvalue()


PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "as it is": bytes,
    "in an archive": zipped,
    "stored in an archive": lambda data: zipped(data, zipfile.ZIP_STORED),
    "in an archive in an archive": lambda data: zipped(zipped(data)),
    "in an archive that was cut off": lambda data: zipped(data)[:-2_000],
    "compressed": gzip.compress,
    "compressed and cut off": lambda data: gzip.compress(data)[:-2_000],
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_planted_secret_is_found(packing: str, tmp_path: Path) -> None:
    planted = tmp_path / "deep" / "file"
    planted.parent.mkdir()
    planted.write_bytes(PACKINGS[packing](TEXT))
    assert holding(SECRET, [tmp_path]) == [str(planted)]


@pytest.mark.parametrize("packing", PACKINGS)
def test_nothing_is_found_where_nothing_was_planted(packing: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(PACKINGS[packing](TEXT.replace(SECRET.encode(), b"***")))
    assert holding(SECRET, [tmp_path]) == []

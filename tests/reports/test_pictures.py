from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from reports import pictures
from reports.pictures import Album


def big(path: Path) -> None:
    Image.frombytes("RGB", (1600, 1000), os.urandom(4_800_000)).save(path, quality=90)


def test_a_picture_comes_as_a_data_uri_and_a_big_one_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (10, 10)).save(tmp_path / "small.png")
    big(tmp_path / "big.jpg")
    album = Album(tmp_path)
    assert album.data_uri("small.png").startswith("data:image/png;base64,")
    told = album.data_uri("big.jpg")
    if told:
        data = base64.b64decode(told.partition(",")[2])
        assert Image.open(io.BytesIO(data)).width == pictures.WIDTH


@pytest.mark.parametrize("name", ["", "../secret.png", "/etc/hostname", "gone.png", "text.png"])
def test_what_is_no_picture_of_the_run_is_left_out(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    Image.new("RGB", (10, 10)).save(tmp_path / "secret.png")
    (folder / "text.png").write_text("<svg onload=alert(1)>", encoding="utf-8")
    assert Album(folder).data_uri(name) == ""


def test_a_full_page_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (10, 10)).save(tmp_path / "a.png")
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    album = Album(tmp_path)
    assert [bool(album.data_uri("a.png")) for _ in range(3)] == [True, False, False]
    assert album.left_out == 2

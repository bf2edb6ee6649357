"""Attachments are real files, as a server would check them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from explorer.run.attachments import NOTE, make_attachments


def test_each_file_is_what_its_name_says_and_that_it_is_a_test(tmp_path: Path) -> None:
    files = make_attachments(tmp_path / "new", "7")
    with Image.open(files["png"]) as picture:
        assert picture.format == "PNG"
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    assert NOTE in files["txt"].read_text()

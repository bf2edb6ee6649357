from __future__ import annotations

import codecs
import gzip
import io
import os
import threading
import zipfile
from pathlib import Path

import pytest

from explorer.targets import log_file
from explorer.targets.error import TargetError
from explorer.targets.log_file import BLOCK, open_log, whole_lines


def read(path: Path | str, stdin: bytes = b"") -> dict[str, bytes]:
    with open_log(str(path), io.BytesIO(stdin)) as streams:
        return {s.name: b"".join(s.blocks) for s in streams}


def test_every_block_ends_with_a_line() -> None:
    blocks = list(whole_lines(iter([b"one\ntw", b"o\nthr", b"ee", b"\nfour"])))
    assert blocks == [b"one\n", b"two\n", b"three\n", b"four"]


def test_an_endless_line_is_cut_and_the_next_one_is_whole() -> None:
    pieces = [b"x" * 900_000] * 5 + [b"xx\nnext\n"]
    lines = b"".join(whole_lines(iter(pieces))).split(b"\n")
    assert len(lines[0]) < 3 << 20
    assert lines[1:] == [b"next", b""]


def test_standard_input_is_read(tmp_path: Path) -> None:
    assert read("-", b"a\nb") == {"": b"a\nb"}


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-8"])
def test_byte_order_marks_are_understood(tmp_path: Path, codec: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8}[codec]
    (tmp_path / "log").write_bytes(mark + "größe\r\nSSL\r\n".encode(codec))
    assert read(tmp_path / "log")[""].decode() == "größe\r\nSSL\r\n"


def test_a_pipe_that_cannot_seek_is_read_from_its_start(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"first\nsecond\n",))
    writer.start()
    assert read(path) == {"": b"first\nsecond\n"}
    writer.join()


def test_a_bug_reports_main_text_and_saved_logcats_are_read_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "bugreport.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("main_entry.txt", "bugreport-oriole-2026.txt")
        archive.writestr("bugreport-oriole-2026.txt", "main\n")
        archive.writestr("FS/data/misc/logd/logcat.01", "older\n")
        archive.writestr("FS/proc/1/mountinfo.txt", "mounts\n")
        archive.writestr("dumpstate_log.txt", "noise\n")
    assert read(path) == {"bugreport-oriole-2026.txt": b"main\n", "FS/data/misc/logd/logcat.01": b"older\n"}


def test_any_zip_of_texts_is_read_entry_by_entry(tmp_path: Path) -> None:
    path = tmp_path / "logs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("b.log", "b\n")
        archive.writestr("a.txt", "a\n")
        archive.writestr("../../evil.txt", "never written, only read\n")
        archive.writestr("c.png", "no")
    assert read(path) == {"../../evil.txt": b"never written, only read\n", "a.txt": b"a\n", "b.log": b"b\n"}


def test_gzip_with_several_members_is_read(tmp_path: Path) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert read(tmp_path / "log.gz") == {"": b"one\ntwo\n"}


@pytest.fixture
def small_bombs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "_RATIO_FROM", 1 << 20)


def test_a_zip_bomb_is_refused(tmp_path: Path, small_bombs: None) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"\n" * (8 << 20))
    with pytest.raises(TargetError, match="zip bomb"):
        read(path)


def test_zeros_after_a_gzip_member_are_padding(tmp_path: Path) -> None:
    padded = gzip.compress(b"one\n") + b"\0" * 512 + gzip.compress(b"two\n") + b"\0" * (3 * BLOCK)
    (tmp_path / "log.gz").write_bytes(padded)
    assert read(tmp_path / "log.gz") == {"": b"one\ntwo\n"}


def test_a_gzip_bomb_is_refused(tmp_path: Path, small_bombs: None) -> None:
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"\0" * (8 << 20)))
    with pytest.raises(TargetError, match="zip bomb"):
        read(tmp_path / "bomb.gz")


def _zip_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.log", os.urandom(64) * 99)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_zip_bytes()[:-30], "damaged or truncated"),
        (_zip_bytes().replace(b"a.log", b"a.png"), "this zip file holds no log"),
        (
            bytes([*_zip_bytes()[:60], *(b ^ 0x55 for b in _zip_bytes()[60:90]), *_zip_bytes()[90:]]),
            "cannot be unpacked",
        ),
        (gzip.compress(os.urandom(4_000))[:-900], "truncated"),
        (b"\x1f\x8b\x08\x00" + b"\x99" * 400, "damaged"),
    ],
)
def test_a_damaged_archive_is_told_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "log").write_bytes(content)
    with pytest.raises(TargetError, match=said):
        read(tmp_path / "log")


def test_a_folder_and_a_missing_file_are_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="is a folder"):
        read(tmp_path)
    with pytest.raises(TargetError, match="cannot be read"):
        read(tmp_path / "missing")

"""Small packages that cost much: each is refused, or read, within limits of work, memory and disk."""

from __future__ import annotations

import os
import resource
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.targets.apk.axml import Malformed, parse, string_pool
from explorer.targets.apk.dex import Dex
from explorer.targets.apk.guarded import read_untrusted
from explorer.targets.apk.package import read_app
from explorer.targets.apk.work import TooMuchWork, Work
from explorer.targets.error import TargetError

ROOT = Path(__file__).parents[3]
CARELESS = ROOT / "tests/apk/careless.apk"
NONE = 0xFFFFFFFF


def with_files(path: Path, files: dict[str, bytes]) -> Path:
    """The careless package with other files, said to be signed."""
    with zipfile.ZipFile(CARELESS) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            if name not in files:
                out.writestr(name, source.read(name))
        for name, data in ({"META-INF/A.RSA": b"x"} | files).items():
            out.writestr(name, data)
    return path


def header(
    data: bytearray, *, strings: tuple[int, int], types: tuple[int, int] = (0, 0), **more: tuple[int, int]
) -> bytes:
    tables = (strings, types, (0, 0), (0, 0), more.get("methods", (0, 0)), more.get("classes", (0, 0)), (0, 0))
    struct.pack_into("<14I", data, 0x38, *(number for table in tables for number in table))
    return bytes(data)


def many_strings(count: int) -> bytes:
    data = bytearray(b"dex\n" + bytes(0x6C)) + bytearray(4 * count)
    return header(data, strings=(count, 0x70))


def many_classes(count: int) -> bytes:
    """Every class has 65,535 interfaces, which are the same bytes each time."""
    data = bytearray(b"dex\n" + bytes(0x6C))
    string = len(data) + 4
    strings, data = len(data), data + struct.pack("<I", string) + b"\x12checkServerTrusted\0\0"
    types, data = len(data), data + struct.pack("<I", 0)
    methods, data = len(data), data + struct.pack("<HHI", 0, 0, 0)
    listed, data = len(data), data + struct.pack("<I", 65_535) + bytes(2 * 65_535 + 2)
    classes = len(data)
    data += struct.pack("<8I", 0, 0, NONE, listed, 0, 0, classes, 0) * count
    return header(data, strings=(1, strings), types=(1, types), methods=(1, methods), classes=(count, classes))


def test_many_strings_are_refused(tmp_path: Path) -> None:
    path = with_files(tmp_path / "a.apk", {"classes.dex": many_strings(2_100_000)})
    with pytest.raises(TargetError, match="claims to hold 2100000 strings"):
        read_app(path, tmp_path)


def test_classes_that_share_their_interfaces_are_refused(tmp_path: Path) -> None:
    path = with_files(tmp_path / "a.apk", {"classes.dex": many_classes(3_000)})
    with pytest.raises(TargetError, match="takes more work than any real package"):
        read_app(path, tmp_path)


def test_work_is_counted_over_all_parts_of_a_package(tmp_path: Path) -> None:
    files = {f"classes{n}.dex": many_classes(40) for n in range(2, 10)}
    with pytest.raises(TargetError, match="takes more work than any real package"):
        read_app(with_files(tmp_path / "a.apk", files), tmp_path)


def test_large_assets_are_read_in_pieces_and_their_urls_found_at_every_place(tmp_path: Path) -> None:
    url = b'"https://asset%d.desk.test/x"'
    text = b"".join(b" " * (1 << 20) + url % n for n in range(8))
    edges = b"".join((b"\xff" * ((1 << 20) - 10) + b" " + url % n) for n in range(20, 23))
    app = read_app(with_files(tmp_path / "a.apk", {"assets/a.js": text, "assets/b.js": edges}), tmp_path)
    assert {f"asset{n}.desk.test" for n in (*range(8), *range(20, 23))} <= set(app.hosts)


def test_strings_that_share_their_bytes_are_refused() -> None:
    count, long = 5_000, 20_000
    body = struct.pack(f"<{count}I", *[0] * count) + b"\x80\x80" + struct.pack(">H", 0x8000 | long) + b"x" * long
    pool = struct.pack("<HHIIIIII", 1, 28, 28 + len(body), count, 0, 0x100, 28 + 4 * count, 0) + body
    with pytest.raises(Malformed, match="holds strings that are much longer"):
        string_pool(pool, 0, Work())


def test_attributes_that_share_their_bytes_are_refused() -> None:
    element = struct.pack("<HHI", 0x0102, 16, 36) + bytes(8) + struct.pack("<IIHHH", NONE, 0, 20, 20, 65_535) + bytes(6)
    closing = struct.pack("<HHI", 0x0103, 16, 24) + bytes(16)
    body = (element + closing) * 60 + bytes(20 * 65_535)
    tree = struct.pack("<HHI", 3, 8, 8 + 60 * 60) + body
    with pytest.raises(TooMuchWork):
        parse(tree)


def bundle(path: Path, inner: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in inner.items():
            out.writestr(name, data)
    return path


def test_a_compressed_part_is_refused_before_anything_is_unpacked(tmp_path: Path) -> None:
    path = bundle(tmp_path / "a.apks", {"base.apk": CARELESS.read_bytes(), "x.apk": bytes(40 << 20)})
    with pytest.raises(TargetError, match=r"x\.apk is compressed 1\d\d\d to 1"):
        read_app(path, tmp_path / "work")


def test_a_part_is_looked_at_before_the_next_one_is_unpacked(tmp_path: Path) -> None:
    """A limit on the size of a file that the second part would break shows that it is never written."""
    noise = os.urandom(3 << 20)
    path = bundle(tmp_path / "a.apks", {"a.apk": b"no package", "b.apk": noise})
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, old[1]))
    try:
        with pytest.raises(TargetError, match=r"a\.apk inside: this is not an Android package"):
            read_app(path, tmp_path / "work")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def bad_number(path: Path) -> Path:
    """The length of a string is a number that does not end."""
    with zipfile.ZipFile(CARELESS) as source:
        dex = bytearray(source.read("classes.dex"))
    strings, at = struct.unpack_from("<II", dex, 0x38)
    for n in range(strings):
        (where,) = struct.unpack_from("<I", dex, at + 4 * n)
        if n % 7 == 0:
            dex[where : where + 6] = b"\xff" * 6
    return with_files(path, {"classes.dex": bytes(dex)})


def test_a_number_that_does_not_end_is_no_crash(tmp_path: Path) -> None:
    assert read_app(bad_number(tmp_path / "a.apk"), tmp_path).package == "test.careless"
    with zipfile.ZipFile(tmp_path / "a.apk") as source:
        dex = Dex(source.read("classes.dex"))
    assert dex.string(0) == "" and list(dex.strings())


def test_the_process_that_reads_gives_the_same_app_and_leaves_nothing(tmp_path: Path) -> None:
    app = read_untrusted(CARELESS, tmp_path / "work")
    assert app == read_app(CARELESS, tmp_path) and not list((tmp_path / "work").iterdir())
    path = bundle(tmp_path / "a.apks", {"base.apk": CARELESS.read_bytes()})
    parts = read_untrusted(path, tmp_path / "work").parts
    assert [part.path.read_bytes() for part in parts] == [CARELESS.read_bytes()]


LIMITS: dict[str, tuple[str, float]] = {"wall": ("time", 0.001), "memory": ("memory", 1 << 20), "cpu": ("time", 0)}


@pytest.mark.parametrize("limit", LIMITS)
def test_the_process_that_reads_ends_at_its_limits(tmp_path: Path, limit: str) -> None:
    read: Callable[..., object] = read_untrusted
    what, value = LIMITS[limit]
    path = with_files(tmp_path / "a.apk", {"classes2.dex": many_strings(2_000_000)})
    with pytest.raises(TargetError, match=rf"^{path}: reading it takes more {what} than") as caught:
        read(path, tmp_path, **{limit: value})
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == [path]


def test_another_failure_of_the_process_that_reads_is_not_blamed_on_the_package(tmp_path: Path) -> None:
    read: Callable[..., object] = read_untrusted
    with pytest.raises(
        TargetError, match=r"the process that reads it failed \(exit code 1\): ValueError: .*'soon'"
    ) as told:
        read(CARELESS, tmp_path / "work", cpu="soon")
    assert "memory" not in str(told.value) and not list((tmp_path / "work").iterdir())


def test_an_answer_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.targets.apk.guarded.ANSWER", 100)
    with pytest.raises(TargetError, match="holds more text than any real package"):
        read_untrusted(CARELESS, tmp_path / "work")


def test_nothing_is_imported_from_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zipfile.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    assert read_untrusted(CARELESS, tmp_path / "work").package == "test.careless"

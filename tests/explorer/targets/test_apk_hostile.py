"""Files that are no package, or an attack: one clear sentence, and nothing left behind."""

from __future__ import annotations

import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.targets.apk.archive import open_archive
from explorer.targets.apk.package import read_app
from explorer.targets.error import TargetError

ROOT = Path(__file__).parents[3]
SUPPORT = (ROOT / "explorer/lab/android/supportdesk.apk").read_bytes()


def plain_text(path: Path) -> None:
    path.write_text("not a package")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(SUPPORT[: len(SUPPORT) // 2])


def zip_without_package(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("readme.txt", "x")


def unsigned(path: Path) -> None:
    path.write_bytes(SUPPORT)
    with zipfile.ZipFile(path) as signed, zipfile.ZipFile(path.with_suffix(".new"), "w") as out:
        for name in signed.namelist():
            if not name.startswith("META-INF/"):
                out.writestr(name, signed.read(name))
    path.with_suffix(".new").replace(path)


def leaves_its_folder(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("base.apk", SUPPORT)
        out.writestr("../../evil.apk", SUPPORT)


def leaves_its_folder_by_backslash(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("..\\evil.apk", SUPPORT)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("base.apk", "w", force_zip64=True) as entry:
        for _ in range(300):
            entry.write(b"\0" * (1 << 20))


def lying_header(path: Path) -> None:
    """Claims 200 GiB in a few bytes."""
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("base.apk", SUPPORT)
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 0xFFFFFFF0)
    path.write_bytes(bytes(data))


def damaged_inside(path: Path) -> None:
    """The second package of the bundle is cut off, after the first was unpacked."""
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("base.apk", SUPPORT)
        out.writestr("config.de.apk", SUPPORT[:5000])


def only_splits(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("x.apk", b"PK\x05\x06" + b"\0" * 18)


CASES: tuple[tuple[Callable[[Path], None], str], ...] = (
    (plain_text, "this is not an Android package"),
    (empty, "the file is empty"),
    (cut_off, "truncated or damaged"),
    (zip_without_package, "neither a manifest nor an APK"),
    (unsigned, "is not signed"),
    (leaves_its_folder, "leaves its folder"),
    (leaves_its_folder_by_backslash, "leaves its folder"),
    (bomb, "zip bomb"),
    (lying_header, "zip bomb"),
    (damaged_inside, "truncated or damaged"),
    (only_splits, "AndroidManifest.xml is missing"),
)


@pytest.mark.parametrize(("make", "words"), CASES, ids=[make.__name__ for make, _ in CASES])
def test_a_bad_file_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path, work = tmp_path / "bad.apks", tmp_path / "work"
    make(path)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(TargetError, match=words) as caught:
        read_app(path, work)
    assert "\n" not in str(caught.value) and "bad.apks" in str(caught.value)
    assert [p for p in sorted(tmp_path.rglob("*")) if p != work] == before
    assert not work.exists() or not list(work.iterdir())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"nothing\.apk: cannot be read"):
        read_app(tmp_path / "nothing.apk", tmp_path)


@pytest.mark.parametrize("part", ["AndroidManifest.xml", "resources.arsc", "classes.dex"])
def test_no_damage_inside_gets_past_the_sentence(tmp_path: Path, part: str) -> None:
    """Random bytes of each binary part are changed: it may still read, but nothing but TargetError comes out."""
    chance = random.Random(4)
    path = tmp_path / "damaged.apk"
    (tmp_path / "good.apk").write_bytes(SUPPORT)
    refused = 0
    with zipfile.ZipFile(tmp_path / "good.apk") as good:
        files = {name: good.read(name) for name in good.namelist()}
    for _ in range(150):
        data = bytearray(files[part])
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with zipfile.ZipFile(path, "w") as out:
            for name, content in files.items():
                out.writestr(name, bytes(data) if name == part else content)
        try:
            read_app(path, tmp_path)
        except TargetError:
            refused += 1
    assert refused


def test_a_name_that_is_no_utf8_only_in_the_files_own_header_is_told_as_damage(tmp_path: Path) -> None:
    package = tmp_path / "app.apk"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("größe.xml", "<x/>")
    package.write_bytes(package.read_bytes().replace("ö".encode(), b"\xc4(", 1))  # the directory at the end stays whole
    with open_archive(package) as opened, pytest.raises(TargetError, match="cannot be unpacked"):
        opened.read("größe.xml")

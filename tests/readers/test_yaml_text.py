"""YAML of strangers: one sentence, and never more work than its size."""

from __future__ import annotations

from pathlib import Path

import pytest

from readers import yaml_text
from readers.bounded import check
from readers.json_text import loads
from readers.regular import Unreadable, read_bytes

LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
MERGES = "a0: &a0 {k: v}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40))

TEXTS: dict[str, str] = {
    "a day that is none": "a: 2020-13-45",
    "6,000 digits": "a: " + "9" * 6_000,
    "6,000 hexadecimal digits": "a: 0x" + "f" * 6_000,
    "a number to the base 60": "a: 1" + ":59" * 6_000,
    "an infinite number": "a: .inf",
    "20,000 brackets": "a: " + "[" * 20_000,
    "20,000 brackets that close": "[" * 20_000 + "]" * 20_000,
    "20,000 braces": "{a: " * 20_000,
    "20,000 dashes": "- " * 20_000,
    "20,000 keys": "? " * 20_000,
    "aliases of aliases": LAUGHS,
    "merges of merges": MERGES,
    "an alias of itself": "a: &a [*a]",
    "an unknown alias": "a: *b",
    "a truth that is none": "a: !!bool maybe",
    "a moment that is none": "a: !!timestamp maybe",
    "a number that is none": "a: !!int maybe",
    "an object": "a: !!python/object/apply:os.system [true]",
    "a list as key": "? [a]\n: b",
    "a zero byte": "a: \0",
    "two documents": "a: b\n---\nc: d",
    "a long value": "a: " + "x" * 70_000,
    "many values": "- x\n" * 200_000,
    "not closed": "a: [",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_it_is_refused_with_one_line(text: str) -> None:
    with pytest.raises(Unreadable, match=r"\A(is not valid YAML|cannot be read as YAML)[^\n]{1,400}\Z"):
        yaml_text.load(text)


@pytest.mark.parametrize("codec", ["latin-1", "utf-16", "utf-32", "cp1252"])
def test_another_encoding_is_named(tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.yml").write_bytes("name: Jürgen".encode(codec))
    with pytest.raises(Unreadable, match="not UTF-8"):
        yaml_text.read(tmp_path / "a.yml")


def test_ordinary_files_are_read_with_their_anchors_and_byte_order_mark(tmp_path: Path) -> None:
    text = "base: &base {patience: 5, since: 2020-01-02}\nother: {<<: *base, name: Jürgen}\n"
    (tmp_path / "a.yml").write_bytes(text.encode("utf-8-sig"))
    data = yaml_text.read(tmp_path / "a.yml")[1]
    assert data["other"] == {**data["base"], "name": "Jürgen"}


def test_large_files_are_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.yml").open("wb") as file:
        file.truncate(yaml_text.MAX_BYTES + 1)
    with pytest.raises(Unreadable, match="larger than 1 MiB"):
        yaml_text.read(tmp_path / "a.yml")
    with pytest.raises(Unreadable, match="a device or a pipe"):
        read_bytes(Path("/dev/zero"), 10)


def test_json_of_every_shape_is_taken_up_to_a_depth() -> None:
    data = loads('{"a": [1, -2.5, null, true, "ü", {"b": []}]}')
    assert data == {"a": [1, -2.5, None, True, "ü", {"b": []}]}
    check({"a": ({1, 2}, frozenset({"x"}))})
    with pytest.raises(ValueError, match="deeper than"):
        loads("[" * 70 + "]" * 70)

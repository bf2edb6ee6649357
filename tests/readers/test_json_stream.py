"""Large JSON in parts: whatever the blocks, however long a text, wherever it is cut off or damaged."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from readers.json_stream import LONG, MAX_PART, CutOff, NotJson, parts

PATH = ("log", "entries")
DATA: Any = {
    "log": {
        "creator": {"name": 'x "quoted" {'},
        "entries": [{"a": [1, {"b": '}]\\"'}], "é": "\\"}, 5, "s", None, [], {}],
        "comment": "z",
    },
    "after": 1.5,
}


def split(raw: bytes, block: int = 1 << 16) -> list[tuple[str, bytes | None]]:
    return list(parts((raw[at : at + block] for at in range(0, len(raw), block)), PATH))


@pytest.mark.parametrize("block", [1, 2, 3, 17, 4096])
@pytest.mark.parametrize("indent", [None, 2])
def test_the_parts_are_the_same_whatever_the_blocks(block: int, indent: int | None) -> None:
    raw = json.dumps(DATA, indent=indent, ensure_ascii=False).encode()
    found = [(name, json.loads(text or b"")) for name, text in split(raw, block)]
    log = DATA["log"]
    inner = [("entries", element) for element in log["entries"]]
    assert found == [("creator", log["creator"]), *inner, ("comment", "z"), ("after", 1.5)]


def test_a_text_that_is_too_long_keeps_its_beginning_only() -> None:
    text = "é" * LONG
    raw = json.dumps({"log": {"entries": [{"text": text, "after": 1}]}}, ensure_ascii=False).encode()
    [(_, part)] = split(raw, 1000)
    entry = json.loads(part or b"")
    assert entry["after"] == 1
    assert 0 < len(entry["text"]) <= 200
    assert text.startswith(entry["text"])


def test_a_part_that_is_too_large_is_left_out_and_the_next_one_is_not() -> None:
    many = [[0] * 8] * (MAX_PART // 16)
    raw = json.dumps({"log": {"entries": [many, 7]}}).encode()
    assert split(raw) == [("entries", None), ("entries", b"7")]


def test_every_beginning_of_a_file_is_cut_off() -> None:
    raw = json.dumps(DATA).encode()
    for end in range(len(raw)):
        with pytest.raises(CutOff):
            split(raw[:end], 5)


def test_damage_is_a_sentence_or_other_parts() -> None:
    chance = random.Random(7)
    raw = json.dumps(DATA).encode()
    for _ in range(2000):
        damaged = bytearray(raw)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'{}[]",:\\ x1\x00\xff')
        try:
            split(bytes(damaged), 50)
        except NotJson as error:
            assert str(error).startswith("is ")  # noqa: PT017 - either outcome is right


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(NotJson, match="nested deeper"):
        split(b'{"log":{"entries":[' + b"[" * 10_000)

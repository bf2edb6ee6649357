from __future__ import annotations

import json
from importlib import resources

import pytest

from explorer.monitors.logs.finding import LogFinding
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import (
    Entry,
    SignatureBook,
    SignatureError,
    alternatives,
    make_book,
    packaged_files,
    parse_file,
    required_text,
)
from flows.diagnosis import Cause

FILES = packaged_files()
ENTRIES = [(file, entry) for file in FILES.values() for entry in file.signatures]
EXAMPLES = [pytest.param(e, text, id=f"{e.id}-{n}") for _, e in ENTRIES for n, text in enumerate(e.examples)]
COUNTERS = [pytest.param(text, id=f"{e.id}-{n}") for _, e in ENTRIES for n, text in enumerate(e.not_)]


@pytest.fixture(scope="module")
def book() -> SignatureBook:
    return make_book()


def scan(book: SignatureBook, text: str) -> list[LogFinding]:
    scanner = LogScanner(book)
    return [*scanner.feed(text.encode() + b"\n"), *scanner.close()]


@pytest.mark.parametrize(("entry", "text"), EXAMPLES)
def test_each_example_is_told_once_by_its_own_signature(book: SignatureBook, entry: Entry, text: str) -> None:
    (finding,) = scan(book, text)
    if entry.causes:
        assert finding.signature == entry.id
        assert set(entry.causes) <= set(finding.causes)
    assert set(entry.adds) <= set(finding.causes)


@pytest.mark.parametrize("text", COUNTERS)
def test_counter_examples_give_nothing(book: SignatureBook, text: str) -> None:
    assert scan(book, text) == []


@pytest.mark.parametrize("platform", ["android", "ios"])
def test_a_platform_keeps_the_signatures_of_both(platform: str) -> None:
    assert make_book(platform=platform).signatures


def test_every_signature_says_or_adds_a_cause() -> None:
    assert [e.id for _, e in ENTRIES if not e.causes and not e.adds] == []


def test_all_causes_that_a_log_can_tell_have_a_signature() -> None:
    told = {cause for _, entry in ENTRIES for cause in (*entry.causes, *entry.adds)}
    assert told == set(Cause)


def test_the_schema_names_exactly_the_causes_that_there_are() -> None:
    schema = json.loads((resources.files("explorer.monitors") / "log_schema.json").read_text(encoding="utf-8"))
    assert schema["$defs"]["cause"]["enum"] == [str(cause) for cause in Cause]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"Trust ?anchor for cert(?:ification )?path not found", "anchor for cert"),
        (r"net_error -202\b", "net_error -202"),
        (r"(?:a|bc)+", ""),
        (r"one|another", ""),
        (r"x[abc|]yz\.w", "yz.w"),
        (r"colou?r", "colo"),
        (r"a{2}bcd", "bcd"),
    ],
)
def test_required_text_is_in_every_match(pattern: str, text: str) -> None:
    assert required_text(pattern) == text


def test_alternatives_are_cut_outside_brackets_only() -> None:
    assert alternatives(r"a(?:b|c)|d[|]|e\|f") == ["a(?:b|c)", "d[|]", r"e\|f"]


VALID = """
stack: x
platform: any
hints: [SSL]
signatures:
  - {id: one, patterns: [SSL boom], causes: [expired], examples: [SSL boom]}
"""


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("causes: [expired]", "causes: [out-of-date]", "causes"),
        ("patterns: [SSL boom]", "patterns: ['SSL (boom']", "patterns"),
        ("patterns: [SSL boom]", "patterns: ['SSL.*boom']", "patterns"),
        ("examples: [SSL boom]", "examples: []", "examples"),
        ("id: one", "id: One Two", "id"),
        ("stack: x", "stak: x", "stak"),
    ],
)
def test_a_mistake_in_a_file_is_named(old: str, new: str, named: str) -> None:
    with pytest.raises(SignatureError, match=f"mine.yml: .*{named}"):
        parse_file("mine.yml", VALID.replace(old, new))


def test_an_id_must_not_be_given_twice() -> None:
    file = parse_file("mine.yml", VALID)
    with pytest.raises(SignatureError, match="one"):
        make_book({"a.yml": file, "b.yml": file})

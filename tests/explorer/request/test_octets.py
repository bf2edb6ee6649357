"""What forms and scripts write for a text, in octets."""

from __future__ import annotations

import codecs

from explorer.request.octets import FORMS, by_forms, coded, readings


def test_all_encodings_are_known() -> None:
    assert len({codecs.lookup(name).name for name in FORMS}) == len(FORMS)


def test_a_plain_text_is_the_same_in_all_of_them() -> None:
    assert list(by_forms("horse")) == [] and coded("ab") == (b"ab", b"a\0b\0", b"\0a\0b")


def test_each_other_way_comes_once_with_gaps_for_what_an_encoding_lacks() -> None:
    told = list(by_forms("aü€"))
    assert (b"a", b"\xfc", b"\x80") in told and (b"a", b"\xfc", None) in told
    assert len(told) == len(set(told)) and (b"a", b"\xc3\xbc", b"\xe2\x82\xac") not in told


def test_octets_are_read_as_browsers_do() -> None:
    assert readings("ß".encode()) == ("Ã\x9f", "ÃŸ") and readings(b"a") == ("a",)

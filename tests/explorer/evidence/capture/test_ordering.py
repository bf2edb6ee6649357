"""Segments come out in order however they come in; what is missing is told as a hole of its length."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from explorer.evidence.capture.ordering import MOST_WAITING, Ordering

TEXT = bytes(range(200))
Pieces = list[tuple[int, bytes]]


class Taken:
    """What came out: bytes, and holes as None for each byte."""

    def __init__(self, start: int) -> None:
        self.out: list[int | None] = []
        self.ordering = Ordering(self.out.extend, lambda count: self.out.extend([None] * min(count, 1000)))
        self.ordering.begin(start - 1)

    def put(self, at: int, data: bytes, length: int = 0) -> None:
        self.ordering.put(at % (1 << 32), data, length or len(data))


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[int, Pieces]:
    """A text in segments that overlap and repeat, in any order; the numbers may run over the end of 32 bits."""
    start = draw(st.sampled_from([5000, (1 << 32) - 100, (1 << 31) - 50]))
    cuts = sorted({0, len(TEXT), *draw(st.lists(st.integers(0, len(TEXT)), max_size=8))})
    pieces = [(a, TEXT[a : b + draw(st.integers(0, 20))]) for a, b in pairwise(cuts)]
    again = draw(st.lists(st.sampled_from(pieces), max_size=4))
    return start, draw(st.permutations([*pieces, *again]))


@given(shuffled())
def test_any_order_gives_the_text_once(given_: tuple[int, Pieces]) -> None:
    start, pieces = given_
    taken = Taken(start)
    for at, data in pieces:
        taken.put(start + at, data)
    assert taken.out == list(TEXT)
    assert not taken.ordering.lost and not taken.ordering.held


def test_a_lost_segment_becomes_a_hole_when_enough_wait_behind_it() -> None:
    taken = Taken(100)
    taken.put(100, b"ab")
    for n in range(MOST_WAITING + 1):
        taken.put(105 + n, b"x")
    assert taken.out[:6] == [*b"ab", None, None, None, ord("x")]
    assert taken.ordering.lost and len(taken.out) == 5 + MOST_WAITING + 1


def test_at_the_end_what_waits_is_handed_on_behind_its_hole() -> None:
    taken = Taken(100)
    taken.put(103, b"d")
    taken.put(101, b"b")
    taken.ordering.give_up()
    assert taken.out == [None, ord("b"), None, ord("d")]


def test_a_segment_that_the_capture_cut_leaves_a_hole_behind_it() -> None:
    taken = Taken(100)
    taken.put(100, b"ab", 5)
    taken.put(105, b"f")
    assert taken.out == [*b"ab", None, None, None, ord("f")]


def test_an_endless_gap_takes_no_memory() -> None:
    taken = Taken(0)
    for n in range(5_000):
        taken.put(10_000 + 2 * n * 1500, b"z" * 1000)
        assert taken.ordering.held < 400 << 10

"""What was computed for a screen is not computed again, and never told of another screen."""

from __future__ import annotations

from flows.recognise.remembered import remembered


def test_the_same_object_is_asked_about_once_and_an_equal_one_anew() -> None:
    asked: list[list[int]] = []

    @remembered(8)
    def total(numbers: list[int]) -> int:
        asked.append(numbers)
        return sum(numbers)

    one, other = [1, 2], [1, 2]
    assert (total(one), total(one), total(other)) == (3, 3, 3)
    assert [a is one for a in asked] == [True, False]


def test_objects_that_come_and_go_are_never_mixed_up() -> None:
    @remembered(4)
    def name(thing: list[int]) -> str:
        return f"thing {thing[0]}"

    assert [name([number]) for number in range(1_000)] == [f"thing {number}" for number in range(1_000)]


def test_only_the_latest_results_are_kept() -> None:
    asked: list[int] = []

    @remembered(2)
    def seen(thing: list[int]) -> None:
        asked.append(thing[0])

    one, two, three = [1], [2], [3]
    for thing in (one, two, three, three, one):
        seen(thing)
    assert asked == [1, 2, 3, 1]

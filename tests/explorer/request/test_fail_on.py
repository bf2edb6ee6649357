"""What fails a build, as it is written after --fail-on."""

from __future__ import annotations

import pytest

from explorer.request.fail_on import FailOn, parse_fail_on


def test_days_are_read_with_expiring() -> None:
    assert parse_fail_on("expiring=14") == FailOn(frozenset({"expiring"}), 14)
    assert parse_fail_on("expiring").days is None


@pytest.mark.parametrize("text", ["broken", "failed=3", "expiring=soon"])
def test_an_unknown_word_is_an_error_that_lists_the_known_ones(text: str) -> None:
    with pytest.raises(ValueError, match="Known: failed, blocked, tls, degraded, other, expiring"):
        parse_fail_on(text)


def test_more_days_than_any_certificate_lives_are_an_error_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="at most 3650 days"):
        parse_fail_on("expiring=5000")

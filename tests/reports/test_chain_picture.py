from __future__ import annotations

import pytest

from flows.diagnosis import Cause
from reports.chain_picture import common_name, draw
from tests.reports.servers import diagnosis


@pytest.mark.parametrize(
    ("cause", "card", "fault"),
    [
        (Cause.EXPIRED, 0, "expired 3 days before the run"),
        (Cause.HOSTNAME_MISMATCH, 0, "not for a.test"),
        (Cause.SELF_SIGNED, 0, "self-signed, so no authority confirms it"),
        (Cause.INCOMPLETE_CHAIN, 1, "missing"),
        (Cause.UNTRUSTED_CA, 1, "not in Mozilla roots"),
    ],
)
def test_the_certificate_at_fault_is_marked_and_no_other(cause: Cause, card: int, fault: str) -> None:
    assert {n: c.fault for n, c in enumerate(draw(diagnosis("a.test", cause))) if c.fault} == {card: fault}


def test_a_missing_intermediate_breaks_the_line_to_it() -> None:
    cards = draw(diagnosis("a.test", Cause.INCOMPLETE_CHAIN))
    assert [(c.role, c.absent) for c in cards] == [("leaf", False), ("intermediate", True), ("root", True)]
    assert cards[0].link.startswith("✕")


def test_a_sound_chain_has_no_mark() -> None:
    cards = draw(diagnosis("a.test", None))
    assert [c.role for c in cards] == ["leaf", "intermediate", "root"]
    assert not any(c.fault or c.link.startswith("✕") for c in cards)


def test_names_are_read_from_distinguished_names() -> None:
    assert common_name("O=Desk, CN=chat.desk.test") == "chat.desk.test"
    assert common_name("O=Desk") == "O=Desk"
    assert common_name("") == "(no name)"

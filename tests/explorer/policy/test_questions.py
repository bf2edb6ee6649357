"""What a question says before a press takes effect."""

from __future__ import annotations

import pytest

from explorer.policy.questions import costs_money, only_asks_to_send


def test_a_price_counts_where_the_target_is_public() -> None:
    assert costs_money(["This is binding."], strict=False)
    assert costs_money(["One call, 5 €"], strict=True) and not costs_money(["Your order"], strict=True)


@pytest.mark.parametrize(
    ("dialog", "public", "private"),
    [
        ("Send your message?", True, True),
        ("This pages the engineer on duty. Continue?", False, True),
        ("Send it to all 312 members?", False, True),
        ("Delete your account?", False, False),
        ("Your card will be charged.", False, False),
    ],
)
def test_on_a_public_target_a_question_may_ask_whether_to_send_and_nothing_else(
    dialog: str, public: bool, private: bool
) -> None:
    assert only_asks_to_send(dialog, (), public=True) is public
    assert only_asks_to_send(dialog, (), public=False) is private


def test_what_is_allowed_may_be_asked() -> None:
    assert only_asks_to_send("Delete the message?", ("delete",), public=True)
    assert not only_asks_to_send("Delete the message?", ("end",), public=True)

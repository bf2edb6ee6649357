"""Tokens survive what apps do with text, and effects prove what they prove and no more."""

from __future__ import annotations

import random
from urllib.parse import quote_plus, unquote_plus

import pytest

from flows.effects import Effect, EffectKind, new_token, proof_among, tokens_in

TOKEN = new_token(random.Random(1))


def test_a_token_is_found_in_a_sentence_a_file_name_a_query_and_small_letters() -> None:
    for text in (
        f"Trustwalk test {TOKEN}: help",
        f"/files/trustwalk-{TOKEN}.png",
        unquote_plus(quote_plus(f"über {TOKEN}!")),
        f'{{"subject":"{TOKEN.lower()}"}}',
    ):
        assert tokens_in(text) == {TOKEN}


def test_no_word_and_no_part_of_a_longer_one_is_a_token() -> None:
    for text in ("", "Twelve", "TWITTER", f"X{TOKEN}", f"{TOKEN}S", TOKEN[:-1], "TW123456"):
        assert tokens_in(text) == frozenset()


def told(kind: EffectKind, at: float, token: str = TOKEN, request: str = "r") -> Effect:
    return Effect(at, "s", kind, (token,), request, "desk.test", 443, method="POST", status=201)


SENT, TAKEN, LOST = (told(k, at) for k, at in ((EffectKind.SENT, 10), (EffectKind.TAKEN, 11), (EffectKind.LOST, 11)))
SENT_TOO = told(EffectKind.SENT, 10, request="q")
TOLD_TO_OTHERS, TAKEN_BY_OTHERS = (
    Effect(at, "s", kind, (TOKEN,), "t", "watch.test", 443, method="POST", status=204)
    for kind, at in ((EffectKind.SENT, 12), (EffectKind.TAKEN, 13))
)
REFUSED = told(EffectKind.REFUSED, 11)
RETURNED, KEPT = told(EffectKind.RETURNED, 12, request="q"), told(EffectKind.KEPT, 13, request="d")


@pytest.mark.parametrize(
    ("effects", "proof"),
    [
        ((SENT,), None),
        ((SENT, TAKEN), TAKEN),
        ((SENT, TAKEN, RETURNED), RETURNED),
        ((SENT, RETURNED, KEPT), KEPT),
        ((SENT, LOST), None),
        ((SENT, REFUSED), None),
        ((RETURNED,), None),  # it was there before: another run sent it
        ((SENT, told(EffectKind.TAKEN, 10.5), LOST), None),  # one of two requests got lost
        ((SENT, LOST, told(EffectKind.TAKEN, 12)), told(EffectKind.TAKEN, 12)),  # and was sent again
        ((told(EffectKind.SENT, 4), told(EffectKind.TAKEN, 5)), None),  # saved while it was typed
        (
            (told(EffectKind.SENT, 4), SENT_TOO, told(EffectKind.TAKEN, 11)),
            None,
        ),  # saved while it was typed, answered late
        ((SENT, TAKEN, told(EffectKind.LOST, 12, request="draft")), TAKEN),  # what was lost had been sent before
        ((SENT, LOST, TOLD_TO_OTHERS, TAKEN_BY_OTHERS), None),  # a page that reports its failure to a third party
        ((told(EffectKind.SENT, 10, "TWBBBBBB"), told(EffectKind.TAKEN, 11, "TWBBBBBB")), None),
    ],
)
def test_the_strongest_proof_of_what_was_sent_counts(effects: tuple[Effect, ...], proof: Effect | None) -> None:
    assert proof_among(effects, {TOKEN}, since=9) == proof


def test_an_effect_is_told_with_its_server_and_answer() -> None:
    assert TAKEN.told() == "POST desk.test:443 → 201"
    socket = Effect(1, "s", EffectKind.RETURNED, (TOKEN,), "w", "chat.test", 8443)
    assert socket.told() == "a message over a socket to chat.test:8443"

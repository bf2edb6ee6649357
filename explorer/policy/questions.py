"""Judges the questions that a press brings up: whether they name a cost or a loss, or ask only whether to send. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from explorer.policy.public_talk import tells_others
from flows.recognise.acts import costs_or_loses
from flows.recognise.amounts import names_a_price
from flows.recognise.lexicon import TO_SEND, acts_in, acts_named, consists_of


def costs_money(texts: Iterable[str], *, strict: bool) -> bool:
    """Whether one of the texts names a cost or a loss. With `strict`, as on a public target, any price counts."""
    told = list(texts)
    return bool(costs_or_loses(told)) or (strict and any(map(names_a_price, told)))


def only_asks_to_send(dialog: str, allow: Collection[str], *, public: bool) -> bool:
    """Whether a native dialog, which the journey's own control for sending has raised, may be accepted.

    It must name neither a cost nor a loss, and no act beyond those of `allow` (kinds of acts, as `--allow` names them).
    On a public target, the question must ask nothing but whether to send, or name only acts that are allowed, because
    nobody knows what else is asked there."""
    if public and tells_others(dialog) and not {"send", "publish"} <= set(allow):
        return False
    named = acts_named(dialog)
    if public and not consists_of(dialog, TO_SEND) and not (named and named <= set(allow)):
        return False
    if acts_in(dialog) - {"send", "change", "publish"} - set(allow):
        return False
    return not costs_money([dialog], strict=public) or ("payment" in allow and acts_in(dialog) <= set(allow))

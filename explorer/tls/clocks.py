"""Decides whose clock is wrong, ours or one server's, by the clocks of the other servers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from explorer.tls.rule import NOTICEABLE
from flows.diagnosis import Evidence


def compare_clocks(seen: Sequence[Evidence]) -> list[Evidence]:
    """Returns the evidence, with the fact `clock-witnesses` added for each server whose clock counts as wrong.

    A server's clock counts as wrong if it differs from ours, and more of the other hosts agree with our clock than
    with the server's."""
    return [_compared(one, [o for o in seen if o.host != one.host and o.server_clock is not None]) for one in seen]


def _compared(one: Evidence, others: Sequence[Evidence]) -> Evidence:
    told = one.server_clock
    if told is None or abs(told - one.observed_at) < NOTICEABLE:
        return one
    ours = {o.host for o in others if _near(o, one.observed_at)}
    theirs = {o.host for o in others if _near(o, told)}
    if len(ours) <= len(theirs):
        return one
    return replace(one, facts={**one.facts, "clock-witnesses": ", ".join(sorted(ours)[:5])})


def _near(other: Evidence, moment: datetime) -> bool:
    return other.server_clock is not None and abs(other.server_clock - moment) < NOTICEABLE

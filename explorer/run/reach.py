"""What a run may reach, with its target's name looked up."""

from __future__ import annotations

from explorer.request.reach import Reach, reach_of
from explorer.request.resolve import RunOptions
from explorer.tls.connect import Unreachable, resolved

LOOKUP = 5.0
"""Seconds for looking up the target's name."""


async def reach(options: RunOptions) -> Reach:
    """The reach of this run. A target whose name resolves to a private address is private, and so is a
    test system."""
    known: tuple[str, ...] = ()
    own = options.private or options.test_system or options.only_resolved
    if not own:
        try:
            known = await resolved(*options.endpoint, LOOKUP)
        except Unreachable:
            known = ()
    return reach_of(
        options.target,
        options.resolve,
        (*options.allow_origins, *options.login_at),
        addresses=known,
        private=own,
    )

"""What a run may reach, with its target's name looked up."""

from __future__ import annotations

from explorer.request.reach import Reach, reach_of
from explorer.request.resolve import RunOptions
from explorer.tls.connect import Unreachable, resolved

LOOKUP = 5.0
"""Seconds for looking up the target's name."""


async def reach(options: RunOptions) -> Reach:
    """The reach of this run. A target whose name resolves to a private address is private."""
    known: tuple[str, ...] = ()
    if not options.private and not options.only_resolved:
        try:
            known = await resolved(*options.endpoint, LOOKUP)
        except Unreachable:
            known = ()
    return reach_of(
        options.target,
        options.resolve,
        (*options.allow_origins, *options.login_at),
        addresses=known,
        private=options.private or options.only_resolved,
    )

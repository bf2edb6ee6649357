"""Determines which networks a run may reach. For this, the target's name is looked up."""

from __future__ import annotations

from explorer.request.reach import Reach, reach_of
from explorer.request.resolve import RunOptions
from explorer.tls.connect import Unreachable, resolved

LOOKUP = 5.0
"""Timeout for looking up the target's name, in seconds."""


async def reach(options: RunOptions) -> Reach:
    """What this run may reach. The target counts as private if its name resolves to a private address, if it is a test
    system, or if the options say so."""
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

"""A limit on the work that one package may cause: its tables can refer to the same bytes again and again."""

from __future__ import annotations

MOST = 12_000_000
"""Units for one package: strings read, instructions decoded, entries compared. The largest apps need about a half."""


class TooMuchWork(Exception):
    """The package asks for more work than any real one."""


class Work:
    """The work that a package may still cause, in units (see `MOST`)."""

    def __init__(self, most: int = MOST) -> None:
        self.left = most

    def spend(self, units: int = 1) -> None:
        """Count work before it is done. Raises TooMuchWork."""
        self.left -= units
        if self.left < 0:
            raise TooMuchWork

"""Limits the work that reading one package may cause.

The size of a package does not limit this work, because its tables can refer to the same bytes again and again.
"""

from __future__ import annotations

MOST = 12_000_000
"""The units of work that one package may use. The largest apps use about half of them.

Reading a string, decoding an instruction or comparing an entry takes about one unit."""


class TooMuchWork(Exception):
    """Reading the package takes more work than any real package needs."""


class Work:
    """The work that a package may still cause, in units (see `MOST`)."""

    def __init__(self, most: int = MOST) -> None:
        self.left = most

    def spend(self, units: int = 1) -> None:
        """Subtract work that is about to be done. Raises TooMuchWork if not enough is left."""
        self.left -= units
        if self.left < 0:
            raise TooMuchWork

"""Says in a sentence that a run's disk is full, instead of a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CANNOT_EXPLORE = 3


class DiskFull(click.ClickException):
    """Nothing more can be written. The exit code is 3, as for every run that could not explore."""

    exit_code = CANNOT_EXPLORE


@contextmanager
def told_if_full(out: Path) -> Iterator[None]:
    """A context that raises DiskFull if the code in it fails because the disk is full. `out` is the folder of the run.

    The error about the full disk may also be the cause of another error, or one of an exception group."""
    try:
        yield
    except (OSError, BaseExceptionGroup) as error:
        found = _full(error)
        if found is None:
            raise
        raise DiskFull(
            f"The disk is full: {found.filename or out} cannot be written ({found.strerror}). Make room, or name a folder on "
            f"another disk with --out. What had been journalled until then is in {out}."
        ) from error


def _full(error: BaseException) -> OSError | None:
    """The first error about a full disk: `error` itself, one in its group or one of its causes; else None."""
    if isinstance(error, OSError) and error.errno in FULL:
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__, error.__context__)
    return next((found for one in inner if one is not None and (found := _full(one)) is not None), None)

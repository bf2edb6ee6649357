"""Reports a full disk with an error message instead of a traceback."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CANNOT_EXPLORE = 3


class DiskFull(click.ClickException):
    """The disk is full, so the run cannot go on. The exit code is 3, as for every run that could not explore."""

    exit_code = CANNOT_EXPLORE


@contextmanager
def told_if_full(out: Path) -> Iterator[None]:
    """A context manager that raises DiskFull if its body fails because the disk is full. `out` is the run's folder.

    The body may also fail with another error that the full disk caused, or with an exception group that contains it."""
    try:
        yield
    except (OSError, BaseExceptionGroup) as error:
        found = _full(error)
        if found is None:
            raise
        raise DiskFull(
            f"The disk is full: {found.filename or out} cannot be written ({found.strerror}). Make room, or name a "
            f"folder on another disk with --out. The journal in {out} holds what was recorded before that."
        ) from error


def _full(error: BaseException) -> OSError | None:
    """The first error about a full disk: `error`, a member of its group or one of its causes. None if there is none."""
    if isinstance(error, OSError) and error.errno in FULL:
        return error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else (error.__cause__, error.__context__)
    return next((found for one in inner if one is not None and (found := _full(one)) is not None), None)

"""Handles output that cannot be written: a full disk, a closed pipe, a terminal that knows only ASCII."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

UNWRITTEN = 3
"""The exit code if the output cannot be written. Trustwalk uses the same code if this machine lacks something."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EROFS, errno.EBADF})


@contextmanager
def whole_output() -> Iterator[None]:
    """A context manager that exits with an error message and code 3 if the output cannot be written.

    Characters that the terminal's encoding lacks are printed as «?»."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            if sys.stdout is not None:
                _flush()
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _discard()
        with suppress(OSError, ValueError):
            print(f"Error: {error.filename or 'the output'} cannot be written ({error.strerror}).", file=sys.stderr)
        raise SystemExit(UNWRITTEN) from error


def _flush() -> None:
    """Flush stdout now, while an error can still be reported. A closed pipe is no error: its reader wants no more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard()


def _discard() -> None:
    """Send the unwritten output to the null device, so that Python does not complain about it at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

"""The errors that `zipfile` raises for damaged archives."""

from __future__ import annotations

import struct
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    NotImplementedError,
    struct.error,
    OSError,
    ValueError,
    IndexError,
)
"""What `zipfile` raises for damaged archives: among others, for names that are no UTF-8, names that are empty, packing
methods that it does not know, and encrypted files."""

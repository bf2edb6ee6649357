"""Screenshots as data URIs, limited in size, for a page that needs no network."""

from __future__ import annotations

import base64
import io
from pathlib import Path, PurePosixPath

from PIL import Image

MOST_BYTES = 5_000_000
"""Total size of the pictures of one page, in bytes before base64."""
ONE_BYTES = 120_000
"""Pictures larger than this, in bytes, are scaled down."""
WIDTH = 1000
_MAGIC = {b"\xff\xd8\xff": "image/jpeg", b"\x89PN": "image/png"}


class Album:
    """Returns pictures of a run folder until the page is full, and counts the omitted ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._spent = 0
        self.left_out = 0

    def data_uri(self, name: str) -> str:
        """The picture as a data URI. Empty if it is missing, is no picture or is too large, or if the page is full."""
        path = PurePosixPath(name)
        if not name or path.is_absolute() or ".." in path.parts:
            return ""
        try:
            data = (self._folder / path).read_bytes()
        except (OSError, ValueError):
            return ""
        kind = _MAGIC.get(data[:3])
        if kind is None:
            return ""
        if len(data) > ONE_BYTES:
            smaller = _smaller(data)
            kind, data = ("image/jpeg", smaller) if smaller else (kind, data)
        if self._spent + len(data) > MOST_BYTES or len(data) > 4 * ONE_BYTES:
            self.left_out += 1
            return ""
        self._spent += len(data)
        return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _smaller(data: bytes) -> bytes:
    """The picture as a JPEG at most WIDTH pixels wide. Empty if it cannot be read or has too many pixels."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > 40_000_000:
                return b""
            plain = image.convert("RGB")
        height = plain.height * min(WIDTH, plain.width) // plain.width
        plain = plain.crop((0, 0, plain.width, plain.height)).resize((min(WIDTH, plain.width), max(1, height)))
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=70)
        return out.getvalue()
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return b""

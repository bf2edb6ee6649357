"""The documents of every customer of the demo: real files of three kinds."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from explorer.lab.demo.state import StoredFile
from explorer.lab.demo.texts import Texts


def first_documents(texts: Texts) -> list[StoredFile]:
    """A PDF invoice, a text manual and a picture, named in the language of the demo."""
    picture = Image.new("RGB", (480, 240), (231, 240, 247))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 16, 464, 224), outline=(40, 98, 140), width=4)
    draw.text((40, 112), "Fernhill Instruments", fill=(24, 48, 72))
    drawn = {kind: io.BytesIO() for kind in ("PDF", "PNG")}
    for kind, stream in drawn.items():
        picture.save(stream, kind)
    names = texts.documents
    return [
        StoredFile("d1001", f"{names[0]}-2041.pdf", "application/pdf", drawn["PDF"].getvalue(), seeded=True),
        StoredFile("d1002", f"{names[1]}.txt", "text/plain", f"{names[1]}\n{texts.company}\n".encode(), seeded=True),
        StoredFile("d1003", f"{names[2]}.png", "image/png", drawn["PNG"].getvalue(), seeded=True),
    ]

"""Real files for a persona to attach: a picture, a document and a text, made for the run."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

NOTE = "This file was made by a Trustwalk test run. It may be deleted."


def make_attachments(folder: Path, mark: str) -> dict[str, Path]:
    """Write a PNG, a PDF and a TXT into `folder` and return them by suffix (`png`, `pdf`, `txt`).

    `mark` goes into their names, so that copies in the app can be recognised.
    Raises OSError if the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {suffix: folder / f"trustwalk-{mark}.{suffix}" for suffix in ("png", "pdf", "txt")}
    picture = Image.new("RGB", (640, 360), (238, 242, 247))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 24, 616, 336), outline=(60, 90, 140), width=3)
    draw.text((48, 160), NOTE, fill=(30, 40, 60))
    picture.save(made["png"])
    picture.save(made["pdf"])
    made["txt"].write_text(f"{NOTE}\nMark {mark}.\n", encoding="utf-8")
    return made

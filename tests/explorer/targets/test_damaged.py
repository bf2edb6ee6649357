"""Whatever is wrong inside a ZIP archive, `zipfile` complains with one of the errors that count as damage."""

from __future__ import annotations

import io
import random
import zipfile

from explorer.targets.damaged import DAMAGED


def test_each_octet_of_an_archive_may_be_wrong() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("größe.xml", "<manifest/>" * 20)
    refused = set()
    chance = random.Random(7)
    for at in range(len(whole.getvalue())):
        octets = bytearray(whole.getvalue())
        octets[at] = chance.choice([0x00, 0xC4, 0xFF, octets[at] ^ 1])
        try:
            with zipfile.ZipFile(io.BytesIO(octets)) as archive:
                for name in archive.namelist():
                    archive.read(name)
        except DAMAGED as error:
            refused.add(type(error))
    assert {zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError} <= refused

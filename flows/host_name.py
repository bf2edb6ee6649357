"""Host names as they are sent over the wire."""

from __future__ import annotations

import idna


def wire_name(host: str) -> str:
    """Returns a host name in lower case and in ASCII, as browsers send it.

    A name with other characters is encoded by UTS #46 (non-transitional): «groß.de» becomes `xn--gro-7ka.de`, and not
    «gross.de». Raises ValueError (UnicodeError) for a name that cannot be encoded.
    """
    if host.isascii():
        return host.lower()
    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in mapped.split("."))

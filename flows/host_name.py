"""Host names as they are sent over the wire."""

from __future__ import annotations

import idna


def wire_name(host: str) -> str:
    """A host name in lower case, its other scripts encoded as browsers do (UTS #46, non-transitional: «groß.de» is
    `xn--gro-7ka.de` and not «gross.de»). An ASCII name is only lower-cased.

    Raises ValueError (UnicodeError) for a name that cannot be encoded."""
    if host.isascii():
        return host.lower()
    mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
    return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in mapped.split("."))

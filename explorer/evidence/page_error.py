"""Reads the text that Firefox copies from its error page with «Copy text to clipboard».

The text holds the address, the error code, and the chain as served in PEM.
"""

from __future__ import annotations

import re

from explorer.evidence.clean import clean_url
from explorer.evidence.recording import Recording
from explorer.evidence.seen import Seen
from explorer.monitors.browser.netlog import HostLog
from explorer.monitors.browser.requests import endpoint
from explorer.targets.error import TargetError

_ADDRESS = re.compile(r"https://[^\s<>\"']{1,2000}")
_CODE = re.compile(r"\b(?:SSL|SEC|MOZILLA_PKIX)_ERROR_[A-Z_]{1,80}")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]{1,20000}-----END CERTIFICATE-----")
MOST = 1 << 20
"""The maximum size of the text, in bytes."""


def read_page_error(name: str, text: str, now: float) -> Recording:
    """The failure that the error page describes, as a recording of one request.

    `name` is the file's name for messages. `now`, in seconds since the epoch, is used as the time of the failure,
    because the text holds no time.

    Raises TargetError if the text holds no https:// address or no error code.
    """
    address, code = _ADDRESS.search(text), _CODE.search(text)
    if address is None or code is None:
        raise TargetError(
            f"{name}: names no https:// address, or no error code; copy the whole text of Firefox's error page again."
        )
    url = clean_url(address[0])
    host = endpoint(url)
    chain = tuple(found[0] for found in _PEM.finditer(text))[:12]
    seen = Seen("1", now, 0.0, "GET", url, kind="Document", main=True, page="1", error=code[0])
    facts = HostLog(*host, tcp_connected=True, client_hello_sent=True, chain=chain)
    notes = (
        () if chain else ("The text holds no certificates; «Copy text to clipboard» under «Advanced» includes them.",)
    )
    return Recording("Firefox's error page", "Firefox", (seen,), notes, hosts={host: facts})

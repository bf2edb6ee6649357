"""Reads sessions of Fiddler (`.saz`): a zip with three files for each request, `raw/N_c.txt`, `raw/N_s.txt` and `raw/N_m.xml`.

What Fiddler could not do, it tells as an answer of its own: status 502 or 504, a reason that begins with «Fiddler», and a text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from explorer.evidence.clean import LONGEST
from explorer.evidence.proxies.entries import (
    Entry,
    entry,
    message,
    request_line,
    request_part,
    response_part,
    status_line,
    tunnel,
)

PART = re.compile(r"raw[/\\](\d{1,9})_([csm])\.(?:txt|xml)", re.IGNORECASE)
"""The name of a file of a session: its number, and whether it is of the client, the server, or about both."""
_ATTRIBUTE = re.compile(r'\b(ClientBeginRequest|ClientConnected)="([^"]{1,60})"')
_FLAG = re.compile(r'<SessionFlag\s+N="(x-hostip)"\s+V="([^"]{1,60})"', re.IGNORECASE)
_OWN = re.compile(r"fiddler", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_FRACTION = re.compile(r"(\.\d{6})\d+")
"""Fiddler writes times in units of 100 ns."""
MOST_SHOWN = LONGEST - 10
MOST_OF_FILE = 1 << 20
"""How much of each file is read, in bytes: what bodies say behind it is not needed."""
Files = Iterable[tuple[str, Iterator[bytes]]]


def entries(files: Files) -> Iterator[Entry | None]:
    """The requests in the files of an archive, which stand in the order of their numbers. None for one that cannot be read."""
    parts = ((found, _head(blocks)) for name, blocks in files if (found := PART.fullmatch(name)))
    for _, group in groupby(parts, key=lambda part: int(part[0][1])):
        of = {found[2].lower(): data for found, data in group}
        yield _entry(of.get("c", b""), of.get("s", b""), of.get("m", b"").decode("utf-8", "replace"))


def _head(blocks: Iterator[bytes]) -> bytes:
    head = b""
    for block in blocks:
        head += block
        if len(head) >= MOST_OF_FILE:
            break
    return head[:MOST_OF_FILE]


def _entry(client: bytes, server: bytes, about: str) -> Entry | None:
    asked, answered = message(client), message(server)
    method, target, version = request_line(asked.first)
    if not method:
        return None
    url = (
        target
        if "://" in target
        else tunnel(target)
        if method == "CONNECT"
        else f"https://{asked.header('host')}{target}"
    )
    told, status, reason = status_line(answered.first)
    own = status >= 500 and bool(_OWN.match(reason))
    times = dict(_ATTRIBUTE.findall(about))
    started = _FRACTION.sub(r"\1", times.get("ClientBeginRequest") or times.get("ClientConnected") or "")
    return entry(
        started,
        0.0,
        request_part(method, url, asked.headers, asked.body, version),
        response_part(status, answered.headers, told),
        error=_words(answered.body) if own else "",
        address=next((value for _, value in _FLAG.findall(about)), ""),
    )


def _words(body: bytes) -> str:
    """Fiddler's own text, without the tags in it."""
    text = " ".join(html.unescape(_TAG.sub(" ", body[:20_000].decode("utf-8", "replace"))).split())
    shown = text if len(text) <= MOST_SHOWN else f"… {text[2 - MOST_SHOWN :]}"  # the reason stands at the end
    return shown or "Fiddler got no answer"

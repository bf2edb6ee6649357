"""Removes the secrets from a HAR, a net log, a session of a proxy or a log, so that a customer can share it.

The file is read and written in pieces. Therefore its size is not limited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from explorer.evidence.clean import GONE, clean_line
from explorer.evidence.harmless import Rule, each, members
from explorer.evidence.harmless_har import har_rules
from explorer.evidence.harmless_net_log import net_log_rules
from explorer.evidence.proxies.sessions import TOOLS, proxy_entries
from explorer.evidence.sniff import INSTEAD, Kind
from explorer.evidence.source import Source
from explorer.targets.error import TargetError
from explorer.targets.log_file import whole_lines
from readers.json_stream import CutOff, NotJson, loaded, parts
from readers.tnetstring import NotTnetstring

PATHS: Mapping[Kind, tuple[str, ...]] = {Kind.HAR: ("log", "entries"), Kind.NET_LOG: ("events",)}
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY-----")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]{0,30}PRIVATE KEY-----")


_REFUSED: Mapping[Kind, str] = {
    Kind.CERTIFICATES: (
        "holds nothing secret but a private key, which nobody should send; a HAR, a net log or a log can be redacted"
    ),
    Kind.PAGE_ERROR: "is the text of an error page, which is short enough to be read; delete in it what nobody should see",
    Kind.CAPTURE: (
        "is a packet capture, from which secrets cannot be taken out: they may stand in any byte of it. Send what "
        "`trustwalk read FILE` says of it, or a HAR or net log of the same failure that was redacted"
    ),
    Kind.ZIP: "is a zip file that cannot be read from a pipe; give its path, or unpack it",
    Kind.GZIP: "is packed twice; unpack it",
}
"""Kind of file → why it is not redacted, as the rest of a sentence that begins with the file's name.

`INSTEAD` holds the reasons for the other kinds.
"""


def redacted(source: Source, notes: list[str] | None = None) -> Iterator[bytes]:
    """The file without its secrets, piece by piece.

    After the last piece, `notes` holds one sentence for each kind of loss, such as parts that could not be read. Raises
    TargetError for a kind of file that cannot be redacted, and for a damaged file.
    """
    notes = [] if notes is None else notes
    if source.kind is Kind.LOG:
        return _log(source)
    if source.kind is Kind.HAR:
        return _json(source, har_rules(), notes)
    if source.kind is Kind.NET_LOG:
        return _json(source, net_log_rules(), notes)
    if source.kind in TOOLS:
        return _session(source, notes)
    what = _REFUSED.get(source.kind) or INSTEAD[source.kind]
    raise TargetError(f"{source.name}: {what}.")


def shareable_har(document: Mapping[str, Any]) -> dict[str, Any]:
    """A HAR in memory with only what is known to be harmless, by the same rules as those for a file."""
    rules = har_rules()
    log = members({**rules, "entries": each(rules["entries"])})
    return {"log": log(document.get("log"))}


def _log(source: Source) -> Iterator[bytes]:
    blocks = whole_lines(source.blocks)
    first = next(blocks, b"")
    if not first:
        raise TargetError(
            f"{source.name}: the archive holds neither a HAR nor a net log; unpack it and redact each log in it."
        )
    inside = False
    for block in chain([first], blocks):
        told: list[str] = []
        for line in block.decode("utf-8", "replace").split("\n"):
            begins, ends = _KEY_BEGINS.search(line), _KEY_ENDS.search(line)
            told.append(GONE if line and (inside or begins) else clean_line(line))
            inside = not ends and (inside or bool(begins))
        yield "\n".join(told).encode()


def _session(source: Source, notes: list[str]) -> Iterator[bytes]:
    """A session of a proxy as a HAR, since nothing but what the rules of a HAR keep is known to be harmless."""
    tool, entries = proxy_entries(source)
    rules, lost, first = har_rules(), 0, True
    yield b'{"log":{"version":"1.2","creator":' + _dumped({"name": tool, "version": ""}) + b',"entries":['
    try:
        for entry in entries:
            if entry is None:
                lost += 1
                continue
            yield (b"\n" if first else b",\n") + _dumped(rules["entries"](entry))
            first = False
    except (NotJson, NotTnetstring) as error:
        raise TargetError(f"{source.name}: {error}; ask for it again.") from error
    yield b"]}}\n"
    notes.append(f"The result is a HAR, which {tool} and `trustwalk read` open.")
    if entries.cut_off:
        notes.append(_CUT_OFF)
    if lost:
        notes.append(f"{_parts(lost)} left out.")


def _dumped(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _parts(lost: int) -> str:
    one = lost == 1
    return f"{lost} {'part' if one else 'parts'} of the file could not be read and {'is' if one else 'are'}"


_CUT_OFF = "The file is cut off. The result ends at the same place."


def _json(source: Source, rules: Mapping[str, Rule], notes: list[str]) -> Iterator[bytes]:
    """The redacted JSON, piece by piece: the parts that have a rule, in their original order.

    If the file is cut off, the JSON is closed where the file ends. Raises TargetError if the file is damaged.
    """
    *outer, last = PATHS[source.kind]
    opened, before, lost = False, b"", 0
    yield b"{" + b"".join(json.dumps(name).encode() + b":{" for name in outer)
    try:
        for name, text in parts(source.blocks, (*outer, last)):
            data = loaded(text) if name in rules else None
            if data is None:
                lost += name in rules and text != b"null"
                continue
            piece = _dumped(rules[name](data))
            if name == last and not opened:
                yield before + json.dumps(last).encode() + b":["
                opened, before = True, b""
            elif name != last and opened:
                yield b"]"
                opened, before = False, b","
            yield before + b"\n" + (piece if opened else json.dumps(name).encode() + b":" + piece)
            before = b","
    except CutOff:
        notes.append(_CUT_OFF)
    except NotJson as error:
        raise TargetError(f"{source.name}: {error}; ask for it again.") from error
    yield (b"]" if opened else b"") + b"}" * (len(outer) + 1) + b"\n"
    if lost:
        notes.append(f"{_parts(lost)} left out (too large, or not valid JSON).")

"""Rules that remove from a net log everything that is not known to be harmless.

They keep numbers, and the texts that `explorer.evidence.net_log` and `explorer.monitors.browser.netlog` read.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from explorer.evidence.clean import GONE, clean_line
from explorer.evidence.harmless import (
    Rule,
    certificate,
    each,
    header_lines,
    ip_address,
    masked,
    members,
    nothing,
    number,
    text,
    url,
    word,
)

_CONSTANT = re.compile(r"(?:net::)?[A-Za-z][A-Za-z0-9_]{0,80}")
"""A name in the tables of constants. The table of net errors also names the number 0: «net::OK»."""
_ENDPOINT = re.compile(
    r"(?:[a-z_]{1,20}/){0,3}(?:(?:https?|wss?)://)?(?:\[[0-9a-fA-F:.]+\]|[\w.-]{1,253})(?::\d{1,5})?(?=/?(?: |$))"
)
"""A host, usually with a port: alone, or at the start of a socket group's name (`ssl/https://host:port <…>`)."""
_TICKS = word(r"\d{1,16}(?:\.\d{1,6})?")
_METHOD = re.compile(r"([A-Z-]{1,20}) ")


def net_log_rules() -> Mapping[str, Rule]:
    """The rules for the members of a net log, by name.

    The rule «events» applies to each event.
    """
    return {"constants": _constants, "events": _event}


def _constants(value: Any) -> Any:
    """A rule for the constants of a net log: it removes whatever might be about the user.

    It keeps only the tables of names and their numbers, the time at which the log's clock was 0, and the client's name,
    version and operating system.
    """
    if not isinstance(value, Mapping):
        return masked(value)
    told: dict[str, Any] = {}
    for name, one in value.items():
        if name == "clientInfo":
            told[name] = members({"name": text, "version": text, "os_type": text})(one)
        elif name == "timeTickOffset":
            told[name] = _ticks(one)
        elif isinstance(one, Mapping) and _CONSTANT.fullmatch(name):
            told[name] = {k: n for k, n in one.items() if isinstance(n, int) and _CONSTANT.fullmatch(k)}
    return told


def _event(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return masked(value)
    rules = {"type": number, "phase": number, "time": _ticks, "source": _source, "params": _param}
    return members(rules)(value)


def _ticks(value: Any) -> Any:
    return number(value) if not isinstance(value, str) else _TICKS(value)


_source = members({"id": number, "type": number, "start_time": _ticks})


def _param(value: Any) -> Any:
    """A rule for event parameters: those in `_RULES` have rules of their own, and of the others only numbers are kept.

    Most of a net log is numbers, and they tell what failed.
    """
    if isinstance(value, Mapping):
        return {_name(name): _RULES.get(name, _param)(one) for name, one in value.items()}
    return [_param(one) for one in value] if isinstance(value, list) else number(value)


def _name(name: str) -> str:
    return clean_line(name) if re.fullmatch(r"[A-Za-z_][\w.-]{0,60}", name) else GONE


def _alert(decode: Any) -> Rule:
    """A rule that keeps bytes only if they are one TLS alert (RFC 8446, section 6).

    The two bytes of an alert tell why a handshake failed. `decode` turns the text in the log into bytes.
    """

    def kept(value: Any) -> Any:
        try:
            data = decode(value) if isinstance(value, str) else b""
        except (ValueError, binascii.Error):
            return masked(value)
        return value if len(data) == 2 and data[0] in (1, 2) and len(value) == 4 else masked(value)

    return kept


def _first_address(value: Any) -> Any:
    """A rule for a list of addresses in one text: it keeps only the first, which is the page's.

    The others are removed, because one of them may be a nonce.
    """
    first = value.split(" ")[0] if isinstance(value, str) else ""
    return url(first) if "://" in first else first if first == "null" else masked(value)


def _endpoint(value: Any) -> Any:
    found = _ENDPOINT.match(value) if isinstance(value, str) else None
    return found[0] if found else masked(value)


def _line(value: Any) -> Any:
    """A rule for the first line of a request: it keeps only the method."""
    method = _METHOD.match(value) if isinstance(value, str) else None
    return f"{method[1]} {GONE}" if method else masked(value)


_RULES: Mapping[str, Rule] = {
    "url": url,
    "method": word(r"[A-Z-]{1,20}"),
    "request_type": word(r"[a-z -]{1,30}"),
    "initiator": _first_address,
    "network_isolation_key": _first_address,
    "headers": header_lines,
    "cookies": nothing,
    "line": _line,
    **dict.fromkeys(("proxy_info", "pac_string", "errors"), text),
    **dict.fromkeys(("host_and_port", "host_port", "endpoint", "group_id", "destination"), _endpoint),
    **dict.fromkeys(("address", "remote_address"), ip_address),
    "version": word(r"(?:D?TLS|SSL|QUIC) ?v?[\d.]{1,5}"),
    "certificates": each(certificate),
    "bytes": _alert(lambda value: base64.b64decode(value, validate=True)),
    "hex_encoded_bytes": _alert(bytes.fromhex),
}
"""Event parameter → its rule. These are the parameters whose texts Trustwalk reads."""

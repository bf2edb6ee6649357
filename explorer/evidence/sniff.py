"""Tells by its first bytes what a file is. Names and extensions decide nothing: mail programs change them. Pure."""

from __future__ import annotations

import json
import re
from enum import StrEnum

HEAD = 64 << 10
"""How many bytes are looked at."""


class Kind(StrEnum):
    """What a file is."""

    HAR = "har"
    NET_LOG = "net-log"
    CERTIFICATES = "certificates"
    PAGE_ERROR = "page-error"  # what Firefox copies from its error page
    JSON = "json"  # that is no HAR, net log or log
    LOG = "log"
    EMPTY = "empty"
    ZIP = "zip"
    GZIP = "gzip"
    CAPTURE = "capture"
    FIDDLER = "fiddler"
    CHARLES = "charles"  # as JSON
    CHARLES_ZIP = "charles-zip"
    CHARLES_BINARY = "charles-binary"
    MITMPROXY = "mitmproxy"
    COMMAND = "command"  # what browsers copy as cURL, fetch or PowerShell
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


READABLE = (
    "a HAR, a Chrome net log, a packet capture, a session of Fiddler, Charles or mitmproxy, certificates (PEM, DER, PKCS#7, "
    "PKCS#12), Firefox's error page as text, or a log"
)

INSTEAD: dict[Kind, str] = {
    Kind.EMPTY: "is empty; ask for the file again",
    Kind.CHARLES_BINARY: (
        "is a session of Charles in a format that only Charles reads; open it there and export it as JSON (.chlsj) or HAR"
    ),
    Kind.COMMAND: (
        "is a request as a command (copied as cURL, fetch or PowerShell), which does not tell how it failed; ask for «Copy all as "
        "HAR» of the same menu"
    ),
    Kind.ARCHIVE: (
        "is an archive that cannot be read as it is; unpack it and give the file in it that you want read. "
        "Of a sysdiagnose or a .logarchive, `log show --archive FILE > log.txt` on a Mac makes a log"
    ),
    Kind.JSON: (
        "is JSON, but neither a HAR, nor a net log, nor a log with one object on each line; export the HAR or the net log "
        "again, as the browser writes it"
    ),
    Kind.UNKNOWN: f"is nothing that can be read; give {READABLE}",
}
"""What is said about a file that cannot be read: the rest of a sentence that begins with its name."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
"""What tells how deep a place in JSON is: texts, of which the last may be cut off, and brackets."""
_OPENS = re.compile(rb"\s*+:\s*+\{")
_JSON = re.compile(rb'\s*+(?:\{|\[\s*+[{\["\]])')
"""How JSON begins. A line of a log may begin with a time or a level in brackets, too."""
_CHARLES = re.compile(
    rb'^\s*(?:\[\s*\{\s*"status"\s*:\s*"[A-Z_]+"|\{\s*"status"\s*:\s*"[A-Z_]+"\s*,\s*"method"\s*:\s*"[A-Z]+")'
)
"""A list of transactions, or one of them."""
_JAVA = b"\xac\xed\x00\x05"
"""How serialised objects of Java begin."""
_MITMPROXY = re.compile(rb"^\d{1,12}:\d{1,3}:[a-z_]{1,40}[;,]\d{1,12}:")
"""A tagged netstring whose first member is a name."""
_PEM = re.compile(rb"-----BEGIN (?:TRUSTED |X509 )?(?:CERTIFICATE|PKCS7|(?:RSA |EC |ENCRYPTED )?PRIVATE KEY)-----")
_COMMAND = re.compile(
    rb"\s*(?:curl (?:'https?:|\^?\"https?:|--)|(?:await )?fetch\(\s*[\"']https?:|\$session = New-Object Microsoft\.PowerShell|"
    rb"Invoke-WebRequest )"
)
_OUTPUT = re.compile(rb"(?m)^(?:curl: \(\d|[*<>] |HTTP/\d)|net::ERR_|rror:")
"""What stands below a command that somebody ran: then it is a log."""
_LOGGED = re.compile(rb"(?m)^\[?(?:\d{2,4}[-/.]\d\d[-/. T]|[A-Z][a-z]{2} +\d{1,2} \d\d:)")
"""A line of a log: it begins with a time. Logs may hold certificates, too."""
_PAGE_ERROR = re.compile(rb"\b(?:SSL|SEC|MOZILLA_PKIX)_ERROR_[A-Z_]+")
_CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")


def kind_of(head: bytes) -> Kind:
    """What a file is, by its first `HEAD` bytes, in UTF-8."""
    body = head.removeprefix(b"\xef\xbb\xbf")
    if not body.strip():
        return Kind.EMPTY
    if body[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return Kind.ZIP
    if body[:2] == b"\x1f\x8b":
        return Kind.GZIP
    if body[:4] in _CAPTURES:
        return Kind.CAPTURE
    if body[257:262] == b"ustar" or body[:6] in (b"7z\xbc\xaf'\x1c", b"\xfd7zXZ\x00") or body[:4] == b"Rar!":
        return Kind.ARCHIVE
    if _CHARLES.search(body):
        return Kind.CHARLES
    if body.startswith(_JAVA):
        return Kind.CHARLES_BINARY
    if _JSON.match(body) and not _is_binary(body):
        return _kind_of_json(body)
    if _MITMPROXY.search(body):
        return Kind.MITMPROXY
    if _COMMAND.match(body) and not _OUTPUT.search(body):
        return Kind.COMMAND
    pem = _PEM.search(body)
    if pem and not _LOGGED.search(body[: pem.start()]):
        return Kind.PAGE_ERROR if _PAGE_ERROR.search(body[: pem.start()]) else Kind.CERTIFICATES
    if _is_der(body):
        return Kind.CERTIFICATES
    return Kind.UNKNOWN if _is_binary(body) else Kind.LOG


def _kind_of_json(body: bytes) -> Kind:
    """What JSON is, by the members of its outermost object. Logs are JSON, too, if each line is an object."""
    depth = 0
    for token in _TOKEN.finditer(body):
        found = token[0]
        if found in (b"{", b"["):
            depth += 1
        elif found in (b"}", b"]"):
            depth -= 1
            if depth <= 0:
                break
        elif depth == 1 and found in (b'"log"', b'"constants"') and _OPENS.match(body, token.end()):
            return Kind.HAR if found == b'"log"' else Kind.NET_LOG
    return Kind.LOG if _is_a_line_each(body) else Kind.JSON


def _is_a_line_each(body: bytes) -> bool:
    """Whether each complete line is a JSON object, or the first is one that describes the report after it (Apple's .ips)."""
    lines = [line for line in body.split(b"\n")[:-1] if line.strip()]
    if len(lines) < 2 or not _is_object(lines[0]):
        return False
    return lines[1].strip() == b"{" or all(map(_is_object, lines))


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _is_der(body: bytes) -> bool:
    """Whether it begins as a SEQUENCE of DER or BER whose first member is a SEQUENCE, an OID or a small number: as a certificate,
    PKCS#7 or PKCS#12 does."""
    if body[:1] != b"\x30" or len(body) < 8:
        return False
    size = body[1]
    start = 2 if size < 0x80 else 2 + (size & 0x7F)
    return (size == 0x80 or 0x81 <= size <= 0x84) and body[start : start + 1] in (b"\x30", b"\x06", b"\x02")


def _is_binary(body: bytes) -> bool:
    """Whether it cannot be text: it holds NULs without being UTF-16, or mostly control characters."""
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = body[:4096]
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return b"\x00" in sample or controls * 20 > len(sample)

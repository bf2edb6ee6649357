"""Recognises the kind of a file by its first bytes. Pure.

The file's name and extension are ignored, because mail programs change them.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum

HEAD = 64 << 10
"""How many bytes at the beginning of a file are examined."""


class Kind(StrEnum):
    """The kinds of files that are recognised."""

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
"""Kind of file → why it cannot be read, as the rest of a sentence that begins with the file's name."""

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
"""A string or a bracket in JSON, to count the nesting depth. The last string may be cut off."""
_OPENS = re.compile(rb"\s*+:\s*+\{")
_JSON = re.compile(rb'\s*+(?:\{|\[\s*+[{\["\]])')
"""The beginning of JSON. A lone «[» is not enough, because a log line may begin with a time or level in brackets."""
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
"""The time at the beginning of a log line. It distinguishes a log with certificates in it from a certificate file."""
_PAGE_ERROR = re.compile(rb"\b(?:SSL|SEC|MOZILLA_PKIX)_ERROR_[A-Z_]+")
_CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")


def kind_of(head: bytes) -> Kind:
    """The kind of a file by its first `HEAD` bytes.

    Text must be in UTF-8.
    """
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
    """The kind of a JSON file: a HAR or a net log by a member of its outermost object, a log, or other JSON.

    It is a log if each line is an object.
    """
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
    """Whether each complete line is a JSON object, as in a log.

    Apple's .ips reports count as well: their first line is an object that describes the report after it.
    """
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
    """Whether the bytes look like a certificate, PKCS#7 or PKCS#12 in DER or BER.

    They must begin with a SEQUENCE whose first member is a SEQUENCE, an OID or an INTEGER.
    """
    if body[:1] != b"\x30" or len(body) < 8:
        return False
    size = body[1]
    start = 2 if size < 0x80 else 2 + (size & 0x7F)
    return (size == 0x80 or 0x81 <= size <= 0x84) and body[start : start + 1] in (b"\x30", b"\x06", b"\x02")


def _is_binary(body: bytes) -> bool:
    """Whether the bytes are binary data, and not text.

    Binary data holds a NUL, or more than 5 % control characters. Bytes with a UTF-16 byte order mark count as text.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    sample = body[:4096]
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in sample)
    return b"\x00" in sample or controls * 20 > len(sample)

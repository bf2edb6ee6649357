"""Session files of proxies as these write them, built from a line for each request."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

HOST = "tickets.shop.example"
URL = f"https://{HOST}/v1/tickets"
REFUSED = (
    f"[Fiddler] The connection to '{HOST}' failed.  <br />System.Security.SecurityException Failed to negotiate HTTPS connection "
    f"with server.fiddler.network.https&gt; HTTPS handshake to {HOST} (for #3) failed. System.Security.Authentication."
    "AuthenticationException The remote certificate is invalid according to the validation procedure."
)

Transaction = dict[str, Any]


def fiddler(
    number: int,
    url: str = URL,
    status: str = "HTTP/1.1 200 OK",
    *,
    method: str = "GET",
    body: str = "",
    sent: str = "",
    headers: str = "",
) -> dict[str, bytes]:
    """The three files of one request of Fiddler."""
    about = (
        f'<?xml version="1.0" encoding="utf-8"?>\r\n<Session SID="{number}" BitFlags="1">\r\n  <SessionTimers ClientConnected='
        f'"2026-11-30T09:50:{number:02}.1234567+01:00" ClientBeginRequest="2026-11-30T09:50:{number:02}.2345678+01:00" />\r\n  '
        '<SessionFlags>\r\n    <SessionFlag N="x-clientip" V="127.0.0.1" />\r\n    <SessionFlag N="x-hostip" V="192.0.2.7" />\r\n'
        "  </SessionFlags>\r\n</Session>"
    )
    host = url.split("/")[2].rpartition("@")[2] if "://" in url else url
    asked = f"{method} {url} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n{sent}"
    answered = f"{status}\r\nContent-Type: text/html\r\nDate: Mon, 30 Nov 2026 08:50:00 GMT\r\n{headers}\r\n{body}"
    return {
        f"raw/{number}_c.txt": asked.encode(),
        f"raw/{number}_s.txt": answered.encode(),
        f"raw/{number}_m.xml": about.encode(),
    }


def saz(*requests: Mapping[str, bytes], more: Mapping[str, bytes] | None = None) -> bytes:
    """A session of Fiddler, its files in the order in which Fiddler packs them: by name."""
    files = {"_index.htm": b"<html></html>", "[Content_Types].xml": b"<Types/>", **(more or {})}
    for each in requests:
        files |= each
    return zipped({name: files[name] for name in sorted(files)})


def streamed(files: Iterable[tuple[str, bytes]], size: int = 1000) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Files with their contents in pieces, as they come out of an archive."""
    for name, data in files:
        yield name, (data[at : at + size] for at in range(0, len(data), size))


def zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def charles(url: str = URL, status: int = 200, *, method: str = "GET", error: str = "", **more: Any) -> Transaction:
    """A transaction of Charles."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    path, _, query = path.partition("?")
    kind = [{"name": "Content-Type", "value": "application/json"}]
    return {
        "status": "FAILED" if error else "COMPLETE",
        "method": method,
        "protocolVersion": "HTTP/1.1",
        "scheme": scheme,
        "host": host,
        "actualPort": 443,
        "path": slash + path,
        "query": query or None,
        "tunnel": method == "CONNECT",
        "remoteAddress": f"{host}/192.0.2.7",
        "times": {"start": "2026-11-30T09:50:00.250+01:00"},
        "durations": {"total": 120, "ssl": 20},
        **({"errorMessage": error} if error else {}),
        "request": {"header": {"headers": kind}, "body": {"text": '{"subject": "x", "message": "y"}'}},
        "response": {} if error else {"status": status, "header": {"headers": kind}, "body": {"text": "{}"}},
        **more,
    }


def chlsj(*transactions: Transaction) -> bytes:
    return json.dumps(list(transactions)).encode()


def tnetstring(value: Any) -> bytes:
    """A value as a tagged netstring, as mitmproxy writes it."""
    match value:
        case None:
            body, kind = b"", b"~"
        case bool():
            body, kind = (b"true" if value else b"false"), b"!"
        case int():
            body, kind = str(value).encode(), b"#"
        case float():
            body, kind = repr(value).encode(), b"^"
        case str():
            body, kind = value.encode(), b";"
        case bytes():
            body, kind = value, b","
        case dict():
            body, kind = b"".join(tnetstring(each) for pair in value.items() for each in pair), b"}"
        case _:
            body, kind = b"".join(map(tnetstring, value)), b"]"
    return str(len(body)).encode() + b":" + body + kind


def flow(
    path: str = "/v1/tickets", status: int = 200, *, error: str = "", host: str = HOST, name: str = HOST, **more: Any
) -> dict[str, Any]:
    """A flow of mitmproxy, with the members that matter."""
    began = 1_796_000_000.25
    request = {
        "path": path.encode(),
        "authority": b"",
        "scheme": b"https",
        "method": b"POST",
        "port": 443,
        "host": host,
        "timestamp_end": began + 0.1,
        "timestamp_start": began,
        "content": b'{"subject": "x", "message": "y"}',
        "headers": [[b"Host", name.encode()], [b"Content-Type", b"application/json"]],
        "http_version": b"HTTP/1.1",
        **more.pop("request", {}),
    }
    answer = {
        "reason": b"OK",
        "status_code": status,
        "timestamp_end": began + 0.5,
        "timestamp_start": began + 0.3,
        "content": b"{}",
        "headers": [[b"Content-Type", b"application/json"]],
        "http_version": b"HTTP/1.1",
    }
    return {
        "websocket": None,
        "response": None if error else answer,
        "request": request,
        "error": {"msg": error, "timestamp": began + 0.5} if error else None,
        "server_conn": {"peername": ["192.0.2.7", 443], "sni": HOST},
        "version": 21,
        "type": "http",
        **more,
    }


def flows(*each: Mapping[str, Any]) -> bytes:
    return b"".join(map(tnetstring, each))

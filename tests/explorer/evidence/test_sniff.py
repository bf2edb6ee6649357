"""What a file is, is told by its content, whatever it is called and however it is packed."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from explorer.evidence.sniff import Kind, kind_of
from explorer.evidence.source import opened
from explorer.targets.error import TargetError
from tests.explorer.evidence.hars import har, page
from tests.explorer.evidence.proxies.sessions import fiddler, saz, zipped

HAR = har([page()])
LINE = "11-23 10:00:00.100  2000  2001 I wifi: nothing of note\n"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

HEADS = {
    b"": Kind.EMPTY,
    b" \n": Kind.EMPTY,
    HAR: Kind.HAR,
    b'{"$schema": "x", "log": {"version": "1.2"}}': Kind.HAR,
    b'{"v": 1, "_meta": {"log": {}, "x": ["}\\""]}, "log": {"version": "1.2"}}': Kind.HAR,
    b'{"constants": {"a": 1}}': Kind.NET_LOG,
    b'{"events": [], "constants": {"a": 1}}': Kind.NET_LOG,
    b'[{"log": {"entries": []}}]': Kind.JSON,
    b'{"a": {"log": {"entries": []}}}': Kind.JSON,
    b'{"cookies": [{"name": "sid"}]}\n': Kind.JSON,
    b'{"level": "info"}\n{"level": "warn"}\n{"lev': Kind.LOG,
    b'{"level": "info"}\n"warn"\n': Kind.JSON,
    b'{"app_name": "Shop"}\n{\n  "pid": 7\n}\n': Kind.LOG,
    b"[1130/085000.100:ERROR:ssl_client_socket_impl.cc(902)] handshake failed\n": Kind.LOG,
    b"curl 'https://a.test/x' \\\n  -H 'accept: */*' \\\n  --compressed": Kind.COMMAND,
    b'curl ^"https://a.test/x^" ^\n  -H ^"accept: */*^"': Kind.COMMAND,
    b'fetch("https://a.test/x", {\n  "method": "POST"\n});': Kind.COMMAND,
    b"$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\nInvoke-WebRequest": Kind.COMMAND,
    b"curl 'https://a.test/x'\ncurl: (60) SSL certificate problem: certificate has expired\n": Kind.LOG,
    b"[Error] Failed to load resource: The certificate for this server is invalid.\n": Kind.LOG,
    b'[{"status": "COMPLETE"}]': Kind.CHARLES,
    b'{"status": "FAILED", "method": "GET"}': Kind.CHARLES,
    b"\xac\xed\x00\x05sr\x00\x1dcom.xk72.charles": Kind.CHARLES_BINARY,
    b"2109:9:websocket;0:~8:response;5:": Kind.MITMPROXY,
    b"\xd4\xc3\xb2\xa1\x02\x00": Kind.CAPTURE,
    b"\x0a\x0d\x0d\x0a\x00\x00": Kind.CAPTURE,
    PEM.encode(): Kind.CERTIFICATES,
    b"subject=CN = shop.example\n" + PEM.encode(): Kind.CERTIFICATES,
    b"https://x.example/\nError code: SEC_ERROR_UNKNOWN_ISSUER\n" + PEM.encode(): Kind.PAGE_ERROR,
    LINE.encode(): Kind.LOG,
    LINE.encode() + PEM.encode(): Kind.LOG,
    b"Traceback (most recent call last):\n": Kind.LOG,
    b"\x7fELF\x02\x01\x01\x00\x00": Kind.UNKNOWN,
    b"\x89PNG\r\n\x1a\n\x00\x00": Kind.UNKNOWN,
    b"7z\xbc\xaf'\x1c\x00": Kind.ARCHIVE,
}


@pytest.mark.parametrize(("head", "kind"), HEADS.items(), ids=[f"{n}-{kind}" for n, kind in enumerate(HEADS.values())])
def test_a_kind_is_told_by_its_first_bytes(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind


def packed(data: bytes, how: str) -> bytes:
    if how == "gzip":
        return gzip.compress(data)
    if how == "zip":
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("notes.txt", "Please find the file enclosed.")
            archive.writestr("session", data)
        return file.getvalue()
    text = data.decode()
    return {"utf-16": text.encode("utf-16"), "utf-8 with a mark": b"\xef\xbb\xbf" + data}.get(how, data)


@pytest.mark.parametrize("how", ["plain", "gzip", "zip", "utf-16", "utf-8 with a mark"])
def test_a_har_is_found_in_every_packing(how: str, tmp_path: Path) -> None:
    (tmp_path / "file.dat").write_bytes(packed(HAR, how))
    with opened(str(tmp_path / "file.dat"), io.BytesIO()) as source:
        assert source.kind is Kind.HAR
        assert b"".join(source.blocks) == HAR


@pytest.mark.parametrize("how", ["plain", "gzip", "utf-16"])
def test_standard_input_is_opened_too(how: str) -> None:
    with opened("-", io.BytesIO(packed(HAR, how))) as source:
        assert source.kind is Kind.HAR
        assert b"".join(source.blocks) == HAR


@pytest.mark.parametrize("data", [b"PK\x03\x04damaged", b"\x1f\x8bdamaged"])
def test_a_damaged_archive_is_said_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(TargetError, match=r"damaged|truncated"), opened(str(tmp_path / "x"), io.BytesIO()) as source:
        b"".join(source.blocks)


def test_names_in_an_archive_that_nobody_can_read_are_said_in_a_sentence(tmp_path: Path) -> None:
    packed = bytearray(saz(fiddler(1)))
    at = packed.index(b"raw/1_c.txt")
    packed[at - 24 + 1] |= 0x08  # says that the name is UTF-8
    packed[at] = 0xFF
    (tmp_path / "x.saz").write_bytes(packed)
    with (
        pytest.raises(TargetError, match="cannot be unpacked"),
        opened(str(tmp_path / "x.saz"), io.BytesIO()) as source,
    ):
        for _, blocks in source.files:
            list(blocks)


def test_a_file_without_a_name_in_an_archive_is_said_in_a_sentence(tmp_path: Path) -> None:
    packed = bytearray(zipped({"a": b"x"}))
    at = packed.index(b"PK\x01\x02")
    packed[at + 28] = 0  # the length of the name
    (tmp_path / "x").write_bytes(packed)
    with pytest.raises(TargetError, match="damaged"), opened(str(tmp_path / "x"), io.BytesIO()):
        pass


def test_a_folder_and_a_missing_file_are_said_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing"):
        with pytest.raises(TargetError), opened(str(path), io.BytesIO()):
            pass
